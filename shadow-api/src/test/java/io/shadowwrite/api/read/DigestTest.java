package io.shadowwrite.api.read;

import static io.shadowwrite.api.read.ReadApi.lsn;
import static io.shadowwrite.api.read.ReadApi.memo;
import static io.shadowwrite.api.read.ReadApi.memoGone;
import static io.shadowwrite.api.read.ReadApi.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.BucketDigest;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of a model by bucket. */
class DigestTest {

    private static final String PLACES = """
            insert into lib.place
            select c, n, c || n from unnest(array['AT', 'DE', 'x"y']) c, generate_series(1, 50) n
            """;

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private ModelDigest digest(ReadKind kind, String model, int bits, DigestHash hash) {
        return api.service().digest(kind, model, lsn(1_000), bits, hash);
    }

    private ModelDigest places(DigestHash hash) {
        return digest(ReadKind.CRUD, "Place", 5, hash);
    }

    private static ByteBuffer md5(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Columns as PostgreSQL spells a row of them. */
    private static String row(Stream<@Nullable String> values) {
        return values.map(DigestTest::part).collect(Collectors.joining(",", "(", ")"));
    }

    private static String part(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean plain =
                !text.isEmpty() && text.chars().noneMatch(c -> "\"\\(),".indexOf(c) >= 0 || Character.isWhitespace(c));
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\"\"") + '"';
    }

    /** What the definition says, computed here and not by a server. */
    private static List<BucketDigest> expected(int bits, Map<String, List<@Nullable String>> rows) {
        Map<Integer, long[]> sums = new TreeMap<>();
        rows.forEach((key, values) -> {
            int bucket = (int) (md5(key).getLong() & ((1 << bits) - 1));
            ByteBuffer row = md5(key + row(values.stream()));
            long[] sum = sums.computeIfAbsent(bucket, _ -> new long[3]);
            sum[0]++;
            sum[1] += row.getLong();
            sum[2] += row.getLong();
        });
        return sums.entrySet().stream()
                .map(entry -> new BucketDigest(
                        entry.getKey(),
                        entry.getValue()[0],
                        "%016x".formatted(entry.getValue()[1]),
                        "%016x".formatted(entry.getValue()[2])))
                .toList();
    }

    @Test
    void isWhatItsDefinitionSays() {
        api.target().execute("insert into lib.tag values ('a', 'one'), ('ä\"', ''), ('c', null), ('d', 'Δ🙂')");
        Map<String, List<@Nullable String>> rows = new TreeMap<>();
        rows.put("{\"code\":\"a\"}", List.of("one"));
        rows.put("{\"code\":\"ä\\\"\"}", List.of(""));
        rows.put("{\"code\":\"c\"}", java.util.Collections.singletonList(null));
        rows.put("{\"code\":\"d\"}", List.of("Δ🙂"));

        ModelDigest coarse = digest(ReadKind.CRUD, "Tag", 1, DigestHash.MD5);
        ModelDigest fine = digest(ReadKind.CRUD, "Tag", 16, DigestHash.MD5);

        assertThat(coarse.buckets()).isEqualTo(expected(1, rows));
        assertThat(fine.buckets()).isEqualTo(expected(16, rows)).hasSize(4);
        assertThat(coarse.rows()).isEqualTo(4);
        assertThat(coarse.position()).isEqualTo(lsn(1_000));
        assertThat(coarse.probe()).hasSize(21).first().isEqualTo("d41d8cd98f00b204");
    }

    @ParameterizedTest
    @EnumSource
    void isEqualForEqualRowsHoweverTheyCameToBe(DigestHash hash) {
        api.target().execute(PLACES);
        ModelDigest before = places(hash);

        api.target()
                .execute(
                        "delete from lib.place",
                        PLACES.replace("generate_series(1, 50)", "generate_series(50, 1, -1)"));

        assertThat(places(hash)).isEqualTo(before);
        assertThat(before.rows()).isEqualTo(150);
        assertThat(before.buckets()).hasSizeBetween(28, 32);
    }

