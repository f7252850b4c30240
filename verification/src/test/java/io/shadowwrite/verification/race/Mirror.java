package io.shadowwrite.verification.race;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.pin.HoldControl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Both readers of a small source in one: whenever it is asked for its position it first decodes all there is and applies each
 * transaction, with its receipts, its key map and its position, in one transaction of the target.
 */
final class Mirror implements HoldControl {

    private static final String SLOT = "mirror";

    private static final String DECODED = """
            select d ->> 'action', d ->> 'xid', d ->> 'lsn', d ->> 'nextlsn',
                   (select c ->> 'value' from jsonb_array_elements(d -> 'columns') c where c ->> 'name' = 'id'),
                   (select c ->> 'value' from jsonb_array_elements(d -> 'columns') c where c ->> 'name' = 'code'),
                   (select c ->> 'value' from jsonb_array_elements(d -> 'columns') c where c ->> 'name' = 'name'),
                   (select c ->> 'value' from jsonb_array_elements(d -> 'identity') c where c ->> 'name' = 'id')
              from pg_logical_slot_get_changes('mirror', null, null, 'format-version', '2', 'include-lsn', 'true',
                   'include-transaction', 'true', 'include-xids', 'true') with ordinality as m (lsn, xid, data, n),
                   lateral (select m.data::jsonb as d) j
             order by n
            """;

    private static final String RECEIPT = """
            insert into shadow.event_ledger (side, commit_lsn, change_index, digest0, digest1, source_table, operation, xid,
                                             source_key)
            select side, ?::pg_lsn, ?, 1, 1, 1, 1, ?, ? from (values (1), (2)) s (side)
            """;

    private static final String MAP = """
            insert into shadow.pk_map values (1, 1, ?, ?, 'current', ?::pg_lsn)
                on conflict (source_table, source_key, target_model) do update
               set target_key = excluded.target_key, state = 'current', changed_lsn = excluded.changed_lsn
             where (pk_map.target_key, pk_map.state) is distinct from (excluded.target_key, 'current')
            """;

    private final Database source;
    private final Database target;
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
    private volatile Runnable always = () -> {};

    private String commitLsn = "";
    private int changeIndex;

    Mirror(Database source, Database target) {
        this.source = source;
        this.target = target;
        source.execute("select pg_create_logical_replication_slot('" + SLOT + "', 'wal2json')");
    }

    /** What happens once, after the next source snapshot was taken and before the target is followed up. */
    void meanwhile(Runnable once) {
        meanwhile.set(once);
    }

    /** What happens whenever the positions are asked for. */
    void always(Runnable each) {
        always = each;
    }

    void drop() {
        source.execute("select pg_drop_replication_slot('" + SLOT + "')");
    }

    @Override
    public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
        throw new HoldRefused("nobody may hold here", null);
    }

    @Override
    public void release() {}

    @Override
    public Positions positions() {
        Runnable once = meanwhile.getAndSet(null);
        if (once != null) {
            once.run();
        }
        always.run();
        follow();
        LogSequenceNumber position = Lsn.parse(Objects.requireNonNull(
                target.queryForString("select min(position)::text from shadow.reader_position")));
        return new Positions(position, position);
    }

    /** Applies all there is. */
    synchronized void follow() {
        try (Connection from = source.connect();
                Statement statement = from.createStatement();
                ResultSet rows = statement.executeQuery(DECODED);
                Connection to = target.connect()) {
            to.setAutoCommit(false);
            while (rows.next()) {
                apply(to, rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(Connection to, ResultSet row) throws SQLException {
        switch (row.getString(1)) {
            case "B" -> {
                commitLsn = row.getString(3);
                changeIndex = 0;
            }
            case "C" -> {
                run(to, "update shadow.reader_position set position = ?::pg_lsn", row.getString(4));
                to.commit();
            }
            case "I", "U", "D" -> change(to, row);
            default -> {
                // A message.
            }
        }
    }

    private void change(Connection to, ResultSet row) throws SQLException {
        String id = row.getString(5);
        String former = row.getString(8);
        if (former != null && !former.equals(id)) {
            leave(to, key("id", former));
        }
        if (id != null) {
            String code = key("code", row.getString(6));
            run(to, """
                    delete from unified.item i
                     using shadow.pk_map m
                     where m.source_key = ? and m.state = 'current' and m.target_key = '{"code":' || i.code || '}'
                    """, key("id", id));
            run(to, "insert into unified.item values (?::bigint, ?)", row.getString(6), row.getString(7));
            run(to, MAP, key("id", id), code, commitLsn);
        }
        run(to, RECEIPT, commitLsn, changeIndex++, row.getLong(2), key("id", id == null ? former : id));
    }

    private void leave(Connection to, String sourceKey) throws SQLException {
        run(to, """
                with gone as (
                  update shadow.pk_map set state = 'archived', changed_lsn = ?::pg_lsn
                   where source_key = ? and state = 'current' returning target_key)
                delete from unified.item i using gone where gone.target_key = '{"code":' || i.code || '}'
                """, commitLsn, sourceKey);
    }

    private static String key(String column, @Nullable String value) {
        return "{\"" + column + "\":" + value + "}";
    }

    private static void run(Connection to, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = to.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }
}
