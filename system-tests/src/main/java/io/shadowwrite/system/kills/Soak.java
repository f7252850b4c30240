package io.shadowwrite.system.kills;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.House;

/**
 * Kills programs and servers and cuts connections of one long-living pair for as long as it is told, and says what became of
 * every change. Servers and programs are started for the run and thrown away.
 */
public final class Soak {

    private final SoakOptions options;
    private final House house;

    private Soak(SoakOptions options, House house) {
        this.options = options;
        this.house = house;
    }

    /** Exit code 0 when nothing was wrong, 10 when something was, 1 when it could not be told, 2 for a wrong command line. */
    public static void main(String[] arguments) {
        SoakOptions options;
        try {
            options = SoakOptions.parse(arguments);
        } catch (IllegalArgumentException usage) {
            System.err.printf("shadow soak: %s%n%n%s", usage.getMessage(), SoakOptions.USAGE);
            System.exit(ExitCode.USAGE.code());
            return;
        }
        try {
            System.exit(run(options).code());
        } catch (RuntimeException | AssertionError failed) {
            System.err.println("shadow soak: " + failed);
            System.exit(ExitCode.UNEXPECTED.code());
        }
    }

    /** Runs, and prints the score to standard output. */
    static ExitCode run(SoakOptions options) {
        System.err.printf(
                "soak: %d minutes, seed %d; servers and programs start%n",
                options.time().toMinutes(), options.seed());
        try (House house = House.linked("soak")) {
            return new Soak(options, house).run();
        }
    }

    private ExitCode run() {
        long started = System.nanoTime();
        Score score = new KillRun(
                        house,
                        options.seed(),
                        Schedule.until(started + options.time().toNanos(), options.seed()),
                        Cuts.of(house.suite().links(), options.seed()),
                        System.err::println)
                .run();
        System.out.print(score.table());
        boolean clean = isClean();
        System.out.printf("took         %d s%n", (System.nanoTime() - started) / 1_000_000_000);
        if (!score.isPerfect() || !clean) {
            System.err.println("soak: the logs are in " + house.logs());
            return ExitCode.DIRTY;
        }
        return ExitCode.DONE;
    }

    /** The last word has the verifier itself. */
    private boolean isClean() {
        house.suite().verify();
        RunSummary run = house.api().runs(1, null, null, null).runs().getFirst();
        System.out.printf("verification %s: %s%n", run.verdict(), run.reason());
        return run.verdict() == Verdict.CLEAN;
    }
}