    @ParameterizedTest
    @CsvSource({
        "update lib.place set name = name || '.' where country = 'DE' and no = 7,MD5",
        "update lib.place set name = null where country = 'DE' and no = 7,SERVER",
        "update lib.place set name = '' where country = 'DE' and no = 7,MD5",
        "delete from lib.place where country = 'DE' and no = 7,MD5",
        "delete from lib.place where country = 'DE' and no = 7,SERVER",
        "insert into lib.place values ('CH'; 1; 'more'),MD5",
        "insert into lib.place values ('CH'; 1; null),SERVER"
    })
    void showsOneChangedRowInExactlyItsBucket(String change, DigestHash hash) {
        api.target().execute(PLACES);
        ModelDigest before = places(hash);

        api.target().execute(change.replace(';', ','));
        ModelDigest after = places(hash);

        TreeSet<BucketDigest> only = new TreeSet<>(java.util.Comparator.comparing(BucketDigest::toString));
        only.addAll(before.buckets());
        only.removeAll(after.buckets());
        TreeSet<BucketDigest> instead = new TreeSet<>(java.util.Comparator.comparing(BucketDigest::toString));
        instead.addAll(after.buckets());
        instead.removeAll(before.buckets());
        assertThat(only).hasSize(1);
        assertThat(instead).hasSize(1);
        assertThat(instead.first().bucket()).isEqualTo(only.first().bucket());
        assertThat(instead.first().sum0()).isNotEqualTo(only.first().sum0());
        assertThat(instead.first().sum1()).isNotEqualTo(only.first().sum1());
        assertThat(after.rows() - before.rows())
                .isEqualTo(change.startsWith("update") ? 0 : change.startsWith("delete") ? -1 : 1);
    }

    @Test
    void seesOfVersionsTheCurrentOnesAndNothingOfTheirTimes() {
        api.commit(2_000, memo(1, "a"), memo(2, "b"), memo(3, "gone"));
        api.commit(3_000, memo(1, "c"));
        api.commit(4_000, memoGone(3));
        Map<String, List<@Nullable String>> rows = Map.of("{\"id\":1}", List.of("c"), "{\"id\":2}", List.of("b"));

        assertThat(digest(ReadKind.SCD, "Memo", 8, DigestHash.MD5).buckets()).isEqualTo(expected(8, rows));
    }

    @Test
    void countsARowThatIsThereTwice() {
        api.target().execute("drop index lib.memo_current");
        api.target()
                .execute(
                        "insert into lib.memo values (1, 'a', false, '2026-01-01', null), (1, 'a', false, '2026-01-02', null)");
        try {
            assertThat(digest(ReadKind.SCD, "Memo", 1, DigestHash.MD5).rows()).isEqualTo(2);
        } finally {
            api.target()
                    .execute(
                            "truncate lib.memo",
                            "create unique index memo_current on lib.memo (id) where valid_to is null");
        }
    }

    @Test
    void namesWhatIsWrong() {
        problem(ProblemType.MALFORMED_REQUEST, () -> digest(ReadKind.CRUD, "Tag", 0, DigestHash.MD5));
        problem(ProblemType.MALFORMED_REQUEST, () -> digest(ReadKind.CRUD, "Tag", 17, DigestHash.MD5));
        problem(ProblemType.MODEL_UNKNOWN, () -> digest(ReadKind.SCD, "Tag", 8, DigestHash.MD5));
        problem(
                ProblemType.POSITION_BEHIND,
                () -> api.service().digest(ReadKind.CRUD, "Tag", lsn(9_000), 8, DigestHash.MD5));
        api.reset();
        problem(ProblemType.WINDOW_NOT_OPEN, () -> digest(ReadKind.CRUD, "Tag", 8, DigestHash.MD5));
    }
}
