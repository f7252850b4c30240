package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.fit.Misfit;
import io.shadowwrite.contract.fit.TargetFit;
import io.shadowwrite.protocol.BucketDigest;
import io.shadowwrite.protocol.BucketRows;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TargetProbe;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.postgresql.replication.LogSequenceNumber;

/** Rows as sums by bucket, in one scan, and as one hash each for some of the buckets. Thread-safe. */
public final class Digests {

    private final ReadDatabase database;
    private final Snapshots snapshots;

    /**
     * What is hashed.
     *
     * @param model for the answer
     * @param parameters of the rows' query
     */
    public record Subject(String model, HashedRows rows, List<String> parameters) {}

    public Digests(ReadDatabase database, Snapshots snapshots) {
        this.database = database;
        this.snapshots = snapshots;
    }

    /**
     * All rows as sums by bucket.
     *
     * @throws ShadowProblem of {@link Snapshots}, or MALFORMED_REQUEST
     */
    public ModelDigest of(Subject subject, LogSequenceNumber asOf, int bucketBits, DigestHash hash) {
        checkBits(bucketBits);
        RowHash rowHash = rowHash(hash);
        return snapshots.scanning(asOf, snapshot -> {
            List<BucketDigest> buckets = database.jdbc()
                    .sql(subject.rows().sums(rowHash, bucketBits))
                    .params(subject.parameters())
                    .query((row, _) -> bucket(row))
                    .list();
            long rows = buckets.stream().mapToLong(BucketDigest::count).sum();
            return new ModelDigest(
                    snapshot.position(),
                    snapshot.writesBeside(),
                    subject.model(),
                    hash,
                    bucketBits,
                    probe(rowHash),
                    rows,
                    buckets);
        });
    }

    /**
     * Writes the hashes of the rows of some buckets.
     *
     * @param body asked for once everything is ready to go out
     * @throws ShadowProblem while nothing was written
     */
    public void stream(Subject subject, BucketRows wanted, Supplier<OutputStream> body) {
        checkBits(wanted.bucketBits());
        int buckets = 1 << wanted.bucketBits();
        if (wanted.buckets().isEmpty()
                || wanted.buckets().size() > buckets
                || wanted.buckets().stream().anyMatch(bucket -> bucket < 0 || bucket >= buckets)) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST, "buckets are 1 to %d numbers below that".formatted(buckets));
        }
        new BucketExport(database, subject, wanted, rowHash(wanted.hash()), body).run(snapshots);
    }

    TargetProbe probe(DigestHash hash, Contract contract) {
        return database.inSnapshot(
                database.limits().statementTimeout(),
                () -> new TargetProbe(hash, probe(rowHash(hash)), unguarded(contract)));
    }

    private List<String> unguarded(Contract contract) {
        return database.onConnection(connection -> TargetFit.unguarded(contract, connection)).stream()
                .map(Misfit::toString)
                .toList();
    }

    private static void checkBits(int bucketBits) {
        if (bucketBits < 1 || bucketBits > RowHash.MOST_BUCKET_BITS) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "bucket_bits is 1 to " + RowHash.MOST_BUCKET_BITS);
        }
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

    static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }
}
