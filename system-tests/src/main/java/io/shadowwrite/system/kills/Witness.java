package io.shadowwrite.system.kills;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A third opinion on what happened in the source that survives its crashes. Triggers write every row change into another
 * database of the same server, which no reader of the source's slots decodes. That write commits before the transaction it
 * tells of, and into the same log: whatever committed was written down, no transaction number that was written down is used
 * again, and what was written down in vain is known by the fate of its transaction.
 */
final class Witness implements AutoCloseable {

    private static final String DATABASE = "witness";
    private static final String SEPARATOR = "\u001f";

    private static final String NOTEBOOK = """
            CREATE TABLE change (
              seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xid bigint NOT NULL, source_table text NOT NULL,
              operation text NOT NULL, source_key text NOT NULL, former_key text, images text);
            """;

    /** Each table with its leaves and its key columns. */
    private static final String TABLES = """
            SELECT concat_ws(chr(31), n.nspname || '.' || coalesce(root.relname, c.relname), c.oid::regclass::text,
                   (SELECT string_agg(a.attname, ',' ORDER BY k.place)
                      FROM pg_index i
                     CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                     WHERE i.indrelid = c.oid AND i.indisprimary))
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_class root ON root.oid = pg_partition_root(c.oid)
             WHERE n.nspname = 'partners' AND c.relkind = 'r'
            """;

    private static final String SEEN = """
            SELECT concat_ws(chr(31), source_table, xid, operation, source_key, coalesce(former_key, ''), coalesce(images, ''))
              FROM witness.seen
             WHERE pg_xact_status(xid::text::xid8) = 'committed'
             ORDER BY seq
            """;

    private final PostgresServer server;
    private final Database source;

    private Witness(PostgresServer server, Database source) {
        this.server = server;
        this.source = source;
    }

    /** Watches from now on. */
    static Witness call(PostgresServer server, Database source, Contract contract) {
        server.createDatabase(DATABASE).runScript(NOTEBOOK);
        source.runScript(pen(source));
        Map<String, List<Copies>> copies = Copies.in(contract).stream()
                .collect(Collectors.groupingBy(each -> each.table().name().toString()));
        for (String line : texts(source.queryForList(TABLES))) {
            String[] table = line.split(SEPARATOR, -1);
            source.runScript(trigger(table[0], table[1], table[2], copies.getOrDefault(table[0], List.of())));
        }
        return new Witness(server, source);
    }

    private static String pen(Database source) {
        return """
                CREATE EXTENSION postgres_fdw;
                CREATE SCHEMA witness;
                CREATE SERVER witness FOREIGN DATA WRAPPER postgres_fdw
                  OPTIONS (host '%1$s', port '%2$d', dbname 'witness', fetch_size '20000');
                CREATE USER MAPPING FOR CURRENT_USER SERVER witness OPTIONS (user '%3$s', password '%4$s');
                CREATE FOREIGN TABLE witness.change (
                  xid bigint, source_table text, operation text, source_key text, former_key text, images text)
                  SERVER witness OPTIONS (schema_name 'public', table_name 'change');
                CREATE FOREIGN TABLE witness.seen (
                  seq bigint, xid bigint, source_table text, operation text, source_key text, former_key text, images text)
                  SERVER witness OPTIONS (schema_name 'public', table_name 'change');
                """.formatted(source.host(), source.port(), source.user(), source.password());
    }

    private static String trigger(String table, String leaf, String key, List<Copies> copies) {
        String images = copies.stream()
                .map(each -> "'%s=' || %s".formatted(each.model().name(), each.sourceImage("NEW")))
                .collect(Collectors.joining(", ", "concat_ws(';', ", ")"));
        return """
                CREATE FUNCTION witness.%1$s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF TG_OP = 'DELETE' THEN
                    INSERT INTO witness.change
                    VALUES (pg_current_xact_id()::text::bigint, '%3$s', TG_OP, %5$s, NULL, NULL);
                  ELSIF TG_OP = 'UPDATE' THEN
                    INSERT INTO witness.change
                    VALUES (pg_current_xact_id()::text::bigint, '%3$s', TG_OP, %4$s, nullif(%5$s, %4$s), %6$s);
                  ELSE
                    INSERT INTO witness.change
                    VALUES (pg_current_xact_id()::text::bigint, '%3$s', TG_OP, %4$s, NULL, %6$s);
                  END IF;
                  RETURN NULL;
                END $$;
                CREATE TRIGGER tell_the_witness AFTER INSERT OR UPDATE OR DELETE ON %2$s
                  FOR EACH ROW EXECUTE FUNCTION witness.%1$s();
                """.formatted(
                        "tell_of_" + leaf.replace('.', '_'),
                        leaf,
                        table,
                        keyOf(key, "NEW"),
                        keyOf(key, "OLD"),
                        copies.isEmpty() ? "NULL" : images);
    }

    private static String keyOf(String columns, String row) {
        return Arrays.stream(columns.split(",", -1))
                .map(column -> "'%s', %s.%s".formatted(column, row, QualifiedName.quote(column)))
                .collect(Collectors.joining(", ", "jsonb_build_object(", ")::text"));
    }

    /** Every committed change, those of one row in the order in which they happened. */
    List<Sighting> sightings() {
        return texts(source.queryForList(SEEN)).stream().map(Witness::sighting).toList();
    }

    private static Sighting sighting(String line) {
        String[] parts = line.split(SEPARATOR, -1);
        Map<String, String> images = new HashMap<>();
        for (String image : parts[5].split(";", -1)) {
            int equals = image.indexOf('=');
            if (equals > 0) {
                images.put(image.substring(0, equals), image.substring(equals + 1));
            }
        }
        return new Sighting(
                parts[0], parts[3], parts[4].isEmpty() ? null : parts[4], Long.parseLong(parts[1]), parts[2], images);
    }

    private static List<String> texts(List<@Nullable String> lines) {
        return lines.stream().map(Objects::requireNonNull).toList();
    }

    /** Leaves the source as it was; nobody may be writing. */
    @Override
    public void close() {
        source.execute("DROP SCHEMA witness CASCADE", "DROP EXTENSION postgres_fdw CASCADE");
        server.dropDatabase(DATABASE);
    }
}
