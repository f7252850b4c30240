package io.shadowwrite.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.Write;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.ObedientReaders;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.pin.SnapshotPin;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.TargetConnection;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

@PostgresTest
class TickTest {

    private static final ColumnType BIGINT = new ColumnType("bigint", Kind.INTEGER);
    private static final ColumnType TEXT = new ColumnType("text", Kind.TEXT);
    private static final ColumnType MONEY = new ColumnType("numeric(12,2)", Kind.DECIMAL);
    private static final QualifiedName ITEM = new QualifiedName("app", "item");
    private static final QualifiedName NOTE = new QualifiedName("app", "note");

    private final Database source;
    private final Database target;
    private final ToldSteps told = new ToldSteps();
    private Duration timeout = Duration.ofMinutes(1);

    TickTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
    }

    @BeforeEach
    void equalDatabases() {
        source.execute(
                "create schema app",
                "create table app.item (id bigint primary key, name text, cents bigint, kind text not null)",
                "create table app.note (id bigint primary key)",
                "insert into app.item select g, ' name ' || g, g * 7, case when g % 10 = 0 then 'X' else 'A' end"
                        + " from generate_series(1, 1000) g",
                "insert into app.note select generate_series(1, 3)");
        ShadowTables.create(target);
        target.execute(
                "create schema unified",
                "create table unified.item (id bigint not null, name text, amount numeric(12,2), gone boolean,"
                        + " valid_from timestamptz not null default now(), valid_to timestamptz)",
                "create unique index item_current on unified.item (id) where valid_to is null",
                "insert into unified.item (id, name, amount) select g, 'name ' || g, g * 0.07"
                        + " from generate_series(1, 1000) g where g % 10 <> 0",
                "insert into shadow.pk_map select 1, 1, '{\"id\":' || id || '}', '{\"id\":' || id || '}', 'current'"
                        + " from unified.item",
                "insert into shadow.pk_map values (1, 1, '{\"id\":10}', '{\"id\":10}', 'archived')",
                "insert into unified.item (id, name, valid_to) values (1, 'earlier', now())",
                "insert into unified.item (id, name, gone) values (10, 'archived', true)");
    }

    @Test
    void findsEqualDatabasesCleanAndTellsWhatItCompared() {
        TickResult result = tick(false);

        assertThat(result.reason()).startsWith("1 model(s), 1800 rows compared");
        assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(result.coverage()).containsExactly(new Coverage("Item", 900, 900, 0));
        assertThat(result.unmapped()).containsExactly(Map.entry("app.note", 3L));
        assertThat(result.pinLsn()).isNotNull();
    }

    @Test
    void isNotCleanWhereAKeyCouldBeThereTwice() {
        target.execute("drop index unified.item_current");

        TickResult without = tick(false);

        assertThat(without.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(without.reason())
                .contains("model Item: table unified.item has no unique index that allows one current version")
                .contains("CREATE UNIQUE INDEX ON \"unified\".\"item\" (\"id\") WHERE \"valid_to\" IS NULL;");

        target.execute("create unique index on unified.item (id) where valid_to is null and not gone");
        assertThat(tick(false).verdict()).isEqualTo(Verdict.INCONCLUSIVE);

        target.execute("update unified.item set name = 'other' where id = 2");
        assertThat(tick(false).verdict()).isEqualTo(Verdict.DIRTY);
    }

    @Test
    void endsWhenItsTimeIsOverHoweverShortEachQueryIs() {
        timeout = Duration.ofSeconds(2);
        // Half a minute for all of it, and no query nearly as long as one may be.
        source.execute(
                "alter table app.item rename to item_rows",
                "create view app.item as select * from app.item_rows where pg_sleep(0.03)::text = ''");

        TickResult result = tick(false);

        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.reason()).contains("the comparison did not end within 2 s", "tick-timeout");
        Await.until(
                "nobody reads any more",
                Duration.ofSeconds(20),
                () -> source.queryForLong(
                                "select count(*) from pg_stat_activity where application_name = 'shadow-verifier'")
                        == 0);
    }

    @Test
    void tellsEveryStepAndEveryRowThatItReads() {
        source.execute("analyze");
        target.execute("analyze", "update unified.item set amount = 0 where id = 2");

        tick(false);

        assertThat(told.steps())
                .containsExactly(
                        Step.PIN_BEGIN,
                        Step.PIN_SOURCE,
                        Step.PIN_HELD,
                        Step.PIN_READERS,
                        Step.PIN_TARGET,
                        Step.PIN_RELEASED,
                        Step.ATTEST,
                        Step.COMPARE,
                        Step.DRILL,
                        Step.COMPARE_KEYS,
                        Step.VERDICT);
        assertThat(told.rows(Step.COMPARE)).isEqualTo(1_800);
        assertThat(told.rows(Step.DRILL)).isPositive();
        assertThat(told.expected(Step.COMPARE)).isEqualTo(1_902);
    }

    @Test
    void comparesWhatABackfillLoadedWhateverTheSourceHasBecome() {
        SourceConnection address = new SourceConnection(source.jdbcUrl(), source.user(), source.password());
        Duration bound = Duration.ofSeconds(10);
        try (ExportedSnapshot holder = ExportedSnapshot.temporary(address, "backfill-of-a-test", bound)) {
            source.execute("delete from app.item where id < 500");
            target.execute("update shadow.reader_position set position = '"
                    + holder.consistentPoint().asString() + "'");
            SnapshotPin pin = new SnapshotPin(
                    address,
                    new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                    holder.name(),
                    holder.consistentPoint(),
                    new PinSettings(2, bound, bound, bound, bound, bound),
                    told);
            TickSettings settings =
                    new TickSettings(holder.consistentPoint(), 4, 100, 100, false, Duration.ofMinutes(1));

            TickResult result = new Tick(contract(), pin, settings, Clock.systemUTC(), told).run();

            assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.CLEAN);
            assertThat(result.coverage()).containsExactly(new Coverage("Item", 900, 900, 0));
            assertThat(result.eventsAttested()).isZero();
        }
    }

    @Test
    void comparesByMd5WhenTheServersHashAnotherWay() {
        target.execute(
                "alter function pg_catalog.hashtextextended(text, bigint) rename to hashtextextended_of_this_build",
                "create function pg_catalog.hashtextextended(text, bigint) returns bigint language sql immutable strict"
                        + " as $$ select pg_catalog.hashtextextended_of_this_build($1, $2) # 1 $$");

        assertThat(tick(false).verdict()).isEqualTo(Verdict.CLEAN);

        target.execute("update unified.item set amount = 0 where id = 2 and valid_to is null");
        assertThat(tick(false).findings()).extracting(Finding::targetKey).containsExactly("{\"id\":2}");
    }

    @Test
    void namesEveryKindOfDifference() {
        target.execute(
                "drop index unified.item_current",
                "delete from unified.item where id = 1 and valid_to is null",
                "update unified.item set amount = 0 where id = 2",
                "insert into unified.item (id, name, amount) values (5000, 'nobody', 1)",
                "insert into unified.item (id, name, amount) select id, name, amount from unified.item where id = 4");

        TickResult result = tick(false);

        assertThat(result.verdict()).isEqualTo(Verdict.DIRTY);
        assertThat(result.findings())
                .extracting(Finding::findingClass, Finding::targetKey, Finding::columns)
                .containsExactlyInAnyOrder(
                        tuple(FindingClass.MISSING_IN_RDB, "{\"id\":1}", List.of()),
                        tuple(FindingClass.VALUE_MISMATCH, "{\"id\":2}", List.of("amount")),
                        tuple(FindingClass.EXTRA_IN_RDB, "{\"id\":5000}", List.of()),
                        tuple(FindingClass.DUPLICATE_CURRENT_VERSION, "{\"id\":4}", List.of()));
    }

    @Test
    void holdsTheKeyMapAgainstTheSource() {
        target.execute(
                "update shadow.pk_map set state = 'archived' where source_key = '{\"id\":1}'",
                "update shadow.pk_map set target_key = '{\"id\":7}' where source_key = '{\"id\":2}'",
                "update shadow.pk_map set state = 'current' where source_key = '{\"id\":10}'");

        TickResult result = tick(false);

        assertThat(result.findings())
                .extracting(Finding::findingClass, Finding::targetKey, Finding::columns)
                .containsExactlyInAnyOrder(
                        tuple(FindingClass.MISSING_IN_RDB, "{\"id\":1}", List.of("pk_map")),
                        tuple(FindingClass.VALUE_MISMATCH, "{\"id\":2}", List.of("pk_map")),
                        tuple(FindingClass.EXTRA_IN_RDB, "{\"id\":10}", List.of("pk_map")));
    }

    @Test
    void seesASourceRowWithoutAKey() {
        source.execute(
                "alter table app.item drop constraint item_pkey, alter column id drop not null",
                "insert into app.item (name, kind) values ('nameless', 'A')");

        TickResult result = tick(false);

        assertThat(result.verdict()).isEqualTo(Verdict.DIRTY);
        assertThat(result.findings())
                .extracting(Finding::findingClass, Finding::targetKey, Finding::columns)
                .containsExactlyInAnyOrder(
                        tuple(FindingClass.MISSING_IN_RDB, "null", List.of()),
                        tuple(FindingClass.MISSING_IN_RDB, "null", List.of("pk_map")));
    }

    @Test
    void letsNoTargetRowWithoutAKeyMakeUpForASourceRowWithoutOne() {
        source.execute(
                "alter table app.item drop constraint item_pkey, alter column id drop not null",
                "insert into app.item (name, kind) values ('nameless', 'A')");
        target.execute(
                "alter table unified.item alter column id drop not null",
                "insert into unified.item (name) values ('nameless')");

        assertThat(tick(false).findings())
                .extracting(Finding::findingClass, Finding::targetKey, Finding::columns)
                .contains(
                        tuple(FindingClass.MISSING_IN_RDB, "null", List.of()),
                        tuple(FindingClass.EXTRA_IN_RDB, "NULL", List.of()));
    }

    @Test
    void staysDirtyWhenTheTickBreaksOffAfterADifferenceWasFound() {
        target.execute("""
                insert into shadow.event_ledger (side, commit_lsn, change_index, digest0, digest1, source_table, operation,
                                                 xid, source_key)
                values (2, '0/2', 0, 1, 1, 1, 2, 1, '{"id":8}')
                """, "alter table shadow.pk_map rename column state to status");

        TickResult result = tick(false);

        assertThat(result.verdict()).isEqualTo(Verdict.DIRTY);
        assertThat(result.reason()).startsWith("1 finding(s) (1 RECEIPT_MISMATCH), then reading the key map");
        assertThat(result.attested()).isEmpty();
    }

    @Test
    void provesNothingWithTwoEmptyDatabasesUnlessThatIsAllowed() {
        source.execute("delete from app.item");
        target.execute("delete from unified.item", "delete from shadow.pk_map");

        assertThat(tick(false).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick(true).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void isInconclusiveWhenATableCannotBeRead() {
        target.execute("alter table unified.item rename column amount to price");

        TickResult result = tick(false);

        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.reason()).contains("unified.item for model Item", "SQLSTATE 42703");
    }

    @Test
    void isInconclusiveWhenAPolicyMayHideRows() {
        target.execute(
                "drop role if exists shy",
                "create role shy login",
                "grant usage on schema unified, shadow to shy",
                "grant select on all tables in schema unified, shadow to shy",
                "alter table unified.item enable row level security");
        try {
            TickResult result = tick(new TargetConnection(target.jdbcUrl(), "shy", ""), false);

            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reason()).contains("BYPASSRLS");
        } finally {
            target.execute("drop owned by shy", "drop role shy");
        }
    }

    private TickResult tick(boolean allowEmpty) {
        return tick(new TargetConnection(target.jdbcUrl(), target.user(), target.password()), allowEmpty);
    }

    private TickResult tick(TargetConnection address, boolean allowEmpty) {
        Duration bound = Duration.ofSeconds(10);
        PinSettings settings = new PinSettings(2, bound, bound, bound, bound, Duration.ofMinutes(1));
        BarrierPin pin = new BarrierPin(
                new SourceConnection(source.jdbcUrl(), source.user(), source.password()),
                address,
                new ObedientReaders(target),
                settings,
                told);
        TickSettings tick = new TickSettings(LogSequenceNumber.valueOf("0/1"), 4, 100, 100, allowEmpty, timeout);
        return new Tick(contract(), pin, tick, Clock.systemUTC(), told).run();
    }

    private static Contract contract() {
        Map<String, ColumnType> target = new LinkedHashMap<>();
        target.put("id", BIGINT);
        target.put("name", TEXT);
        target.put("amount", MONEY);
        TargetModel model = new TargetModel.Scd2(
                "Item",
                new QualifiedName("unified", "item"),
                List.of("id"),
                target,
                "valid_from",
                "valid_to",
                "gone",
                TargetModel.OnDelete.ARCHIVE);
        Write write = new Write(
                0,
                model,
                new Filter.Compare("kind", TEXT, Filter.Operator.EQUAL, "A"),
                Map.of("id", new Expression.Column("id", BIGINT, null)),
                Map.of(
                        "name", new Expression.Trim(new Expression.Column("name", TEXT, null)),
                        "amount", new Expression.Scale(new Expression.Column("cents", BIGINT, null), -2)));
        Map<String, ColumnType> columns = Map.of("id", BIGINT, "name", TEXT, "cents", BIGINT, "kind", TEXT);
        Map<QualifiedName, SourceTable> sources = new LinkedHashMap<>();
        sources.put(
                ITEM,
                new SourceTable.Mapped(
                        ITEM, columns, List.of("id"), SourceTable.Identity.DEFAULT, null, List.of(write)));
        sources.put(NOTE, new SourceTable.Unmapped(NOTE, "left out"));
        return new Contract("test", "", sources, Map.of("Item", model));
    }
}
