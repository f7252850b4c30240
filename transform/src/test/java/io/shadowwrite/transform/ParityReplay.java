package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage;
import io.shadowwrite.replication.wal2json.Wal2JsonReader;
import io.shadowwrite.testsupport.parity.ParityCase;
import io.shadowwrite.testsupport.parity.ParityStep;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The worked contract, its parity cases, and what a consumer would make of them. */
final class ParityReplay {

    /** Where the cases are, seen from the module. */
    static final Path CASES = Path.of("src/test/resources/parity/partners-to-unified");

    private static final int LONGEST_MESSAGE = 1_000_000;

    private ParityReplay() {}

    /** What a transaction becomes, with a line for each change that cannot become writes. */
    record Outcome(TransactionWrites writes, List<String> problems) {}

    static Contract contract() {
        return new ContractReader().read("the worked contract", contractText().getBytes(StandardCharsets.UTF_8));
    }

    static String contractText() {
        try (InputStream file = Contract.class.getResourceAsStream("/contracts/partners-to-unified/contract.json")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the consumer does: a change that cannot become writes stays in its place without any. */
    static Outcome outcome(Transformer transformer, SourceTransaction transaction) {
        List<ChangeWrites> changes = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (RowChange change : transaction.changes()) {
            try {
                changes.add(transformer.transform(transaction.commitLsn(), change));
            } catch (TransformProblem problem) {
                changes.add(transformer.withoutWrites(transaction.commitLsn(), change));
                problems.add("change %d: %s, %s"
                        .formatted(change.changeIndex(), problem.code(), problem.halting() ? "halting" : "parkable"));
            }
        }
        TransactionWrites writes = new TransactionWrites(
                transaction.commitLsn(), transaction.endLsn(), transaction.xid(), transaction.committedAt(), changes);
        return new Outcome(writes, problems);
    }

    static SourceTransaction transaction(ParityCase one, ParityStep step) {
        Wal2JsonReader reader = new Wal2JsonReader(LONGEST_MESSAGE);
        List<Wal2JsonMessage> messages = step.messages().stream()
                .map(message -> reader.read(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8))))
                .toList();
        if (!(messages.getFirst() instanceof Wal2JsonMessage.Begin begin)
                || !(messages.getLast() instanceof Wal2JsonMessage.Commit)) {
            throw new IllegalArgumentException("%s is not recorded from begin to commit".formatted(one));
        }
        List<RowChange> changes = new ArrayList<>();
        for (Wal2JsonMessage message : messages.subList(1, messages.size() - 1)) {
            changes.add(change(one, changes.size(), message));
        }
        return new SourceTransaction(
                begin.xid(), begin.commitLsn(), begin.endLsn(), begin.committedAt(), changes, List.of(), 0);
    }

    private static RowChange change(ParityCase one, int index, Wal2JsonMessage message) {
        return switch (message) {
            case Wal2JsonMessage.Insert insert ->
                new RowChange.Insert(index, root(one, insert.table()), insert.table(), insert.after());
            case Wal2JsonMessage.Update update ->
                new RowChange.Update(
                        index, root(one, update.table()), update.table(), update.after(), update.identity());
            case Wal2JsonMessage.Delete delete ->
                new RowChange.Delete(index, root(one, delete.table()), delete.table(), delete.identity());
            case Wal2JsonMessage.Truncate truncate ->
                new RowChange.Truncate(index, root(one, truncate.table()), truncate.table());
            case Wal2JsonMessage.Begin _, Wal2JsonMessage.Commit _, Wal2JsonMessage.Logical _ ->
                throw new IllegalArgumentException("%s holds something else than changes of rows".formatted(one));
        };
    }

    private static TableName root(ParityCase one, TableName leaf) {
        return TableName.parse(one.partitions().getOrDefault(leaf.toString(), leaf.toString()));
    }
}
