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
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages between a begin and its commit together, and passes a large transaction on in parts before its commit has
 * arrived: the begin already tells where it commits. Used by the stream thread only.
 */
final class TransactionAssembler {

    private final FullXid fullXid;
    private final UnaryOperator<TableName> rootOf;
    private final int partChanges;
    private final long partBytes;

    private @Nullable Begin open;
    private List<RowChange> changes = new ArrayList<>();
    private List<LogicalMessage> messages = new ArrayList<>();
    private long bytes;
    private int passedOn;
    private boolean inParts;

    /**
     * @param partChanges row changes above which a transaction comes in parts, and of one part
     * @param partBytes the same in bytes on the wire
     */
    TransactionAssembler(FullXid fullXid, UnaryOperator<TableName> rootOf, int partChanges, long partBytes) {
        this.fullXid = fullXid;
        this.rootOf = rootOf;
        this.partChanges = partChanges;
        this.partBytes = partBytes;
    }

    /** Takes one message; answers what is complete with it or just before it, even a transaction that is empty. */
    @Nullable Received accept(Wal2JsonMessage message, int size) {
        if (message instanceof Commit commit) {
            return commit(commit, size);
        }
        Received full = isFull() ? part(false) : null;
        switch (message) {
            case Begin begin -> begin(begin);
            case Commit _ -> throw new IllegalStateException("was handled");
            case Insert(long xid, TableName leaf, var after) ->
                add(xid, new RowChange.Insert(index(), rootOf.apply(leaf), leaf, after));
            case Update(long xid, TableName leaf, var after, var identity) ->
                add(xid, new RowChange.Update(index(), rootOf.apply(leaf), leaf, after, identity));
            case Delete(long xid, TableName leaf, var identity) ->
                add(xid, new RowChange.Delete(index(), rootOf.apply(leaf), leaf, identity));
            case Truncate(long xid, TableName leaf) ->
                add(xid, new RowChange.Truncate(index(), rootOf.apply(leaf), leaf));
            case Logical logical -> logical(logical);
        }
        if (open != null) {
            bytes += size;
        }
        return full;
    }

    /** Whether no begin waits for its commit. */
    boolean betweenTransactions() {
        return open == null;
    }

    /** Row changes of the transaction that is open and not passed on. */
    int openChanges() {
        return changes.size();
    }

    /** Their bytes on the wire. */
    long openBytes() {
        return bytes;
    }

    private int index() {
        return passedOn + changes.size();
    }

    private boolean isFull() {
        return open != null && (changes.size() >= partChanges || bytes >= partBytes);
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
        if (!inParts) {
            messages.add(new LogicalMessage(logical.prefix(), logical.content()));
        }
    }

    private Received commit(Commit commit, int size) {
        Begin begin = open;
        if (begin == null
                || begin.xid() != commit.xid()
                || !begin.commitLsn().equals(commit.commitLsn())
                || !begin.endLsn().equals(commit.endLsn())) {
            throw outOfOrder("a commit does not belong to the transaction before it");
        }
        bytes += size;
        Received complete = inParts
                ? part(true)
                : new Received.Whole(new SourceTransaction(
                        fullXid.of(begin.xid()),
                        begin.commitLsn(),
                        begin.endLsn(),
                        begin.committedAt(),
                        changes,
                        messages,
                        bytes));
        startOver();
        open = null;
        passedOn = 0;
        inParts = false;
        return complete;
    }

    private Part part(boolean last) {
        Begin begin = Objects.requireNonNull(open);
        Part part = new Part(
                fullXid.of(begin.xid()), begin.commitLsn(), begin.endLsn(), begin.committedAt(), changes, bytes, last);
        passedOn += changes.size();
        inParts = true;
        startOver();
        return part;
    }

    private void startOver() {
        changes = new ArrayList<>();
        messages = new ArrayList<>();
        bytes = 0;
    }

    private static StreamProblem outOfOrder(String what) {
        return new StreamProblem(
                Code.UNDECODABLE, "messages came out of order: " + what, "Restart the reader; if it stays, report it");
    }
}
