package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** Hashes are of what was asked for and in the order that a merge needs, or refused. */
class BucketStreamTest {

    private static final BucketRows WANTED =
            new BucketRows(LogSequenceNumber.valueOf(9), 3, DigestHash.MD5, List.of(1));

    private static BucketStreamHead head(String model, long position, DigestHash hash) {
        return new BucketStreamHead(model, LogSequenceNumber.valueOf(position), 0, hash);
    }

    private static List<String> keys(BucketStreamHead head, String... keys) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RowStreamWriter writer = new RowStreamWriter(out);
        writer.head(head);
        for (String key : keys) {
            writer.digest(new RowDigest(key, "0000000000000001", "0000000000000002", null));
        }
        writer.end();
        List<String> read = new ArrayList<>();
        try (BucketStream stream =
                new BucketStream(new ByteArrayInputStream(out.toByteArray()), "Tag", WANTED, () -> {})) {
            for (RowDigest row = stream.next(); row != null; row = stream.next()) {
                read.add(row.key());
            }
        }
        return read;
    }

    @Test
    void readsKeysInTheOrderOfTheirBytesAndSomeMoreThanOnce() throws IOException {
        String[] ascending = {"Z", "a", "a", "\uffdc", "\ud83d\ude42"};

        assertThat(keys(head("Tag", 9, DigestHash.MD5), ascending)).containsExactly(ascending);
        assertThat(keys(head("Tag", 10, DigestHash.MD5))).isEmpty();
    }

    @Test
    void refusesKeysThatDoNotAscend() {
        refused(head("Tag", 9, DigestHash.MD5), "do not ascend", "a", "Z");
        refused(head("Tag", 9, DigestHash.MD5), "do not ascend", "\ud83d\ude42", "\uffdc");
    }

    @Test
    void refusesAHeadOfAnythingElse() {
        refused(head("Memo", 9, DigestHash.MD5), "not of what was asked for");
        refused(head("Tag", 8, DigestHash.MD5), "not of what was asked for");
        refused(head("Tag", 9, DigestHash.SERVER), "not of what was asked for");
    }

    private static void refused(BucketStreamHead head, String how, String... keys) {
        assertThatThrownBy(() -> keys(head, keys)).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE);
            assertThat(problem).hasMessageContaining(how);
        });
    }
}
