package io.shadowwrite.verification.pin;

/**
 * What the target snapshot shows and the source snapshot does not: exactly the transactions with receipts in the target
 * whose ids are not visible in the source snapshot. The target lacks nothing that the source shows.
 *
 * @param snapshot the source snapshot, as PostgreSQL spells a {@code pg_snapshot}
 * @param again takes another pin of this kind, for a second look at a few rows
 */
public record RaceWindow(String snapshot, Pin again) {

    /** The first transaction id that may not be visible; every lower one is. */
    public long xmin() {
        return Long.parseLong(snapshot.substring(0, snapshot.indexOf(':')));
    }
}
