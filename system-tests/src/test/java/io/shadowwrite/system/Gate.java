package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gate of a house, operated as people do. The house is made ready by hand: one hour is asked for, and one is clean. Closing
 * it takes that back and leaves the consumer running.
 */
final class Gate implements AutoCloseable {

    private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);
    private static final Duration GOES_ON_WITHIN = Duration.ofMinutes(1);

    /** Logs are appended to, and those of other tests are none of ours. */
    private static final AtomicInteger LAUNCHES = new AtomicInteger();

    private final House house;
    private final UUID hour = UUID.randomUUID();

    private Gate(House house) {
        this.house = house;
    }

    static Gate ready(House house) {
        Gate gate = new Gate(house);
        house.target().execute("update shadow.backfill_state set required_ticks = 1");
        house.target().execute("""
                insert into shadow.verifier_run (run_id, mode, tick_hour, tick_clock, pin_kind, started_at, finished_at, verdict,
                                                 reason, events_attested, coverage, findings_total)
                values ('%s', 'hourly', date_trunc('hour', now(), 'UTC') + interval '1 hour', 'SOURCE', 'barrier', now(), now(),
                        'CLEAN', 'made by a test', 0, '[]', 0)
                """.formatted(gate.hour));
        gate.awaitReady();
        return gate;
    }

    /** What an attempt left behind may have compared without a verdict; then the status asks for a run of the verifier. */
    void isReadyOnceTheVerifierRan() {
        Status status = house.api().status();
        if (!status.ready()) {
            assertThat(status.criteria())
                    .as("undecided, and nothing worse that the next hour would cover")
                    .filteredOn(criterion -> !criterion.code().equals("SC2"))
                    .extracting(Criterion::met)
                    .doesNotContain(false);
            assertThat(house.suite().verify()).isZero();
        }
        awaitReady();
    }

    private void awaitReady() {
        Await.until(
                "the window is ready for a cutover",
                GOES_ON_WITHIN,
                () -> house.api().status().ready());
    }

    /** What a command answered, in both of its streams. */
    record Answer(int code, String text) {}

    Answer execute(String... options) {
        return executeOn("partners", options);
    }

    /** With this name typed. */
    Answer executeOn(String database, String... options) {
        return ended(launch("execute", executing(database, options)));
    }

    Answer plan(String... options) {
        return ended(launch("plan", List.of(options)));
    }

    /** One that the caller ends. */
    ProgramProcess begin(String... options) {
        return launch("execute", executing("partners", options));
    }

    Answer status() {
        return ended(start("status", List.of(), Map.of("api-url", apiUrl())));
    }

    /** As somebody who knows of an attempt only. */
    Answer abortAttempt(String... options) {
        return ended(start("abort", with(options, "--reason=a test"), Map.of("api-url", apiUrl())));
    }

    Answer abort(String... options) {
        return abortOn("partners", options);
    }

    /** With this name typed. */
    Answer abortOn(String database, String... options) {
        return ended(start("abort", with(options, "--reason=a test", "--source-database=" + database), ofTheSource()));
    }

    /** With this name typed. */
    Answer finishOn(String database) {
        return ended(start("finish", List.of("--reason=a test", "--source-database=" + database), ofTheSource()));
    }

    private Map<String, String> ofTheSource() {
        return Map.of(
                "api-url", apiUrl(),
                "source-url", house.source().jdbcUrl(),
                "source-user", house.source().user());
    }

    /** There is no way back from it but this. */
    void forgetTheFinish() {
        house.target().runScript("""
                alter table shadow.cutover_audit disable trigger append_only;
                delete from shadow.cutover_audit where decision = 'FINISH';
                alter table shadow.cutover_audit enable always trigger append_only;
                """);
    }

    private static List<String> executing(String database, String... options) {
        return with(options, "--reason=a test", "--source-database=" + database, "--approved-by=ada");
    }

    private static List<String> with(String[] options, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of(options));
        return all;
    }

    private ProgramProcess launch(String word, List<String> options) {
        Map<String, String> settings = new HashMap<>();
        settings.put("api-url", apiUrl());
        settings.put("contract", House.contractFile().toString());
        settings.put("source-url", house.source().jdbcUrl());
        settings.put("source-user", house.source().user());
        settings.put("target-url", house.target().jdbcUrl());
        settings.put("target-user", house.target().user());
        settings.put("quiet", "1s");
        settings.put("lease", "10s");
        options.forEach(option -> settings.keySet().removeIf(name -> option.startsWith("--" + name + "=")));
        return start(word, options, settings);
    }

    private ProgramProcess start(String word, List<String> options, Map<String, String> settings) {
        List<String> words = new ArrayList<>(List.of("cutover", word));
        words.addAll(options);
        Map<String, String> environment =
                new HashMap<>(house.suite().plan(Program.CONSUMER).environment());
        environment.put("SHADOW_TARGET_PASSWORD", house.target().password());
        environment.put("SHADOW_VERIFY_COMMAND", Checkout.HOME.resolve("shadow") + " verify run");
        environment.put("SHADOW_JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS", "-Xmx512m -XX:+UseSerialGC");
        return house.suite()
                .launch(new Launch(
                        Program.CLI,
                        words,
                        "cutover-%s-%d".formatted(word, LAUNCHES.incrementAndGet()),
                        settings,
                        environment));
    }

    private String apiUrl() {
        return Objects.requireNonNull(
                house.suite().plan(Program.CONSUMER).settings().get("shadow.api.url"));
    }

    private static Answer ended(ProgramProcess process) {
        int code = process.exitWithin(ENDS_WITHIN);
        try {
            return new Answer(code, Files.readString(process.log()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody holds the consumer any more, or does so within moments, and it takes what comes. */
    void consumerGoesOn() {
        Await.until(
                "the hold is over",
                GOES_ON_WITHIN,
                () -> house.api().controlState().hold() == null);
        house.drain();
    }

    Status standing() {
        return house.api().status();
    }

    @Override
    public void close() {
        abort();
        house.target().execute("delete from shadow.verifier_run where run_id = '%s'".formatted(hour));
        house.target().execute("update shadow.backfill_state set required_ticks = 168");
        consumerGoesOn();
    }
}
