package io.shadowwrite.cli;

import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterState;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import picocli.CommandLine.Option;

/** Which dead letters; everything that is said narrows. */
final class LetterQuery {

    @Option(names = "--class", description = "Only of this class: ${COMPLETION-CANDIDATES}.")
    @Nullable LetterClass letterClass;

    @Option(names = "--table", paramLabel = "SCHEMA.NAME", description = "Only changes of this source table.")
    @Nullable String table;

    @Option(
            names = "--key",
            paramLabel = "JSON",
            description = "Only changes of this source row, by its canonical key.")
    @Nullable String key;

    @Option(names = "--problem", paramLabel = "CODE", description = "Only those refused for this reason.")
    @Nullable String problem;

    @Option(
            names = "--commit-lsn",
            paramLabel = "LSN",
            description = "Only of the source transaction that committed there.",
            converter = LsnConverter.class)
    @Nullable LogSequenceNumber commitLsn;

    @Option(
            names = "--from-lsn",
            paramLabel = "LSN",
            description = "Only of transactions that committed there or later.",
            converter = LsnConverter.class)
    @Nullable LogSequenceNumber fromLsn;

    @Option(
            names = "--to-lsn",
            paramLabel = "LSN",
            description = "Only of transactions that committed before.",
            converter = LsnConverter.class)
    @Nullable LogSequenceNumber toLsn;

    /** Whether anything was said. */
    boolean narrows() {
        return letterClass != null
                || table != null
                || key != null
                || problem != null
                || commitLsn != null
                || fromLsn != null
                || toLsn != null;
    }

    /** The letters in one state, or in any. */
    LetterFilter filter(@Nullable LetterState state) {
        if (commitLsn == null) {
            return new LetterFilter(state, letterClass, table, key, problem, fromLsn, toLsn);
        }
        if (fromLsn != null || toLsn != null) {
            throw CommandFailed.usage("--commit-lsn names one transaction; leave --from-lsn and --to-lsn out");
        }
        LogSequenceNumber next = LogSequenceNumber.valueOf(commitLsn.asLong() + 1);
        return new LetterFilter(state, letterClass, table, key, problem, commitLsn, next);
    }
}
