package io.shadowwrite.system.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
@Timeout(120)
class TrafficTest {

    private static final double UNLIMITED = Double.POSITIVE_INFINITY;
    private static final String TABLES = """
            select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'partners' order by 1
            """;

    @Test
    void doesEverythingItClaims(@Source Database source) {
        load(source);
        Traffic traffic = traffic(source, 7, 1);
        traffic.seedReferenceRows();

        TrafficReport report = traffic.run(3_000, UNLIMITED, () -> false);

        assertThat(report.totalRowChanges()).isGreaterThanOrEqualTo(3_000).isEqualTo(traffic.changes());
        assertThat(Operation.values())
                .allSatisfy(
                        operation -> assertThat(report.rowChanges(operation)).isPositive());
        assertThat(Activity.values())
                .allSatisfy(activity -> assertThat(report.rowChanges(activity)).isPositive());
        assertThat(contents(source).values()).noneMatch(content -> content.startsWith("0 "));
    }

    @Test
    void repeatsItselfWithOneWriterAndTheSameSeed(@Source Database source, @Target Database other) {
        for (Database each : new Database[] {source, other}) {
            load(each);
            Traffic traffic = traffic(each, 42, 1);
            traffic.seedReferenceRows();
            assertThat(traffic.run(2_000, UNLIMITED, () -> false).retries()).isZero();
        }

        assertThat(contents(source)).isEqualTo(contents(other));
    }

    @Test
    void keepsOutOfLineWhatIsMeantToBe(@Source Database source) {
        load(source);

        traffic(source, 3, 1).seedReferenceRows();

        assertThat(source.queryForLong("""
                        select pg_relation_size(reltoastrelid) from pg_class
                        where oid = 'partners.partner_document'::regclass
                        """)).isPositive();
        assertThat(source.queryForLong("select max(pg_column_size(p)) from partners.partner as p"))
                .as("conditions may only use columns that are always in the log")
                .isLessThan(2_000);
    }

    @Test
    void letsWritersCompeteForRows(@Source Database source) {
        load(source);
        Traffic traffic = traffic(source, 11, 3);
        traffic.seedReferenceRows();

        TrafficReport report = traffic.run(1_500, UNLIMITED, () -> false);

        assertThat(report.totalRowChanges()).isGreaterThanOrEqualTo(1_500);
        assertThat(report.abandoned()).isZero();
    }

    @Test
    void endsWhenToldTo(@Source Database source) {
        load(source);
        Traffic traffic = traffic(source, 5, 2);
        traffic.seedReferenceRows();
        AtomicInteger asked = new AtomicInteger();

        TrafficReport report = traffic.run(Long.MAX_VALUE, UNLIMITED, () -> asked.incrementAndGet() > 20);

        assertThat(report.transactions()).isBetween(1L, 20L);
    }

    private static Traffic traffic(Database database, long seed, int writers) {
        return new Traffic(database.jdbcUrl(), database.user(), database.password(), seed, writers);
    }

    private static void load(Database database) {
        try (InputStream script = TrafficTest.class.getResourceAsStream("/contracts/partners-to-unified/source.sql")) {
            database.runScript(new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> contents(Database database) {
        Map<String, String> contents = new LinkedHashMap<>();
        for (@Nullable String table : database.queryForList(TABLES)) {
            String content = database.queryForString("""
                    select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '')
                    from %s as t
                    """.formatted(table));
            contents.put(Objects.requireNonNull(table), Objects.requireNonNull(content));
        }
        return contents;
    }
}
