package io.shadowwrite.replication;

/**
 * A transactional message somebody put into the WAL of the source.
 *
 * @param prefix whose message it is
 * @param content its text
 */
public record LogicalMessage(String prefix, String content) {

    /** Prefix of the regular sign of life. */
    public static final String HEARTBEAT = "shadow.heartbeat";

    /** Prefix of a message that proves how far a reader has come. */
    public static final String MARKER = "shadow.marker";
}
