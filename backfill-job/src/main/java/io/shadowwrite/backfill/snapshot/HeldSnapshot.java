package io.shadowwrite.backfill.snapshot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot of slot one. Its holder is the connection that created the slot, on which nothing may be said any more;
 * spares are idle sessions inside of the snapshot. As long as any of them, or any reader, lives, others can join. Thread-safe.
 */
public final class HeldSnapshot implements AutoCloseable {

    /** Names the holder's session, so that another run can see that one is under way. */
    public static final String HOLDER = "shadow-backfill-holder";

    private static final String MEMBER = "shadow-backfill";
    private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshot.class);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);

    private final SourceConnection source;
    private final ExportedSnapshot holder;
    private final List<String> tables;

    // Guarded by this, as are the next two.
    private final Set<SnapshotSession> members = new LinkedHashSet<>();
    private final Set<SnapshotSession> spares = new HashSet<>();
    private boolean holderLives = true;

    private HeldSnapshot(SourceConnection source, ExportedSnapshot holder, List<String> tables) {
        this.source = source;
        this.holder = holder;
        this.tables = List.copyOf(tables);
    }

    /**
     * Creates the slot and keeps its snapshot.
     *
     * @param tables names as SQL; their definitions stay as they are while the snapshot is held
     * @param maxWait how long slot creation may wait for older transactions
     * @param wantedSpares idle sessions inside of the snapshot
     * @throws StreamProblem as {@link ExportedSnapshot#withSlot}
     */
    public static HeldSnapshot take(
            SourceConnection source, String slot, List<String> tables, Duration maxWait, int wantedSpares) {
        ExportedSnapshot holder = ExportedSnapshot.withSlot(source, slot, HOLDER, maxWait);
        HeldSnapshot held = new HeldSnapshot(source, holder, tables);
        try {
            held.leave(held.join(held::awaitSettled));
            held.refillSpares(wantedSpares);
            return held;
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private void awaitSettled(Connection first) {
        try (Connection fresh = source.open(MEMBER)) {
            ExportedSnapshot.awaitSettled(first, fresh, SETTLED_WITHIN);
        } catch (SQLException e) {
            throw StreamProblem.of("waiting for the snapshot to settle", e);
        }
    }

    /** What the snapshot shows: every transaction with a commit LSN below. */
    public LogSequenceNumber lsn() {
        return holder.consistentPoint();
    }

    /** A name by which others can import it now: that of somebody who lived a moment ago. */
    public String name() {
        return names().getFirst();
    }

    /**
     * Another session inside of the snapshot, which {@link #leave} gives back.
     *
     * @throws SnapshotLost when nobody is left who holds it
     */
    public SnapshotSession join() {
        return join(_ -> {});
    }

    private SnapshotSession join(Consumer<Connection> beforeReading) {
        @Nullable StreamProblem gone = null;
        for (String name : names()) {
            try {
                SnapshotSession joined = SnapshotSession.join(source, MEMBER, name, tables, beforeReading);
                synchronized (this) {
                    members.add(joined);
                }
                return joined;
            } catch (StreamProblem problem) {
                if (problem.code() != StreamProblem.Code.SNAPSHOT_GONE) {
                    throw problem;
                }
                gone = problem;
            }
        }
        throw new SnapshotLost(gone);
    }

    /** The session ends; it may have ended already. */
    public void leave(SnapshotSession session) {
        synchronized (this) {
            members.remove(session);
            spares.remove(session);
        }
        session.close();
    }

    /** Those of the holder and of the youngest members come first: who is old may be a connection that died unnoticed. */
    private synchronized List<String> names() {
        List<String> names = new ArrayList<>();
        if (holderLives) {
            names.add(holder.name());
        }
        new ArrayList<>(members).reversed().forEach(member -> names.add(member.name()));
        if (names.isEmpty()) {
            throw new SnapshotLost(null);
        }
        return names;
    }

    /** Joins until there are as many idle sessions as wanted. */
    public void refillSpares(int wanted) {
        while (spareCount() < wanted) {
            SnapshotSession spare = join();
            synchronized (this) {
                spares.add(spare);
            }
        }
    }

    private synchronized int spareCount() {
        return spares.size();
    }

    /** The server's processes that hold the snapshot without reading. */
    synchronized Set<Integer> idlePids() {
        Set<Integer> pids = new HashSet<>();
        if (holderLives) {
            pids.add(holder.holderPid());
        }
        spares.forEach(spare -> pids.add(spare.pid()));
        return pids;
    }

    /** The server no longer has these of the {@link #idlePids}. */
    void lost(Set<Integer> pids) {
        List<SnapshotSession> dead;
        synchronized (this) {
            if (holderLives && pids.contains(holder.holderPid())) {
                holderLives = false;
                LOG.warn("The holder of the snapshot ended; the load goes on from {} other session(s)", members.size());
            }
            dead = spares.stream().filter(spare -> pids.contains(spare.pid())).toList();
        }
        if (!dead.isEmpty()) {
            LOG.warn("{} spare session(s) of the snapshot ended and are replaced", dead.size());
        }
        dead.forEach(this::leave);
    }

    /** Ends the holder and every session; who imported the snapshot elsewhere keeps it. */
    @Override
    public void close() {
        List<SnapshotSession> left;
        synchronized (this) {
            left = List.copyOf(members);
            members.clear();
            spares.clear();
            holderLives = false;
        }
        left.forEach(SnapshotSession::close);
        holder.close();
    }
}
