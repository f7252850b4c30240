package io.shadowwrite.api.write;

import io.shadowwrite.api.target.Reach;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.TargetModel.OnDelete;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What source transactions touch: their source rows, the target rows they write or carry values from, and the rows that those
 * refer to. Rows are known by a hash, so two that have nothing in common may seem to, and never the other way round.
 * Immutable once made.
 */
final class Footprint {

    private static final long SOURCE = 1;
    private static final long TARGET = 2;

    private final Hashes touched;
    private final Hashes comeOrGone;
    private final Hashes referredTo;
    private final boolean unbounded;

    private Footprint(Hashes touched, Hashes comeOrGone, Hashes referredTo, boolean unbounded) {
        this.touched = touched;
        this.comeOrGone = comeOrGone;
        this.referredTo = referredTo;
        this.unbounded = unbounded;
    }

    static Footprint of(List<TransactionWrites> transactions, Map<String, TargetModel> models, Reach reach) {
        Making making = new Making(models, reach);
        for (TransactionWrites transaction : transactions) {
            transaction.changes().forEach(making::add);
        }
        return new Footprint(making.touched, making.comeOrGone, making.referredTo, making.unbounded);
    }

    /** Whether the one may depend on what the other does, or the other way round. */
    boolean meets(Footprint other) {
        return unbounded
                || other.unbounded
                || touched.meets(other.touched)
                || comeOrGone.meets(other.referredTo)
                || referredTo.meets(other.comeOrGone);
    }

    private static final class Making {

        private final Map<String, TargetModel> models;
        private final Reach reach;
        private final Hashes touched = new Hashes();
        private final Hashes comeOrGone = new Hashes();
        private final Hashes referredTo = new Hashes();
        private boolean unbounded;

        Making(Map<String, TargetModel> models, Reach reach) {
            this.models = models;
            this.reach = reach;
        }

        void add(ChangeWrites change) {
            if (!change.inScope()) {
                return; // leaves a receipt and nothing else
            }
            long table = mix(SOURCE, change.sourceTable());
            touched.add(mix(table, change.sourceKey()));
            if (change.formerKey() != null) {
                touched.add(mix(table, change.formerKey()));
            }
            boolean arrives = change.operation() == Operation.INSERT || change.formerKey() != null;
            for (ShadowWrite write : change.writes()) {
                add(write, arrives);
            }
        }

        private void add(ShadowWrite write, boolean arrives) {
            @Nullable TargetModel model = models.get(write.model());
            if (model == null) {
                unbounded = true; // will be refused, and not by this
                return;
            }
            boolean removal = write.action() == Action.REMOVE;
            long row = row(model, write.key());
            touched.add(row);
            if (arrives || removal || reach.locksOut(model)) {
                comeOrGone.add(row);
            }
            if (write.carryFrom() != null) {
                touched.add(row(model, write.carryFrom()));
            }
            unbounded |= reach.isOpen(model, removal);
            for (Reach.Reference reference : reach.referencesOf(model)) {
                refer(reference, write, removal && !archives(model));
            }
        }

        private long row(TargetModel model, Map<String, String> key) {
            long hash = mix(TARGET, model.name());
            for (String column : model.key()) {
                @Nullable String value = key.get(column);
                unbounded |= value == null; // likewise
                hash = value == null ? hash : mix(hash, value);
            }
            return hash;
        }

        /** A removed row is inserted once more, with all that it refers to. */
        private static boolean archives(TargetModel model) {
            return model instanceof TargetModel.Scd2 scd2 && scd2.onDelete() == OnDelete.ARCHIVE;
        }

        private void refer(Reach.Reference reference, ShadowWrite write, boolean goes) {
            if (goes) {
                return;
            }
            long hash = mix(TARGET, reference.parent().name());
            for (String column : reference.columns()) {
                @Nullable String own = write.key().get(column);
                @Nullable String value = own == null ? write.values().get(column) : own;
                if (value == null) {
                    // Refers to nothing; or to what it did before, which nobody here knows.
                    unbounded |= !write.values().containsKey(column);
                    return;
                }
                hash = mix(hash, value);
            }
            referredTo.add(hash);
        }

        private static long mix(long hash, String text) {
            long mixed = (hash ^ text.hashCode()) * 0x9E37_79B9_7F4A_7C15L;
            return mixed ^ (mixed >>> 32);
        }
    }
}
