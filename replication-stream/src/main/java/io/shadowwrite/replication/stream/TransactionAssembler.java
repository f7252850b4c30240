package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Begin;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Commit;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Delete;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Insert;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Logical;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Truncate;
import io.shadowwrite.replication.wal2json.Wal2JsonMessage.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts the messages between a begin and its commit together. Used by the stream thread only. */
final class TransactionAssembler {

    private final FullXid fullXid;
    private final UnaryOperator<TableName> rootOf;
    private final int maxChanges;
    private final long maxBytes;

    private @Nullable Begin open;
    private List<RowChange> changes = new ArrayList<>();
    private List<LogicalMessage> messages = new ArrayList<>();
    private long bytes;

    TransactionAssembler(FullXid fullXid, UnaryOperator<TableName> rootOf, int maxChanges, long maxBytes) {
        this.fullXid = fullXid;
        this.rootOf = rootOf;
        this.maxChanges = maxChanges;
        this.maxBytes = maxBytes;
    }

    /** Takes one message; answers the transaction when that completes it, even when it is empty. */
    @Nullable SourceTransaction accept(Wal2JsonMessage message, int size) {
        switch (message) {
            case Begin begin -> begin(begin);
            case Commit commit -> {
                return commit(commit, size);
            }
            case Insert(long xid, TableName leaf, var after) ->
                add(xid, new RowChange.Insert(changes.size(), rootOf.apply(leaf), leaf, after));
            case Update(long xid, TableName leaf, var after, var identity) ->
                add(xid, new RowChange.Update(changes.size(), rootOf.apply(leaf), leaf, after, identity));
            case Delete(long xid, TableName leaf, var identity) ->
                add(xid, new RowChange.Delete(changes.size(), rootOf.apply(leaf), leaf, identity));
            case Truncate(long xid, TableName leaf) ->
                add(xid, new RowChange.Truncate(changes.size(), rootOf.apply(leaf), leaf));
            case Logical logical -> logical(logical);
        }
        grow(size);
        return null;
    }

    /** Whether no begin waits for its commit. */
    boolean betweenTransactions() {
        return open == null;
    }

    /** Row changes of the transaction that is open. */
    int openChanges() {
        return changes.size();
    }

    /** Bytes on the wire of the transaction that is open. */
    long openBytes() {
        return bytes;
    }

    private void begin(Begin begin) {
        if (open != null) {
            throw outOfOrder("a transaction begins inside another");
        }
        open = begin;
    }

    private void add(long xid, RowChange change) {
        if (open == null || open.xid() != xid) {
            throw outOfOrder("a change lies outside its transaction");
        }
        changes.add(change);
    }

    /** A message outside a transaction was never committed with anything; it proves nothing and is left out. */
    private void logical(Logical logical) {
        if (!logical.transactional()) {
            return;
        }
        if (open == null) {
            throw outOfOrder("a transactional message lies outside a transaction");
        }
        messages.add(new LogicalMessage(logical.prefix(), logical.content()));
    }

    private SourceTransaction commit(Commit commit, int size) {
        Begin begin = open;
        if (begin == null
                || begin.xid() != commit.xid()
                || !begin.commitLsn().equals(commit.commitLsn())
                || !begin.endLsn().equals(commit.endLsn())) {
            throw outOfOrder("a commit does not belong to the transaction before it");
        }
        SourceTransaction transaction = new SourceTransaction(
                fullXid.of(begin.xid()),
                begin.commitLsn(),
                begin.endLsn(),
                begin.committedAt(),
                changes,
                messages,
                bytes + size);
        open = null;
        changes = new ArrayList<>();
        messages = new ArrayList<>();
        bytes = 0;
        return transaction;
    }

    private void grow(int size) {
        if (open == null) {
            return;
        }
        bytes += size;
        if (changes.size() > maxChanges || bytes > maxBytes) {
            throw new StreamProblem(
                    Code.TRANSACTION_TOO_LARGE,
                    "transaction " + open.xid() + " that commits at " + open.commitLsn() + " has more than "
                            + maxChanges + " changes or " + maxBytes + " bytes",
                    "Raise the transaction limits and the heap to five times the bytes, then restart");
        }
    }

    private static StreamProblem outOfOrder(String what) {
        return new StreamProblem(
                Code.UNDECODABLE, "messages came out of order: " + what, "Restart the reader; if it stays, report it");
    }
}
