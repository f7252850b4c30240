package io.shadowwrite.api.single;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.Records;
import io.shadowwrite.api.write.TargetWriter;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowMetadata;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.SingleWrite;
import io.shadowwrite.protocol.SingleWriteResult;
import io.shadowwrite.protocol.TransactionWrites;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Applies one write in a target transaction of its own, under the lock that batches and replays take. A batch ahead of its
 * turn does not have it yet: where both want a row, that one gives way. The consumer's position and receipts are the
 * stream's and stay as they are. Thread-safe.
 */
final class SingleWrites {

    private static final int LONGEST_KEY = 200;

    /** The stream and the load derive their keys; nobody else may use one that looks like it. */
    private static final List<String> RESERVED = List.of("stream:", "backfill:");

    /** Two machines, two clocks. */
    private static final String IN_FUTURE = "select ?::timestamptz > clock_timestamp() + interval '5 minutes'";

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final TargetWriter target;
    private final SourceRows sourceRows;
    private final SingleProvenance provenance;

    SingleWrites(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            TargetWriter target,
            SourceRows sourceRows,
            SingleProvenance provenance) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.target = target;
        this.sourceRows = sourceRows;
        this.provenance = provenance;
    }

    SingleWriteResult write(Intent intent, SingleWrite write) {
        ShadowWrite asked = new ShadowWrite(0, write.model(), intent.action(), write.key(), write.values(), null);
        checkSelf(intent, write, target.check(asked));
        sourceRows.checkName(write.shadowMetadata());
        dictionary.registerTables(List.of(write.shadowMetadata().sourceTable()));
        target.prepare();
        byte[] fingerprint = Fingerprint.of(intent, write);
        return database.inTransaction(() -> {
            OpenWindow window = windows.lock();
            Optional<byte[]> before = provenance.fingerprint(write, intent.action());
            if (before.isPresent()) {
                return replayed(write, MessageDigest.isEqual(before.get(), fingerprint));
            }
            window.checkNoGate();
            checkCommitted(write);
            sourceRows.checkKnown(write, window.position());
            checkRow(intent, asked);
            target.apply(List.of(transaction(write, asked)), nothingMore());
            provenance.store(write, intent.action(), fingerprint);
            return new SingleWriteResult(write.idempotencyKey(), false);
        });
    }

    private static SingleWriteResult replayed(SingleWrite write, boolean same) {
        if (!same) {
            throw new ShadowProblem(
                    ProblemType.IDEMPOTENCY_CONFLICT,
                    "the idempotency key was used for another write of model %s; every write has a key of its own"
                            .formatted(write.model()));
        }
        return new SingleWriteResult(write.idempotencyKey(), true);
    }

    private static void checkSelf(Intent intent, SingleWrite write, TargetModel model) {
        if (!intent.fits(model)) {
            throw malformed("%s is not for model %s, which %s"
                    .formatted(
                            intent.route(),
                            model.name(),
                            model instanceof TargetModel.Scd2 ? "keeps versions" : "keeps none"));
        }
        String key = write.idempotencyKey();
        if (key.isBlank() || key.length() > LONGEST_KEY || RESERVED.stream().anyMatch(key::startsWith)) {
            throw malformed("idempotency_key has 1 to %d characters and does not begin like the keys of the stream: %s"
                    .formatted(LONGEST_KEY, RESERVED));
        }
        checkValues(intent, write, model);
        ShadowMetadata origin = write.shadowMetadata();
        if (origin.changeIndexInTxn() < 0 || origin.commitLsn().compareTo(origin.appliedLsn()) >= 0) {
            throw malformed("change_index_in_txn is 0 or more, and commit_lsn is below applied_lsn");
        }
    }

    private static void checkValues(Intent intent, SingleWrite write, TargetModel model) {
        if (intent.removes() && !write.values().isEmpty()) {
            throw malformed("%s takes no values".formatted(intent.route()));
        }
        if (intent.creates()) {
            List<String> missing = new ArrayList<>(model.columns().keySet());
            missing.removeAll(model.key());
            missing.removeAll(write.values().keySet());
            if (!missing.isEmpty()) {
                throw malformed("%s sets every column; missing: %s".formatted(intent.route(), missing));
            }
        }
        if (!intent.removes() && !intent.creates() && write.values().isEmpty()) {
            throw malformed("%s changes at least one column".formatted(intent.route()));
        }
    }

    private static ShadowProblem malformed(String detail) {
        return new ShadowProblem(ProblemType.MALFORMED_REQUEST, detail);
    }

    /** A version that begins in the future would keep every later change of its row behind it. */
    private void checkCommitted(SingleWrite write) {
        boolean future = database.jdbc()
                .sql(IN_FUTURE)
                .param(write.committedAt().atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
        if (future) {
            throw malformed(
                    "committed_at is more than 5 minutes ahead of the target's clock; correct the clock of the writer");
        }
    }

    private void checkRow(Intent intent, ShadowWrite asked) {
        boolean there = target.isLive(asked);
        if (there && intent.creates()) {
            throw new ShadowProblem(
                    ProblemType.ROW_EXISTS, "model %s has a row of this key; update it".formatted(asked.model()));
        }
        if (!there && !intent.creates()) {
            throw new ShadowProblem(
                    ProblemType.ROW_MISSING,
                    "model %s has no row of this key; %s"
                            .formatted(asked.model(), intent.removes() ? "nothing to do" : "create it"));
        }
    }

    private static TransactionWrites transaction(SingleWrite write, ShadowWrite asked) {
        ShadowMetadata origin = write.shadowMetadata();
        ChangeWrites change = new ChangeWrites(
                origin.changeIndexInTxn(),
                origin.sourceTable(),
                origin.sourcePk(),
                null,
                origin.sourceOperation(),
                "",
                true,
                List.of(asked));
        return new TransactionWrites(
                origin.commitLsn(),
                LogSequenceNumber.valueOf(origin.commitLsn().asLong() + 1),
                0,
                write.committedAt(),
                List.of(change));
    }

    /** Rows and key map are the engine's; provenance has a shape of its own here, and receipts are the stream's alone. */
    private static Records nothingMore() {
        return new Records() {
            @Override
            public void written(TransactionWrites transaction, ChangeWrites change, ShadowWrite write) {
                // Stored by the caller, with its key.
            }

            @Override
            public void changed(TransactionWrites transaction, ChangeWrites change, boolean effective) {
                // No receipt.
            }

            @Override
            public void store() {
                // Nothing was collected.
            }
        };
    }
}
