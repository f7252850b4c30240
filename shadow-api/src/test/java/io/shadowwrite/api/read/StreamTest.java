package io.shadowwrite.api.read;

import static io.shadowwrite.api.read.ReadApi.lsn;
import static io.shadowwrite.api.read.ReadApi.memo;
import static io.shadowwrite.api.read.ReadApi.memoGone;
import static io.shadowwrite.api.read.ReadApi.place;
import static io.shadowwrite.api.read.ReadApi.problem;
import static io.shadowwrite.api.read.ReadApi.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowPage;
import io.shadowwrite.protocol.RowStream;
import io.shadowwrite.protocol.RowStreams;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.TargetRow;
import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Streams of whole models. */
class StreamTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** More than all buffers between server and reader hold. */
    private static final String MANY_MEMOS = """
            insert into lib.memo
            select g, repeat('x', 1000), false, '2026-01-01', null from generate_series(1, 20000) g
            """;

    private static final ReadApi API = ReadApi.shared();

    /** Over the same target, with room for one read and little time. */
    private static ConfigurableApplicationContext narrow;

    @BeforeAll
    static void startNarrow() {
        narrow = API.another(
                "--shadow.read.pool-size=1", "--shadow.read.statement-timeout=1s", "--shadow.read.scan-timeout=2s");
    }

    @AfterAll
    static void stopNarrow() {
        narrow.close();
    }

    @BeforeEach
    void openWindow() {
        API.open();
    }

    private static RowStream open(ReadKind kind, String model) {
        return API.streams().open(kind, model, lsn(1_000), null);
    }

    private static RowStreams narrowStreams() {
        return RowStreams.connect(ReadApi.url(narrow), TestApi.TOKEN, BOUND);
    }

    private static ShadowApi narrowService() {
        return ShadowApiClient.connect(ReadApi.url(narrow), TestApi.TOKEN, BOUND);
    }

    private static List<TargetRow> rest(RowStream stream) {
        List<TargetRow> rows = new ArrayList<>();
        for (TargetRow row = stream.next(); row != null; row = stream.next()) {
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"SCD,Person", "SCD,Memo", "CRUD,Tag", "CRUD,Account", "CRUD,Place", "CRUD,Link"})
    void answersWhatPagesAnswerInTheirOrder(ReadKind kind, String model) {
        fill();

        RowPage page = API.service().rows(kind, model, lsn(1_000), null, 5_000, null);
        try (RowStream stream = open(kind, model)) {
            assertThat(rest(stream)).isEqualTo(page.rows());
            assertThat(stream.next()).isNull();
            assertThat(stream.head().position()).isEqualTo(page.position());
            assertThat(stream.head().eventsSince()).isEqualTo(page.eventsSince());
            assertThat(stream.head().model()).isEqualTo(model);
        }
        assertThat(page.rows()).isNotEmpty();
    }

    private static void fill() {
        API.target()
                .execute(
                        """
                insert into lib.memo
                select g, 'old', false, '2026-01-01', null from generate_series(1, 3000) g where g % 100 > 0
                """,
                        "insert into lib.tag select 'k' || g from generate_series(1, 500) g",
                        """
                insert into lib.person
                select gen_random_uuid(), 'n' || g, null, null, null, null, null, null, '2026-01-01', null
                  from generate_series(1, 500) g
                """,
                        "insert into lib.account select g, g from generate_series(1, 500) g",
                        """
                insert into lib.link select person_id, person_id from lib.person
                """);
        API.commit(2_000, memo(100, "a"), memo(200, "b"), memo(300, "c"), memo(900, "d"), memo(3_000, "e"));
        API.commit(3_000, memoGone(200), memo(900, "f"));
        API.commit(
                4_000,
                tag("{\"code\":\"a\"}", "ä\"\\/", "odd"),
                tag("{\"code\":\"k7\"}", "k7", "7"),
                place("{\"country\":\"x\\\"y\",\"no\":2}", "x\"y", 2, "odd"),
                place("{\"country\":\"DE\",\"no\":10}", "DE", 10, "ten"),
                place("{\"country\":\"DE\",\"no\":9}", "DE", 9, "nine"));
    }

    @Test
    void carriesTheLastEventOfWhatWasTouchedOnly() {
        fill();

        try (RowStream stream = open(ReadKind.SCD, "Memo")) {
            assertThat(rest(stream))
                    .hasSize(2_974)
                    .filteredOn(row -> row.lastEventLsn() != null)
                    .extracting(row -> row.key() + row.lastEventLsn())
                    .containsExactly(
                            "{\"id\":100}" + lsn(2_000),
                            "{\"id\":300}" + lsn(2_000),
                            "{\"id\":900}" + lsn(3_000),
                            "{\"id\":3000}" + lsn(2_000));
        }
        try (RowStream stream = API.streams().open(ReadKind.SCD, "Memo", lsn(1_000), lsn(2_001))) {
            assertThat(rest(stream))
                    .filteredOn(row -> row.lastEventLsn() != null)
                    .extracting(TargetRow::key)
                    .containsExactly("{\"id\":900}");
        }
    }

    @Test
    void streamsAnEmptyModel() {
        try (RowStream stream = open(ReadKind.CRUD, "Tag")) {
            assertThat(stream.next()).isNull();
        }
    }

    @Test
    void keepsOneMomentAndHoldsUpNoWriter() {
        API.target().execute(MANY_MEMOS);
        try (RowStream stream = open(ReadKind.SCD, "Memo")) {
            assertThat(stream.next()).isNotNull();

            API.commit(2_000, memo(10_000, "changed"), memo(40_000, "new"), memo(20_000, "changed"));
            API.commit(3_000, memoGone(10_000));

            assertThat(stream.head().position()).isEqualTo(lsn(1_000));
            assertThat(rest(stream))
                    .hasSize(19_999)
                    .allSatisfy(row -> assertThat(row.values()).containsEntry("body", "x".repeat(1_000)));
        }
        assertThat(API.service()
                        .rows(ReadKind.SCD, "Memo", lsn(3_008), null, 1, "{\"id\":20000}")
                        .rows())
                .singleElement()
                .satisfies(row -> assertThat(row.key()).isEqualTo("{\"id\":40000}"));
    }

    @Test
    void streamsTwoHundredThousandRowsWithFlatMemory() {
        int rows = 200_000;
        API.target().execute("""
                insert into lib.memo
                select g, repeat(md5(g::text), 16), false, '2026-01-01', null from generate_series(1, %d) g
                """.formatted(rows));
        long before = usedBytes();
        try (RowStream stream = open(ReadKind.SCD, "Memo")) {
            for (int i = 1; i <= rows; i++) {
                TargetRow row = stream.next();
                assertThat(row).isNotNull();
                if (i == rows / 2) {
                    // All rows are more than 100 MB.
                    assertThat(usedBytes() - before).isLessThan(40L << 20);
                }
            }
            assertThat(stream.next()).isNull();
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void refusesWhatItCannotStreamBeforeItBegins() {
        problem(ProblemType.MODEL_UNKNOWN, () -> open(ReadKind.CRUD, "Memo"));
        problem(ProblemType.POSITION_BEHIND, () -> API.streams().open(ReadKind.SCD, "Memo", lsn(9_000), null));
        API.reset();
        problem(ProblemType.WINDOW_NOT_OPEN, () -> open(ReadKind.SCD, "Memo"));
    }

    @Test
    void neverLooksWholeWhenTheTargetFailsHalfWay() {
        API.target().execute(MANY_MEMOS);
        try (RowStream stream = open(ReadKind.SCD, "Memo")) {
            assertThat(stream.next()).isNotNull();

            API.target().queryForList("""
                    select pg_terminate_backend(pid)::text from pg_stat_activity
                     where application_name = 'shadow-api-read' and datname = 'reads'
                    """);

            assertThat(problem(ProblemType.TARGET_UNAVAILABLE, () -> rest(stream))
                            .detail())
                    .startsWith("SQLSTATE");
        }
    }

    @Test
    void givesItsConnectionBackWhenTheReaderLeaves() throws IOException {
        API.target().execute(MANY_MEMOS);
        try (RowStreams streams = narrowStreams()) {
            RowStream stream = streams.open(ReadKind.SCD, "Memo", lsn(1_000), null);
            assertThat(stream.next()).isNotNull();
            assertThat(problem(ProblemType.READERS_BUSY, StreamTest::narrowPage).retryable())
                    .isTrue();
            ReadApi.commit(narrowService(), 2_000, memo(1, "written meanwhile"));

            stream.close();

            Await.untilValue("a free read", BOUND, StreamTest::narrowPage, page -> true);
        }
    }

    private static RowPage narrowPage() {
        return narrowService().rows(ReadKind.SCD, "Memo", lsn(1_000), null, 1, null);
    }

    @Test
    void endsAReadThatWaitsTooLong() throws SQLException {
        try (Connection connection = API.target().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table lib.memo in access exclusive mode");

            problem(ProblemType.READ_TOO_LONG, StreamTest::narrowPage);

            connection.rollback();
        }
        assertThat(narrowPage().rows()).isEmpty();
    }

    @Test
    void endsAStreamThatIsReadTooSlowly() throws IOException {
        API.target().execute(MANY_MEMOS);
        try (RowStreams streams = narrowStreams();
                RowStream stream = streams.open(ReadKind.SCD, "Memo", lsn(1_000), null)) {
            Await.until(
                    "a read older than its limit",
                    BOUND,
                    () -> "t".equals(API.target().queryForString("""
                    select bool_or(now() - xact_start > interval '2.5 s')::text::char(1) from pg_stat_activity
                     where application_name = 'shadow-api-read' and datname = 'reads'
                    """)));

            problem(ProblemType.READ_TOO_LONG, () -> rest(stream));
        }
    }
}
