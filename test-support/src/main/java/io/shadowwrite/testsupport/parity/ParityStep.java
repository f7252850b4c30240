package io.shadowwrite.testsupport.parity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One source transaction of a case.
 *
 * @param sql its statements
 * @param messages what wal2json says of it, from begin to commit, each exactly as it came but for {@link PlainHeads}
 * @param writes the transaction as it goes on the wire, as JSON; null until it is drafted and reviewed
 * @param problems a line for each change that cannot become writes
 */
public record ParityStep(
        List<String> sql, List<String> messages, @Nullable String writes, List<String> problems) {

    public ParityStep {
        sql = List.copyOf(sql);
        messages = List.copyOf(messages);
        problems = List.copyOf(problems);
    }
}
