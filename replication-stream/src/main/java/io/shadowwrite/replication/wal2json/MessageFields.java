package io.shadowwrite.replication.wal2json;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.TableName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The top-level fields of one message while it is read, and what they amount to. */
final class MessageFields {

    private static final Set<String> SCALARS = Set.of(
            "action", "xid", "timestamp", "lsn", "nextlsn", "schema", "table", "transactional", "prefix", "content");

    /** Up to six digits of a second; the session's time zone is UTC, which shows as +00. */
    private static final DateTimeFormatter COMMIT_TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .appendLiteral("+00")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final Map<String, @Nullable String> scalars = new HashMap<>();
    private @Nullable Row columns;
    private @Nullable Row identity;

    void scalar(String name, @Nullable String value) {
        if (!SCALARS.contains(name) || scalars.containsKey(name)) {
            throw Wal2JsonReader.undecodable("it has an unknown or repeated key");
        }
        scalars.put(name, value);
    }

    void columns(Row row) {
        if (columns != null) {
            throw Wal2JsonReader.undecodable("it has columns twice");
        }
        columns = row;
    }

    void identity(Row row) {
        if (identity != null) {
            throw Wal2JsonReader.undecodable("it has an identity twice");
        }
        identity = row;
    }

    Wal2JsonMessage message() {
        return switch (text("action")) {
            case "B" -> new Wal2JsonMessage.Begin(xid(), committedAt(), lsn("lsn"), lsn("nextlsn"));
            case "C" -> new Wal2JsonMessage.Commit(xid(), lsn("lsn"), lsn("nextlsn"));
            case "I" -> new Wal2JsonMessage.Insert(xid(), table(), after());
            case "U" -> new Wal2JsonMessage.Update(xid(), table(), after(), oldKey());
            case "D" -> new Wal2JsonMessage.Delete(xid(), table(), oldKey());
            case "T" -> new Wal2JsonMessage.Truncate(xid(), table());
            case "M" ->
                new Wal2JsonMessage.Logical(text("transactional").equals("true"), text("prefix"), text("content"));
            default -> throw Wal2JsonReader.undecodable("its action is unknown");
        };
    }

    private String text(String name) {
        String value = scalars.get(name);
        if (value == null) {
            throw Wal2JsonReader.undecodable("it has no " + name);
        }
        return value;
    }

    private long xid() {
        try {
            return Integer.toUnsignedLong(Integer.parseUnsignedInt(text("xid")));
        } catch (NumberFormatException e) {
            throw Wal2JsonReader.undecodable("its xid is not a number of 32 bits");
        }
    }

    private LogSequenceNumber lsn(String name) {
        try {
            return Lsn.parse(text(name));
        } catch (IllegalArgumentException e) {
            throw Wal2JsonReader.undecodable("its " + name + " is not an LSN");
        }
    }

    private Instant committedAt() {
        try {
            return LocalDateTime.parse(text("timestamp"), COMMIT_TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw Wal2JsonReader.undecodable("its timestamp is not in UTC with at most six digits");
        }
    }

    private TableName table() {
        return new TableName(text("schema"), text("table"));
    }

    /** A table without columns sends none; that row is empty, not missing. */
    private Row after() {
        return columns == null ? Row.EMPTY : columns;
    }

    private Row oldKey() {
        return identity == null ? Row.EMPTY : identity;
    }
}
