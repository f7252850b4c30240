package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.protocol.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A transaction that came line by line.
 *
 * @param lines of changes
 */
record PeerLines(WriteBatch batch, int lines) {

    /** Whole, or refused as one that breaks off. */
    static PeerLines read(byte[] body) {
        String[] lines = new String(body, StandardCharsets.UTF_8).split("\n");
        LongTransaction head = WireJson.mapper().readValue(lines[0], LongTransaction.class);
        List<ChangeWrites> changes = new ArrayList<>();
        int count = 0;
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            if (line.startsWith("[")) {
                count++;
                changes.addAll(Arrays.asList(WireJson.mapper().readValue(line, ChangeWrites[].class)));
            }
        }
        if (!lines[lines.length - 1].equals("{\"changes\":" + changes.size() + "}")) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "it breaks off");
        }
        TransactionWrites transaction =
                new TransactionWrites(head.commitLsn(), head.endLsn(), head.xid(), head.committedAt(), changes);
        return new PeerLines(
                new WriteBatch(head.epoch(), head.continuesFrom(), head.endLsn(), List.of(transaction)), count);
    }
}
