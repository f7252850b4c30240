package io.shadowwrite.api.single;

import io.shadowwrite.protocol.ShadowMetadata;
import io.shadowwrite.protocol.SingleWrite;
import io.shadowwrite.protocol.WireJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeMap;

/** What a single write says, in 32 bytes: two requests under one idempotency key are the same when these are. */
final class Fingerprint {

    private Fingerprint() {}

    /** Without applied_lsn, which a caller that asks again may know better. */
    static byte[] of(Intent intent, SingleWrite write) {
        ShadowMetadata origin = write.shadowMetadata();
        List<Object> said = List.of(
                intent.name(),
                write.model(),
                new TreeMap<>(write.key()),
                new TreeMap<>(write.values()),
                write.committedAt().toString(),
                origin.sourceTable(),
                origin.sourcePk(),
                origin.sourceOperation().name(),
                Long.toUnsignedString(origin.commitLsn().asLong()),
                origin.changeIndexInTxn());
        return sha256().digest(WireJson.mapper().writeValueAsBytes(said));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
