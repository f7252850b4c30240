package io.shadowwrite.system.quickstart;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.system.traffic.TrafficReport;
import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What all phases work with.
 *
 * @param directory for logs
 * @param hours of the simulated clock
 */
record Stage(
        Options options,
        Path directory,
        Steps steps,
        Suite suite,
        Operator operator,
        Hours hours,
        Contract contract,
        Database source,
        Database target,
        Traffic traffic) {

    private static final double STEADY_CHANGES_PER_SECOND = 500;

    /** Does something while writers write. */
    void underTraffic(Runnable something) {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<TrafficReport> writing =
                inBackground(() -> traffic.run(Long.MAX_VALUE, STEADY_CHANGES_PER_SECOND, done::get));
        try {
            something.run();
        } finally {
            done.set(true);
            writing.join();
        }
    }

    static CompletableFuture<TrafficReport> inBackground(Supplier<TrafficReport> traffic) {
        return CompletableFuture.supplyAsync(
                traffic, task -> Thread.ofPlatform().name("traffic").start(task));
    }
}
