package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.RowStream;
import io.shadowwrite.protocol.RowStreams;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TargetRow;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.scan.BucketSum;
import io.shadowwrite.verification.scan.BucketTotals;
import io.shadowwrite.verification.scan.Pages;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.PinnedSession;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** What the API answers of the target is what the verifier expects of the source, over all of the worked contract. */
@ExtendWith(HouseExtension.class)
@Timeout(180)
class ReadsAgreeIT {

    private static final int CHANGES = 1_000;
    private static final int BUCKET_BITS = 8;
    private static final AtomicLong SEED = new AtomicLong(4_711);
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final House house;
    private final Contract contract = new ContractReader().read(House.contractFile());
    private final List<Comparison> comparisons = new ContractCompiler(contract).models();

    ReadsAgreeIT(House house) {
        this.house = house;
    }

    @BeforeEach
    void bothSidesAreEqualAndAtRest() {
        house.traffic(SEED.getAndIncrement()).run(CHANGES, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    private static Connection pinned(Database database) throws SQLException {
        Connection connection = database.connect();
        PinnedSession.pin(connection, BOUND);
        return connection;
    }

    private ReadKind kind(String model) {
        return switch (contract.model(model)) {
            case TargetModel.Scd2 _ -> ReadKind.SCD;
            case TargetModel.Crud _, TargetModel.Junction _ -> ReadKind.CRUD;
        };
    }

    private LogSequenceNumber position() {
        return house.api().positions().stream()
                .filter(reader -> reader.side() == Side.CONSUMER)
                .map(ReaderPosition::position)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void digestsOfTheApiEqualThoseOfTheSource() throws SQLException {
        LogSequenceNumber position = position();
        try (Connection source = pinned(house.source())) {
            for (Comparison comparison : comparisons) {
                String model = comparison.model();
                for (RowHash hash : RowHash.values()) {
                    Scans scans = new Scans(hash, BUCKET_BITS, 1_000);
                    BucketTotals expected = new BucketTotals();
                    for (Image image : comparison.sources()) {
                        expected.add(scans.buckets(source, image, Pages.ALL));
                    }

                    ModelDigest found = house.api()
                            .digest(kind(model), model, position, BUCKET_BITS, DigestHash.valueOf(hash.name()));

                    assertThat(sums(found))
                            .as("%s by %s", model, hash)
                            .isEqualTo(expected.buckets().sums());
                }
            }
        }
    }

    @Test
    void digestsOfTheKeyMapEqualWhatTheSourceMustHaveBecome() throws SQLException {
        LogSequenceNumber position = position();
        Scans scans = new Scans(RowHash.MD5, BUCKET_BITS, 1_000);
        long entries = 0;
        try (Connection source = pinned(house.source())) {
            for (Comparison comparison : new ContractCompiler(contract).keyMap()) {
                BucketTotals expected = new BucketTotals();
                for (Image image : comparison.sources()) {
                    expected.add(scans.buckets(source, image, Pages.ALL));
                }

                ModelDigest found = house.api()
                        .keyMapDigest(
                                comparison.sourceTables(), comparison.model(), position, BUCKET_BITS, DigestHash.MD5);

                assertThat(sums(found))
                        .as("%s of %s", comparison.model(), comparison.sourceTables())
                        .isEqualTo(expected.buckets().sums());
                entries += found.rows();
            }
        }
        assertThat(entries).isPositive();
    }

    private static Map<Integer, BucketSum> sums(ModelDigest digest) {
        Map<Integer, BucketSum> sums = new HashMap<>();
        digest.buckets()
                .forEach(bucket -> sums.put(
                        bucket.bucket(),
                        new BucketSum(
                                bucket.count(),
                                HexFormat.fromHexDigitsToLong(bucket.sum0()),
                                HexFormat.fromHexDigitsToLong(bucket.sum1()))));
        return sums;
    }

    @Test
    void streamsEveryValueAsTheSourceSpellsIt() throws SQLException, IOException {
        Scans scans = new Scans(RowHash.MD5, BUCKET_BITS, 1_000);
        long all = 0;
        try (Connection source = pinned(house.source());
                RowStreams streams =
                        RowStreams.connect(house.suite().apiUrl(), house.suite().token(), BOUND)) {
            for (Comparison comparison : comparisons) {
                Map<String, List<@Nullable String>> found = stream(streams, comparison.model());
                Map<String, List<@Nullable String>> expected = scans.images(
                        source, comparison.sources(), comparison.columns().size(), found.keySet());

                assertThat(expected.keySet()).as(comparison.model()).isEqualTo(found.keySet());
                found.forEach((key, values) -> assertThat(shortened(values, expected.getOrDefault(key, List.of())))
                        .as("%s %s", comparison.model(), key)
                        .isEqualTo(expected.get(key)));
                all += found.size();
            }
        }
        assertThat(all).isGreaterThan(comparisons.size());
    }

    private Map<String, List<@Nullable String>> stream(RowStreams streams, String model) {
        Map<String, List<@Nullable String>> rows = new LinkedHashMap<>();
        try (RowStream stream = streams.open(kind(model), model, position(), LogSequenceNumber.valueOf(0))) {
            for (TargetRow row = stream.next(); row != null; row = stream.next()) {
                assertThat(rows.put(row.key(), new ArrayList<>(row.values().values())))
                        .as("one current row of %s %s", model, row.key())
                        .isNull();
                assertThat(row.lastEventLsn())
                        .as("last event of %s %s", model, row.key())
                        .isNotNull()
                        .isLessThan(stream.head().position());
            }
        }
        return rows;
    }

    /** Of a long value the verifier fetches a part only, and marks it by U+0001. */
    private static List<@Nullable String> shortened(List<@Nullable String> values, List<@Nullable String> expected) {
        List<@Nullable String> shortened = new ArrayList<>(values);
        for (int i = 0; i < expected.size(); i++) {
            String wanted = expected.get(i);
            String value = shortened.get(i);
            int mark = wanted == null ? -1 : wanted.indexOf('\u0001');
            if (wanted != null && value != null && mark > 0 && value.startsWith(wanted.substring(0, mark))) {
                shortened.set(i, wanted);
            }
        }
        return shortened;
    }
}
