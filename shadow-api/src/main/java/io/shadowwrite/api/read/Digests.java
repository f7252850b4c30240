package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.protocol.BucketDigest;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.postgresql.replication.LogSequenceNumber;

/** The current rows of a model as sums by bucket, in one scan. Thread-safe. */
final class Digests {

    private final ReadDatabase database;
    private final Snapshots snapshots;

    Digests(ReadDatabase database, Snapshots snapshots) {
        this.database = database;
        this.snapshots = snapshots;
    }

    ModelDigest of(ReadModel model, LogSequenceNumber asOf, int bucketBits, DigestHash hash) {
        if (bucketBits < 1 || bucketBits > RowHash.MOST_BUCKET_BITS) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "bucket_bits is 1 to " + RowHash.MOST_BUCKET_BITS);
        }
        RowHash rowHash = rowHash(hash);
        return snapshots.scanning(asOf, snapshot -> {
            List<BucketDigest> buckets = database.jdbc()
                    .sql(model.sql().digest(rowHash, bucketBits))
                    .query((row, _) -> bucket(row))
                    .list();
            long rows = buckets.stream().mapToLong(BucketDigest::count).sum();
            return new ModelDigest(snapshot.position(), model.name(), hash, bucketBits, probe(rowHash), rows, buckets);
        });
    }

    private static RowHash rowHash(DigestHash hash) {
        return switch (hash) {
            case MD5 -> RowHash.MD5;
            case SERVER -> RowHash.SERVER;
        };
    }

    private List<String> probe(RowHash hash) {
        return database.jdbc().sql(hash.probe()).query((row, _) -> longs(row)).single();
    }

    private static List<String> longs(ResultSet row) throws SQLException {
        List<String> longs = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            longs.add(hex(row.getLong(i)));
        }
        return longs;
    }

    private static BucketDigest bucket(ResultSet row) throws SQLException {
        return new BucketDigest(row.getInt(1), row.getLong(2), wrapped(row, 3), wrapped(row, 4));
    }

    /** The server sums without bound; both sides of a comparison wrap alike. */
    private static String wrapped(ResultSet row, int column) throws SQLException {
        BigDecimal sum = Objects.requireNonNull(row.getBigDecimal(column));
        return hex(sum.toBigInteger().longValue());
    }

    private static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }
}
