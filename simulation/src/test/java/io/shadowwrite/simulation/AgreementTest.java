package io.shadowwrite.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.simulation.Deed.Kind;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** What the simulated target answered to a run, call by call, against a real shadow-api on a real PostgreSQL. */
@Timeout(600)
class AgreementTest {

    private static final int SEEDS = Integer.getInteger("simulation.agreements", 20);
    private static final String TOKEN = "token-of-the-simulation";

    /** The API waits three seconds before each, because the batch before may come; they change nothing, so a few will do. */
    private static final int MOST_OUT_OF_TURN = 3;

    private record Heard(Call call, Object answer) {}

    @Test
    void theRealTargetAnswersWhatTheSimulatedOneAnswered() {
        List<Heard> heard = new ArrayList<>();
        List<Deed> deeds = LongStream.rangeClosed(1, SEEDS)
                .boxed()
                .flatMap(seed -> Deed.of(seed).stream())
                .filter(deed -> deed.kind() != Kind.TARGET_GOES_BACK && deed.kind() != Kind.SLOT_IS_ADVANCED)
                .toList();
        Simulation simulation =
                new Simulation(1, deeds, Mutation.NONE, (call, answer) -> heard.add(new Heard(call, answer)), null);
        simulation.run();

        try (PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET)) {
            Database database = server.createDatabase("unified");
            database.runScript(resource("target.sql"));
            try (ConfigurableApplicationContext application = ShadowApiApplication.start(arguments(database))) {
                ShadowApi api = ShadowApiClient.connect(
                        URI.create("http://localhost:"
                                + application.getEnvironment().getProperty("local.server.port")),
                        TOKEN,
                        Duration.ofSeconds(30));
                api.openWindow(Simulation.WINDOW);
                int asked = askAgain(api, heard);
                assertThat(rows(database)).isEqualTo(simulation.rows());
                assertThat(receipts(database, Side.CONSUMER)).isEqualTo(simulation.changes());
                assertThat(receipts(database, Side.VERIFIER)).isEqualTo(simulation.changes());
                System.out.printf("[measured] simulation: %d calls, answered alike by a real target%n", asked);
            }
        }
    }

    private static int askAgain(ShadowApi api, List<Heard> heard) {
        int outOfTurn = 0;
        int asked = 0;
        for (Heard each : heard) {
            if (isOutOfTurn(each.answer()) && outOfTurn++ >= MOST_OUT_OF_TURN) {
                continue;
            }
            assertThat(essence(answer(api, each.call())))
                    .as("call %d, %s", asked, each.call())
                    .isEqualTo(essence(each.answer()));
            asked++;
        }
        return asked;
    }

    private static boolean isOutOfTurn(Object answer) {
        return answer instanceof ShadowProblem problem && problem.type() == ProblemType.OUT_OF_TURN;
    }

    private static Object answer(ShadowApi api, Call call) {
        try {
            return switch (call.request()) {
                case null ->
                    switch (call.method()) {
                        case "controlState" -> api.controlState();
                        case "positions" -> api.positions();
                        case "verifierState" -> api.verifierState();
                        default -> throw new IllegalStateException(call.method());
                    };
                case SessionRequest session -> api.openSession(session);
                case WriteBatch batch -> api.write(batch);
                case ReceiptBatch batch -> api.attest(batch);
                case PositionReport report -> api.report(report);
                case HaltRequest halt -> api.halt(halt);
                case ResumeRequest resume -> api.resume(resume);
                default -> throw new IllegalStateException(call.method());
            };
        } catch (ShadowProblem problem) {
            return problem;
        }
    }

    /** What of an answer has nothing to do with the hour and the words. */
    private static Object essence(Object answer) {
        return switch (answer) {
            case WriteResult(var applied, var replayed, var forgotten, var repeated, var changes, var control) ->
                List.of(applied, replayed, forgotten, repeated, changes, essence(control));
            case ControlState(var position, var epoch, var hold) ->
                List.of(position, epoch, hold == null ? "" : new Hold(hold.holder(), hold.kind(), hold.haltAt(), null));
            case VerifierState state -> state.position();
            case ReaderPosition reader -> reader.position();
            case List<?> all -> all.stream().map(AgreementTest::essence).toList();
            case ShadowProblem problem -> problem.type();
            default -> throw new IllegalStateException(answer.toString());
        };
    }

    private static Map<Long, String> rows(Database database) {
        Map<Long, String> rows = new TreeMap<>();
        String all = Objects.requireNonNull(database.queryForString(
                "select coalesce(string_agg(source_id || '=' || name, ',' order by source_id), '') from"
                        + " unified.partner"));
        for (String row : all.isEmpty() ? new String[0] : all.split(",", -1)) {
            rows.put(Long.parseLong(row.substring(0, row.indexOf('='))), row.substring(row.indexOf('=') + 1));
        }
        return rows;
    }

    private static long receipts(Database database, Side side) {
        return database.queryForLong(
                "select count(*) from shadow.event_ledger where side = " + (side == Side.CONSUMER ? 1 : 2));
    }

    private static String[] arguments(Database target) {
        return new String[] {
            // The settings of a reader lie on the same class path.
            "--spring.config.name=none",
            "--server.port=0",
            "--springdoc.api-docs.enabled=false",
            "--shadow.contract.location=" + resource("contract.json"),
            "--shadow.migration-id=" + Simulation.WINDOW.migrationId(),
            "--shadow.target.url=" + target.jdbcUrl(),
            "--shadow.target.user=" + target.user(),
            "--shadow.target.password=" + target.password(),
            "--shadow.api.token=service-" + TOKEN,
            "--shadow.api.operator-token=" + TOKEN
        };
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(AgreementTest.class.getResource("/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
