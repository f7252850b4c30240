package io.shadowwrite.api.read;

import static io.shadowwrite.api.read.ReadApi.lsn;
import static io.shadowwrite.api.read.ReadApi.memo;
import static io.shadowwrite.api.read.ReadApi.memoGone;
import static io.shadowwrite.api.read.ReadApi.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.BucketDigest;
import io.shadowwrite.protocol.BucketRows;
import io.shadowwrite.protocol.BucketStream;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowDigest;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.SourceRowKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hashes of the rows of some buckets. */
class BucketStreamTest {

    private static final int BITS = 3;

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
        api.target()
                .execute(
                        "insert into lib.tag select 'k' || g, nullif(g % 7, 3)::text from generate_series(1, 200) g",
                        "insert into lib.tag values ('Z', 'a'), ('ä', 'b'), ('\uffdc', 'c'), ('🙂', null), ('a', '')");
    }

    private static BucketRows some(DigestHash hash, Integer... buckets) {
        return new BucketRows(lsn(1_000), BITS, hash, List.of(buckets));
    }

    private static BucketRows all(DigestHash hash) {
        return new BucketRows(
                lsn(1_000), BITS, hash, IntStream.range(0, 1 << BITS).boxed().toList());
    }

    private List<RowDigest> tags(BucketRows rows) {
        return read(api.streams().buckets(ReadKind.CRUD, "Tag", rows));
    }

    private static List<RowDigest> read(BucketStream opened) {
        try (BucketStream stream = opened) {
            List<RowDigest> rows = new ArrayList<>();
            for (RowDigest row = stream.next(); row != null; row = stream.next()) {
                rows.add(row);
            }
            return rows;
        }
    }

    /** What the rows of each bucket add up to. */
    private static void assertSums(ModelDigest digest, Function<Integer, List<RowDigest>> rows) {
        for (BucketDigest bucket : digest.buckets()) {
            List<RowDigest> found = rows.apply(bucket.bucket());
            assertThat(found).hasSize(Math.toIntExact(bucket.count()));
            assertThat(HexFormat.of().toHexDigits(sum(found, RowDigest::h0))).isEqualTo(bucket.sum0());
            assertThat(HexFormat.of().toHexDigits(sum(found, RowDigest::h1))).isEqualTo(bucket.sum1());
        }
    }

    private static long sum(List<RowDigest> rows, Function<RowDigest, String> hash) {
        return rows.stream()
                .mapToLong(row -> HexFormat.fromHexDigitsToLong(hash.apply(row)))
                .sum();
    }

    @ParameterizedTest
    @EnumSource
    void addUpToTheDigestOfTheirBucket(DigestHash hash) {
        ModelDigest digest = api.service().digest(ReadKind.CRUD, "Tag", lsn(1_000), BITS, hash);

        assertSums(digest, bucket -> tags(some(hash, bucket)));
        assertThat(digest.rows()).isEqualTo(205);
        assertThat(tags(all(hash))).hasSize(205);
    }

    @Test
    void comeInTheOrderOfTheirKeysBytes() {
        List<String> keys =
                tags(all(DigestHash.SERVER)).stream().map(RowDigest::key).toList();

        List<String> sorted = new ArrayList<>(keys);
        Collections.sort(
                sorted,
                (one, other) -> Arrays.compareUnsigned(
                        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
        assertThat(keys).isEqualTo(sorted).contains("{\"code\":\"🙂\"}", "{\"code\":\"\uffdc\"}");
    }

    @Test
    void leaveOutWhatIsOver() {
        api.commit(2_000, memo(1, "a"), memo(2, "b"), memo(3, "c"));
        api.commit(3_000, memo(1, "d"), memoGone(2));

        List<RowDigest> memos = read(api.streams().buckets(ReadKind.SCD, "Memo", all(DigestHash.MD5)));

        assertThat(memos).extracting(RowDigest::key).containsExactly("{\"id\":1}", "{\"id\":3}");
    }

    @Test
    void streamANothingAsWhole() {
        assertThat(read(api.streams().buckets(ReadKind.SCD, "Person", all(DigestHash.MD5))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tellTheKeyMapTheSameWay(DigestHash hash) {
        api.commit(2_000, memo(1, "a"), memo(2, "b"), memo(3, "c"));
        api.commit(3_000, memoGone(2));

        ModelDigest digest = api.service().keyMapDigest("app.memo", "Memo", lsn(1_000), BITS, hash);
        ModelDigest none = api.service().keyMapDigest("app.tag", "Memo", lsn(1_000), BITS, hash);

        assertThat(digest.rows()).isEqualTo(2);
        assertThat(digest.position()).isEqualTo(lsn(3_008));
        assertThat(none.rows()).isZero();
        assertSums(digest, bucket -> read(api.streams().keyMapBuckets("app.memo", "Memo", some(hash, bucket))));
        assertThat(read(api.streams().keyMapBuckets("app.memo", "Memo", all(hash))))
                .extracting(RowDigest::key)
                .containsExactly("{\"id\":1}", "{\"id\":3}");

        api.target().execute("update shadow.pk_map set target_key = '{\"id\":9}' where source_key = '{\"id\":3}'");

        assertThat(api.service()
                        .keyMapDigest("app.memo", "Memo", lsn(1_000), BITS, hash)
                        .buckets())
                .isNotEqualTo(digest.buckets());
    }

    @ParameterizedTest
    @EnumSource
    void areProbedAsTheDigestsSay(DigestHash hash) {
        ModelDigest digest = api.service().digest(ReadKind.CRUD, "Tag", lsn(1_000), BITS, hash);

        assertThat(api.service().probe(hash).probe()).isEqualTo(digest.probe());
    }

    @Test
    void areProbedWithWhatNoIndexKeepsOut() {
        assertThat(api.service().probe(DigestHash.MD5).unguarded()).isEmpty();

        api.target().execute("drop index lib.memo_current");
        try {
            assertThat(api.service().probe(DigestHash.MD5).unguarded())
                    .singleElement()
                    .asString()
                    .contains("model Memo: table lib.memo has no unique index", "CREATE UNIQUE INDEX");
        } finally {
            api.target().execute("create unique index memo_current on lib.memo (id) where valid_to is null");
        }
    }

    @Test
    void tellTheirPosition() {
        api.commit(2_000, memo(1, "a"));
        try (BucketStream stream = api.streams().buckets(ReadKind.SCD, "Memo", all(DigestHash.MD5))) {
            assertThat(stream.head().position()).isEqualTo(lsn(2_008));
        }
        problem(
                ProblemType.POSITION_BEHIND,
                () -> api.streams()
                        .buckets(ReadKind.CRUD, "Tag", new BucketRows(lsn(2_009), BITS, DigestHash.MD5, List.of(1)))
                        .close());
    }

    @Test
    void tellAsDigestsAndLookUpsDoHowOftenOthersWroteBesideTheStream() {
        api.commit(2_000, memo(1, "a"));
        for (long writes = 0; writes < 2; writes++) {
            assertThat(writesBeside()).hasSize(5).containsOnly(writes);
            api.target().execute("update shadow.backfill_state set writes_beside = writes_beside + 1");
        }
    }

    private List<Long> writesBeside() {
        ShadowApi service = api.service();
        BucketRows rows = all(DigestHash.MD5);
        try (BucketStream stream = api.streams().buckets(ReadKind.SCD, "Memo", rows);
                BucketStream keyMap = api.streams().keyMapBuckets("app.memo", "Memo", rows)) {
            return List.of(
                    stream.head().writesBeside(),
                    keyMap.head().writesBeside(),
                    service.digest(ReadKind.SCD, "Memo", lsn(2_008), BITS, DigestHash.MD5)
                            .writesBeside(),
                    service.lookup(ReadKind.SCD, "Memo", new RowLookup(List.of("1"), lsn(2_008), null))
                            .writesBeside(),
                    service.lookup(new KeyMapLookup(
                                    List.of(new SourceRowKey("app.memo", "{\"id\":1}")), List.of(), null, null))
                            .writesBeside());
        }
    }

    @Test
    void refuseWhatIsNoBucket() {
        for (BucketRows wrong : List.of(
                some(DigestHash.MD5),
                some(DigestHash.MD5, 8),
                some(DigestHash.MD5, 1, -1),
                new BucketRows(lsn(1_000), 0, DigestHash.MD5, List.of(0)),
                new BucketRows(lsn(1_000), 17, DigestHash.MD5, List.of(0)))) {
            problem(ProblemType.MALFORMED_REQUEST, () -> tags(wrong));
        }
        problem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.service().keyMapDigest("app.nothing", "Memo", lsn(1_000), BITS, DigestHash.MD5));
        problem(
                ProblemType.MODEL_UNKNOWN,
                () -> api.service().keyMapDigest("app.memo", "Nothing", lsn(1_000), BITS, DigestHash.MD5));
        problem(
                ProblemType.MODEL_UNKNOWN,
                () -> api.streams()
                        .buckets(ReadKind.CRUD, "Memo", all(DigestHash.MD5))
                        .close());
    }
}
