package io.shadowwrite.verification.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.BucketTotals;
import io.shadowwrite.verification.scan.Buckets;
import io.shadowwrite.verification.scan.Pages;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@PostgresTest
class ComparerTest {

    private static final String TABLE = "create table public.t (k text, c0 text, c1 text, c2 text)";
    private static final String ROWS =
            "insert into public.t select 'k' || g, 'a' || g, (g * 1.5)::text, null" + " from generate_series(1, 500) g";

    private final Database source;
    private final Database target;

    ComparerTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
    }

    @BeforeEach
    void equalTables() {
        source.execute(TABLE, ROWS);
        target.execute(TABLE, ROWS);
    }

    @ParameterizedTest
    @EnumSource
    void findsEqualRowsEqualWithEitherHash(RowHash hash) throws SQLException {
        Findings findings = new Findings(10);

        assertThat(compare(hash, findings, image())).containsExactly(new Coverage("T", 500, 500, 0));
        assertThat(findings.total()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void namesTheColumnAndShowsBothRows(RowHash hash) throws SQLException {
        target.execute("update public.t set c1 = 'x', c2 = '' where k = 'k7'");
        Findings findings = new Findings(10);

        compare(hash, findings, image());

        assertThat(findings.kept()).singleElement().satisfies(finding -> {
            assertThat(finding.findingClass()).isEqualTo(FindingClass.VALUE_MISMATCH);
            assertThat(finding.columns()).containsExactly("score", "note");
            assertThat(finding.sourceImage()).containsEntry("score", "10.5").containsEntry("note", null);
            assertThat(finding.targetImage()).containsEntry("score", "x").containsEntry("note", "");
        });
    }

    @Test
    void seesValuesThatTwoRowsHaveSwapped() throws SQLException {
        target.execute("update public.t set c0 = case k when 'k1' then 'a2' else 'a1' end where k in ('k1', 'k2')");

        assertThat(found(image())).extracting(Finding::targetKey).containsExactlyInAnyOrder("k1", "k2");
    }

    @Test
    void seesTheSameChangeOnTwoRows() throws SQLException {
        target.execute("update public.t set c2 = 'same' where k in ('k1', 'k2')");

        assertThat(found(image())).extracting(Finding::targetKey).containsExactlyInAnyOrder("k1", "k2");
    }

    @Test
    void seesAValueThatMovedToTheNextColumn() throws SQLException {
        target.execute("update public.t set c1 = null, c2 = c1 where k = 'k1'");

        assertThat(found(image())).extracting(Finding::columns).containsExactly(List.of("score", "note"));
    }

    @Test
    void seesTextThatMovedAcrossTheBoundaryOfTwoColumns() throws SQLException {
        source.execute("insert into public.t values ('m', 'ab', 'c', null)");
        target.execute("insert into public.t values ('m', 'a', 'bc', null)");

        assertThat(found(image())).extracting(Finding::columns).containsExactly(List.of("name", "score"));
    }

    @Test
    void callsAnotherSpellingOfANumberARepresentation() throws SQLException {
        target.execute(
                "update public.t set c1 = '1.500' where k = 'k1'",
                "update public.t set c1 = '3.00', c0 = 'other' where k = 'k2'");

        assertThat(found(image()))
                .extracting(Finding::targetKey, Finding::findingClass)
                .containsExactlyInAnyOrder(
                        tuple("k1", FindingClass.REPRESENTATION_ONLY_DIFFERENCE),
                        tuple("k2", FindingClass.VALUE_MISMATCH));
    }

    @Test
    void seesADuplicateAlsoOfARowThatNobodyExpects() throws SQLException {
        target.execute(
                "insert into public.t select * from public.t where k = 'k3'",
                "insert into public.t values ('z'), ('z')",
                "delete from public.t where k = 'k4'");

        assertThat(found(image()))
                .extracting(Finding::targetKey, Finding::findingClass)
                .containsExactlyInAnyOrder(
                        tuple("k3", FindingClass.DUPLICATE_CURRENT_VERSION),
                        tuple("z", FindingClass.DUPLICATE_CURRENT_VERSION),
                        tuple("z", FindingClass.EXTRA_IN_RDB),
                        tuple("k4", FindingClass.MISSING_IN_RDB));
    }

    @Test
    void seesTwoSourceRowsThatClaimOneTargetRow() throws SQLException {
        source.execute("insert into public.t select * from public.t where k = 'k3'");

        assertThat(found(image()))
                .extracting(Finding::targetKey, Finding::findingClass)
                .containsExactly(tuple("k3", FindingClass.VALUE_MISMATCH));
    }

    @Test
    void addsUpWhatSeveralWritesFeedIntoOneModel() throws SQLException {
        Image odd = image("public.odd", "c0", "right(k, 1) in ('1', '3', '5', '7', '9')");
        Image even = image("public.even", "c0", "right(k, 1) in ('0', '2', '4', '6', '8')");
        target.execute("delete from public.t where k = 'k4'");

        assertThat(found(odd, even))
                .extracting(Finding::targetKey, Finding::sourceTable)
                .containsExactly(tuple("k4", "public.even"));
    }

    @Test
    void countsWhatItDoesNotKeep() throws SQLException {
        target.execute("update public.t set c0 = 'x' where k < 'k3'");
        Findings findings = new Findings(10);

        compare(RowHash.SERVER, findings, image());

        assertThat(findings.kept()).hasSize(10);
        assertThat(findings.total()).isEqualTo(source.queryForLong("select count(*) from public.t where k < 'k3'"));
        assertThat(findings.blocking()).isEqualTo(findings.total());
    }

    @Test
    void givesEveryDifferenceItsClassAlsoBeyondTheOnesItKeeps() throws SQLException {
        source.execute("insert into public.t select 'm' || g, 'a', g || '.5', null from generate_series(1, 4000) g");
        target.execute(
                "insert into public.t select 'm' || g, 'a', g || case g % 4 when 0 then '.50' when 1 then '.6' else '.5' end,"
                        + " null from generate_series(1, 4000) g where g % 4 <> 2");
        Findings findings = new Findings(5);

        compare(RowHash.SERVER, findings, image());

        assertThat(findings.totals())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        FindingClass.REPRESENTATION_ONLY_DIFFERENCE, 1000L,
                        FindingClass.VALUE_MISMATCH, 1000L,
                        FindingClass.MISSING_IN_RDB, 1000L));
        assertThat(findings.kept()).hasSize(5);
        assertThat(findings.summary()).endsWith("of which the first 5 are kept");
    }

    @Test
    void sortsKeysAndNeverWholeRowsHoweverManyDiffer() throws SQLException {
        String many =
                "insert into public.t select 'm' || g, repeat('x', 3900), g || '.5', null from generate_series(1, 20000) g";
        String plain = "alter table public.t alter c0 set storage plain";
        // The rows are more than a session may sort in memory, their keys and numbers far less.
        String limit =
                "do $$ begin execute format('alter database %I set temp_file_limit = 1024', current_database()); end $$";
        source.execute(plain, many, limit);
        target.execute(plain, many, "update public.t set c1 = c1 || '1' where k like 'm%'", limit);
        Findings findings = new Findings(10);

        compare(RowHash.SERVER, findings, image());

        assertThat(findings.totals()).containsExactly(Map.entry(FindingClass.VALUE_MISMATCH, 20_000L));
    }

    @Test
    void saysOfHowManyDifferencesItDoesNotKnowWhetherANumberInJsonIsOnlySpelledOtherwise() throws SQLException {
        source.execute("update public.t set c2 = '{\"a\": 1.0}' where k in ('k1', 'k2', 'k3', 'k4', 'k5')");
        target.execute("update public.t set c2 = '{\"a\": 1.00}' where k in ('k1', 'k2', 'k3', 'k4', 'k5')");
        Findings looked = new Findings(5);
        Findings counted = new Findings(2);

        compare(Kind.JSONB, looked);
        compare(Kind.JSONB, counted);

        assertThat(looked.totals()).containsExactly(Map.entry(FindingClass.REPRESENTATION_ONLY_DIFFERENCE, 5L));
        assertThat(looked.summary()).doesNotContain("digest");
        assertThat(counted.blocking()).isEqualTo(3);
        assertThat(counted.summary()).contains("3 VALUE_MISMATCH by digest only");
    }

    @Test
    void takesNoValueForAnotherSpellingWhereNoColumnHasSpellings() throws SQLException {
        target.execute("update public.t set c0 = 'x'");
        Findings findings = new Findings(5);
        Image text = new Image("public.t", "public.t", "k", List.of("c0"), List.of("c0"), "true", false);
        Map<String, ColumnType> name = Map.of("name", new ColumnType("text", Kind.TEXT));
        try (Sessions left = sessions(source, 1);
                Sessions right = sessions(target, 1)) {
            Scans scans = new Scans(RowHash.SERVER, 6, 7);
            new Comparer(SqlSide.expected(left, scans), SqlSide.found(right, scans), left, Progress.SILENT)
                    .compare(
                            Step.COMPARE,
                            List.of(new Comparison(Comparison.Subject.ROWS, "T", List.of(text), text, name)),
                            findings);
        }

        assertThat(findings.totals()).containsExactly(Map.entry(FindingClass.VALUE_MISMATCH, 500L));
    }

    @Test
    void readsEveryRowOfALargeTableOnceHoweverManyReadersShareIt() throws SQLException {
        String many =
                "insert into public.t select 'm' || g, repeat('x', 500), null, null from generate_series(1, 20000) g";
        source.execute(many);
        target.execute(many, "update public.t set c0 = 'y' where k in ('m1', 'm10000', 'm20000')");
        Findings findings = new Findings(10);

        assertThat(compare(3, RowHash.SERVER, findings, image()))
                .extracting(Coverage::sourceRows, Coverage::targetRows)
                .containsExactly(tuple(20_500L, 20_500L));
        assertThat(findings.kept()).extracting(Finding::targetKey).containsExactlyInAnyOrder("m1", "m10000", "m20000");
    }

    @Test
    void keepsOnlyTheBeginningOfALongValueAndStillNamesItsColumn() throws SQLException {
        source.execute("update public.t set c0 = repeat('long ', 100000) || '1' where k = 'k1'");
        target.execute("update public.t set c0 = repeat('long ', 100000) || '2' where k = 'k1'");

        assertThat(found(image())).singleElement().satisfies(finding -> {
            assertThat(finding.columns()).containsExactly("name");
            assertThat(finding.sourceImage())
                    .hasEntrySatisfying(
                            "name",
                            value -> assertThat(value)
                                    .startsWith("long long ")
                                    .contains("500001 bytes, MD5 ")
                                    .hasSizeLessThan(1100));
        });
    }

    @Test
    void neverCallsBucketsEqualThatDifferedAMomentBefore() {
        source.execute("create sequence public.calls");
        Image changing = image("public.t", "case when nextval('public.calls') <= 500 then 'x' else c0 end", "true");

        assertThatExceptionOfType(VerificationProblem.class)
                .isThrownBy(() -> found(changing))
                .withMessageContaining("the sums of model T differ, but none of its rows");
    }

    @Test
    void walksKeysInTheOrderOfBothServers() throws SQLException {
        String keys = "insert into public.t values ('Ä'), ('z'), ('Z'), ('\ud83d\ude00'), ('\uff5e'), ('')";
        source.execute(keys);
        target.execute(keys, "update public.t set c0 = 'x' where k !~ '^k'");

        assertThat(found(image()))
                .extracting(Finding::targetKey)
                .containsExactlyInAnyOrder("Ä", "z", "Z", "\ud83d\ude00", "\uff5e", "");
    }

    @Test
    void keepsWhatItIsGoingToCompareFromBeingReplaced() throws SQLException {
        try (Sessions left = sessions(source, 1);
                Sessions right = sessions(target, 1)) {
            Scans scans = new Scans(RowHash.SERVER, 6, 7);
            new Comparer(SqlSide.expected(left, scans), SqlSide.found(right, scans), left, Progress.SILENT)
                    .prepare(List.of(comparison(image())));

            for (Database side : List.of(source, target)) {
                assertThatThrownBy(() -> side.execute("set lock_timeout = '200ms'", "truncate public.t"))
                        .hasStackTraceContaining("lock timeout");
            }
        }
    }

    /** A source table that two models have, with the same key, and the mappings of both. */
    @ParameterizedTest
    @EnumSource
    void readsRowsAndMappingsAtOnceAsItReadsThemApart(RowHash hash) throws SQLException {
        Image rows = image();
        Image pairs = new Image("public.t", "public.t", "'of ' || k", List.of("k"), List.of("k"), "true", true);
        Scans scans = new Scans(hash, 6, 7);
        try (Connection connection = source.connect();
                Sessions left = sessions(source, 2)) {
            connection.setAutoCommit(false);
            List<Buckets> atOnce = scans.buckets(connection, rows, pairs, Pages.ALL);
            List<Buckets> apart =
                    List.of(scans.buckets(connection, rows, Pages.ALL), scans.buckets(connection, pairs, Pages.ALL));
            assertThat(atOnce).isEqualTo(apart);
            assertThat(atOnce.getFirst().rows()).isEqualTo(500);

            List<Comparison> all = List.of(
                    comparison(rows),
                    mappings("A", pairs),
                    comparison(rows),
                    mappings("B", pairs),
                    mappings("C", pairs));
            List<BucketTotals> totals = BucketTotals.none(all.size());
            List<Reading> readings = SqlSide.expected(left, scans).readings(all);
            readings.forEach(reading ->
                    reading.read().forEach(part -> totals.get(part.comparison()).add(part.buckets())));

            assertThat(readings).hasSize(3);
            assertThat(totals)
                    .extracting(BucketTotals::buckets)
                    .containsExactly(
                            apart.getFirst(), apart.getLast(), apart.getFirst(), apart.getLast(), apart.getLast());
        }
    }

    private static Comparison mappings(String model, Image pairs) {
        return new Comparison(Comparison.Subject.KEY_MAP, model, List.of(pairs), image(), Map.of());
    }

    private static Image image() {
        return image("public.t", "c0", "true");
    }

    private static Image image(String table, String name, String condition) {
        List<String> columns = List.of(name, "c1", "c2");
        return new Image(table, "public.t", "k", columns, columns, condition, false);
    }

    private List<Finding> found(Image... sources) throws SQLException {
        Findings findings = new Findings(100);
        compare(RowHash.SERVER, findings, sources);
        return findings.kept();
    }

    private List<Coverage> compare(RowHash hash, Findings findings, Image... sources) throws SQLException {
        return compare(1, hash, findings, sources);
    }

    private static Comparison comparison(Image... sources) {
        return comparison(Kind.TEXT, sources);
    }

    private static Comparison comparison(Kind note, Image... sources) {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        columns.put("name", new ColumnType("text", Kind.TEXT));
        columns.put("score", new ColumnType("numeric", Kind.DECIMAL));
        columns.put("note", new ColumnType(note.name().toLowerCase(Locale.ROOT), note));
        return new Comparison(Comparison.Subject.ROWS, "T", List.of(sources), image(), columns);
    }

    private void compare(Kind note, Findings findings) throws SQLException {
        compare(1, RowHash.SERVER, findings, comparison(note, image()));
    }

    private List<Coverage> compare(int readers, RowHash hash, Findings findings, Image... sources) throws SQLException {
        return compare(readers, hash, findings, comparison(sources));
    }

    private List<Coverage> compare(int readers, RowHash hash, Findings findings, Comparison comparison)
            throws SQLException {
        try (Sessions left = sessions(source, readers);
                Sessions right = sessions(target, readers)) {
            Scans scans = new Scans(hash, 6, 7);
            return new Comparer(SqlSide.expected(left, scans), SqlSide.found(right, scans), left, Progress.SILENT)
                    .compare(Step.COMPARE, List.of(comparison), findings);
        }
    }

    private static Sessions sessions(Database database, int readers) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            Connection connection = database.connect();
            PinnedSession.pin(connection, Duration.ofSeconds(30));
            connection.setAutoCommit(false);
            connections.add(connection);
        }
        return new Sessions(connections, Duration.ofSeconds(10));
    }
}
