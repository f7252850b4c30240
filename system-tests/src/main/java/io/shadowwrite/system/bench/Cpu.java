package io.shadowwrite.system.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of processes, as the kernel has counted it up to one moment.
 *
 * @param spent by process
 * @param ended CPU ticks of the children that each server has buried, by the name they are reported under
 */
public record Cpu(Map<Long, Spent> spent, Map<String, Long> ended) {

    private static final Path PROC = Path.of("/proc");

    /** Of user space, on every Linux. */
    private static final double TICKS_PER_SECOND = 100;

    /**
     * One process.
     *
     * @param name it is reported under
     * @param other the name for what its server does beside it
     */
    public record Spent(String name, String other, long ticks) {}

    /** The fields of /proc/pid/stat that matter here. */
    private record Stat(long pid, long parent, long own, long buried) {}

    /**
     * What is to be counted.
     *
     * @param side source or target
     * @param anyBackend a process that the server has forked
     * @param ignored server processes that only watch
     */
    public record Server(String side, long anyBackend, List<Long> ignored) {}

    /** Reads the counters now. */
    public static Cpu now(Map<String, Long> processes, List<Server> servers) {
        Map<Long, Spent> spent = new HashMap<>();
        Map<String, Long> ended = new HashMap<>();
        processes.forEach(
                (name, pid) -> spent.put(pid, new Spent(name, name, stat(pid).own())));
        for (Server server : servers) {
            String other = server.side() + " other";
            Stat postmaster = stat(stat(server.anyBackend()).parent());
            spent.put(postmaster.pid(), new Spent(other, other, postmaster.own()));
            ended.put(other, postmaster.buried());
            for (Stat child : children(postmaster.pid())) {
                if (!server.ignored().contains(child.pid())) {
                    spent.put(child.pid(), new Spent(name(server.side(), child.pid()), other, child.own()));
                }
            }
        }
        return new Cpu(spent, ended);
    }

    /** CPU seconds since an earlier moment, by name; of processes that ended in between as well. */
    public Map<String, Double> since(Cpu before) {
        Map<String, Double> seconds = new TreeMap<>();
        spent.forEach((pid, now) -> {
            Spent then = before.spent().get(pid);
            add(seconds, now.name(), now.ticks() - (then == null ? 0 : then.ticks()));
        });
        ended.forEach((name, ticks) -> add(seconds, name, ticks - before.ended().getOrDefault(name, 0L)));
        before.spent().forEach((pid, then) -> {
            if (!spent.containsKey(pid)) {
                // Its whole life was added to what its server has buried.
                add(seconds, then.other(), -then.ticks());
            }
        });
        return seconds;
    }

    private static void add(Map<String, Double> seconds, String name, long ticks) {
        seconds.merge(name, ticks / TICKS_PER_SECOND, Double::sum);
    }

    /** A server names its processes in their command line. */
    private static String name(String side, long pid) {
        String title = read(PROC.resolve(Long.toString(pid)).resolve("cmdline")).replace('\0', ' ');
        if (side.equals("source")) {
            return title.contains("walsender") ? "walsender" : "source other";
        }
        boolean works = title.contains("logical replication worker") || title.contains("127.0.0.1(");
        return works ? "target" : "target other";
    }

    private static List<Stat> children(long parent) {
        List<Stat> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                String text = read(process.resolve("stat"));
                if (!text.isEmpty()) {
                    Stat stat = parse(text);
                    if (stat.parent() == parent) {
                        found.add(stat);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static Stat stat(long pid) {
        String text = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
        if (text.isEmpty()) {
            throw new BenchFailed("process %d is gone, or runs on another machine than its server".formatted(pid));
        }
        return parse(text);
    }

    /** The second field is a name in parentheses that may hold anything. */
    private static Stat parse(String text) {
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return new Stat(
                Long.parseLong(text.substring(0, text.indexOf(' '))),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }

    /** Empty when the process ended meanwhile. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
