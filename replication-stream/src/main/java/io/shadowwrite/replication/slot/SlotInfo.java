package io.shadowwrite.replication.slot;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * One logical slot as the catalog shows it.
 *
 * @param name name of the slot
 * @param plugin its output plug-in
 * @param database the database it decodes
 * @param temporary whether it goes with its session
 * @param active whether somebody reads it now
 * @param activePid the reader's process id, or null
 * @param confirmedFlush everything that committed below is confirmed; null while the slot is being created
 * @param restartLsn oldest WAL it keeps, or null when it keeps none
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; null when it keeps none
 * @param retainedBytes WAL it keeps, in bytes
 * @param safeWalBytes WAL that may still be written before it is lost, in bytes; null without a limit
 */
public record SlotInfo(
        String name,
        String plugin,
        String database,
        boolean temporary,
        boolean active,
        @Nullable Integer activePid,
        @Nullable LogSequenceNumber confirmedFlush,
        @Nullable LogSequenceNumber restartLsn,
        @Nullable String walStatus,
        long retainedBytes,
        @Nullable Long safeWalBytes) {

    /** Whether WAL the slot needs is gone, so that it can never be read again. */
    public boolean lost() {
        return "lost".equals(walStatus) || restartLsn == null;
    }
}
