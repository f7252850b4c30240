package io.shadowwrite.system.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the figures were taken on.
 *
 * @param syncMillis the median cost of making one page of 8 kB durable where the servers keep their data
 */
public record Machine(int cores, long memoryGigabytes, String postgres, String jdk, double syncMillis) {

    private static final int PAGE = 8192;
    private static final int SYNCS = 200;

    /** This machine. */
    public static Machine here(String postgres) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                memory(),
                postgres,
                System.getProperty("java.version"),
                sync());
    }

    @Override
    public String toString() {
        return "%d cores, %d GB, PostgreSQL %s, JDK %s, fdatasync of 8 kB %.2f ms"
                .formatted(cores, memoryGigabytes, postgres, jdk, syncMillis);
    }

    private static long memory() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                            .filter(line -> line.startsWith("MemTotal:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    >> 20;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double sync() {
        double[] millis = new double[SYNCS];
        try {
            Path file = Files.createTempFile("shadow-bench-sync-", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(PAGE * SYNCS));
                channel.force(true);
                for (int i = 0; i < SYNCS; i++) {
                    long started = System.nanoTime();
                    channel.write(ByteBuffer.allocate(PAGE), (long) i * PAGE);
                    channel.force(false);
                    millis[i] = (System.nanoTime() - started) / 1e6;
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Spread.of(millis).median();
    }
}
