package io.shadowwrite.system.traffic;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@link Traffic} as a process of its own. Each setting is an argument {@code name=value} or a variable
 * {@code TRAFFIC_NAME}: url, user, password, seed (default 1), changes (default 50000), rate in changes per second (0, the
 * default, for no limit), writers (default 2). A termination signal ends it after the transactions under way.
 */
public final class TrafficMain {

    private static final long GRACE_SECONDS = 20;

    private TrafficMain() {}

    /** Runs to the end and prints one line with what was done. */
    public static void main(String[] args) {
        Map<String, String> given = Arrays.stream(args)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair.length > 1 ? pair[1] : ""));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(stop, ended), "traffic-stop"));
        try {
            run(given, stop);
        } finally {
            ended.countDown();
        }
    }

    private static void run(Map<String, String> given, AtomicBoolean stop) {
        Traffic traffic = new Traffic(
                setting(given, "url", null),
                setting(given, "user", null),
                setting(given, "password", null),
                Long.parseLong(setting(given, "seed", "1")),
                Integer.parseInt(setting(given, "writers", "2")));
        double rate = Double.parseDouble(setting(given, "rate", "0"));
        traffic.seedReferenceRows();
        TrafficReport report = traffic.run(
                Long.parseLong(setting(given, "changes", "50000")),
                rate > 0 ? rate : Double.POSITIVE_INFINITY,
                stop::get);
        System.out.printf(
                "%d transactions, %d row changes %s, %d retries, %d given up%n",
                report.transactions(),
                report.totalRowChanges(),
                new TreeMap<>(report.rowChanges()),
                report.retries(),
                report.abandoned());
    }

    private static String setting(Map<String, String> given, String name, @Nullable String otherwise) {
        String variable = "TRAFFIC_" + name.toUpperCase(Locale.ROOT);
        String value =
                given.getOrDefault(name, System.getenv().getOrDefault(variable, otherwise == null ? "" : otherwise));
        if (value.isEmpty() && otherwise == null) {
            throw new IllegalArgumentException("give %s=... or set %s".formatted(name, variable));
        }
        return value;
    }

    private static void awaitEnd(AtomicBoolean stop, CountDownLatch ended) {
        stop.set(true);
        try {
            if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("traffic did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
