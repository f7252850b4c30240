package io.shadowwrite.system.bench;

import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Our daemons as a user starts them, with the window open on the contract of the benchmark. For one thread. */
final class OurPrograms implements AutoCloseable {

    private final Suite suite;
    private final Database target;
    private final ProgramProcess api;
    private final Reader consumer;
    private final Reader reader;

    private OurPrograms(Suite suite, Database target, ProgramProcess api, Reader consumer, Reader reader) {
        this.suite = suite;
        this.target = target;
        this.api = api;
        this.consumer = consumer;
        this.reader = reader;
    }

    /** Starts everything; both readers rest when this returns. */
    static OurPrograms start(Options options, Path definitions, Path logs, Source source, Database target) {
        target.runScript(definitions.resolve("target.sql"));
        Suite suite = new Suite(new Suite.Settings(
                options.home(), logs, definitions.resolve("contract.json"), "bench", source.database(), target));
        ProgramProcess api = suite.launch(recorded(suite.plan(Program.API), options.profile()));
        suite.awaitApi();
        suite.openWindow();
        Reader consumer = new Reader(
                "cdc_shadow_primary",
                source,
                suite.launch(recorded(
                        reader(suite, Program.CONSUMER).with("shadow.delivery.retry-pause", "100ms"),
                        options.profile())));
        Reader reader = new Reader(
                "cdc_shadow_verifier",
                source,
                suite.launch(recorded(
                        reader(suite, Program.SLOT_READER).with("shadow.reading.retry-pause", "100ms"),
                        options.profile())));
        OurPrograms programs = new OurPrograms(suite, target, api, consumer, reader);
        suite.awaitStreaming();
        consumer.rest();
        reader.rest();
        return programs;
    }

    /** Patient enough for a large transaction in one request. */
    private static Launch reader(Suite suite, Program program) {
        return suite.plan(program).with("shadow.api.timeout", "60s");
    }

    private static Launch recorded(Launch launch, @Nullable Path profile) {
        if (profile == null) {
            return launch;
        }
        try {
            Files.createDirectories(profile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return launch.withEnvironment(
                "JAVA_TOOL_OPTIONS",
                "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=%s"
                        .formatted(profile.resolve(launch.name() + ".jfr")));
    }

    Database target() {
        return target;
    }

    ProgramProcess api() {
        return api;
    }

    Reader consumer() {
        return consumer;
    }

    Reader reader() {
        return reader;
    }

    @Override
    public void close() {
        consumer.close();
        reader.close();
        api.close();
        suite.close();
    }

    /**
     * A program that reads a slot. At rest its process is stopped as a whole and its connection to the slot is cut, so that
     * it stays warm, and nothing is decoded ahead; then it finds its slot again as after any loss of a connection.
     */
    static final class Reader implements AutoCloseable {

        private final String slot;
        private final Source source;
        private final ProgramProcess process;

        Reader(String slot, Source source, ProgramProcess process) {
            this.slot = slot;
            this.source = source;
            this.process = process;
        }

        long pid() {
            return process.pid();
        }

        void release() {
            signal("CONT");
        }

        String slot() {
            return slot;
        }

        void rest() {
            signal("STOP");
            source.cutOff(slot);
            Await.until(slot + " is not read any more", Contender.PATIENCE, () -> !source.isRead(slot));
        }

        private void signal(String name) {
            try {
                int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
                if (code != 0) {
                    throw new BenchFailed("the program ended; its log is " + process.log());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchFailed("interrupted", e);
            }
        }

        @Override
        public void close() {
            if (process.isAlive()) {
                signal("CONT");
            }
            process.close();
        }
    }
}
