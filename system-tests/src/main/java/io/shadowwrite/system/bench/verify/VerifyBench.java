package io.shadowwrite.system.bench.verify;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.system.bench.BenchFailed;
import io.shadowwrite.system.bench.Cpu;
import io.shadowwrite.system.bench.Json;
import io.shadowwrite.system.bench.report.Machine;
import io.shadowwrite.verification.compare.Comparer;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures a comparison of two equal databases beside the plain scan of both and a sorted merge of both, in turn, in the same
 * run. Only their ratios mean anything. Pins and receipts are not part of it: they cost the same for any number of rows.
 */
public final class VerifyBench {

    private static final long STARTED = System.nanoTime();
    private static final int BUCKET_BITS = 12;
    private static final int FETCH_SIZE = 1_000;
    private static final int FINDINGS = 100;
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final String OTHERS =
            "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";

    private final VerifyOptions options;
    private final Sides sides;
    private final List<Comparison> models;
    private final List<Comparison> keyMap;
    private List<Coverage> coverage = List.of();
    private long mapped;
    private long peakHeap;

    private VerifyBench(VerifyOptions options, Sides sides) {
        this.options = options;
        this.sides = sides;
        ContractCompiler compiler = new ContractCompiler(sides.contract());
        this.models = compiler.models();
        this.keyMap = compiler.keyMap();
    }

    /** Exit code 0 when every must is reached, 1 when not, 2 when the command line makes no sense. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(VerifyOptions.USAGE);
            return;
        }
        System.exit(exitCode(arguments));
    }

    private static int exitCode(String[] arguments) {
        try {
            return run(VerifyOptions.parse(arguments)).passes() ? 0 : 1;
        } catch (IllegalArgumentException usage) {
            System.err.printf("shadow bench verify: %s%n%n%s", usage.getMessage(), VerifyOptions.USAGE);
            return 2;
        } catch (BenchFailed | AssertionError failed) {
            System.err.println("shadow bench verify: " + failed.getMessage());
            return 1;
        }
    }

    /** Measures, prints and stores what was asked for. */
    static VerifyReport run(VerifyOptions options) {
        try (Sides sides = Sides.of(options.home(), options.rows())) {
            say("both sides are filled");
            VerifyReport report = new VerifyBench(options, sides).measure();
            System.out.print(report.text());
            if (options.json() != null) {
                Json.write(options.json(), report.tree());
            }
            return report;
        }
    }

    private VerifyReport measure() {
        PlainScan plain = new PlainScan(sides.source(), sides.target(), models);
        SortedMerge merge = new SortedMerge(sides.source(), sides.target());
        List<Comparison> everything =
                Stream.concat(models.stream(), keyMap.stream()).toList();
        plain.run();
        verify();
        say("warm");
        List<Pass> plains = new ArrayList<>();
        List<Pass> verifiers = new ArrayList<>();
        List<Pass> merges = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            plains.add(timed("plain scan", plain::run));
            Heap.reset();
            verifiers.add(timed("verifier", this::verify));
            peakHeap = Math.max(peakHeap, Heap.peak());
            merges.add(timed("sorted merge", () -> merge.run(everything)));
        }
        return new VerifyReport(
                Machine.here(sides.version()),
                options.readers(),
                coverage.stream().mapToLong(Coverage::sourceRows).sum(),
                coverage.stream().mapToLong(Coverage::targetRows).sum(),
                mapped,
                plains,
                verifiers,
                merges,
                peakHeap);
    }

    /** What a tick does between its pin and its receipts. A difference would mean that equal rows were not compared. */
    private void verify() {
        Findings findings = new Findings(FINDINGS);
        try (Sessions source = Sides.sessions(sides.source(), options.readers());
                Sessions target = Sides.sessions(sides.target(), options.readers())) {
            Scans scans = new Scans(RowHash.SERVER, BUCKET_BITS, FETCH_SIZE);
            Comparer comparer = new Comparer(
                    SqlSide.expected(source, scans), SqlSide.found(target, scans), source, Progress.SILENT);
            Comparer.Compared compared = comparer.compareAll(models, keyMap, findings, findings);
            coverage = compared.models();
            mapped = compared.keyMap().stream().mapToLong(Coverage::targetRows).sum();
        }
        if (findings.total() > 0) {
            throw new BenchFailed("equal sides differ: " + findings.summary() + ", first "
                    + findings.kept().getFirst());
        }
    }

    private Pass timed(String title, Runnable reading) {
        try (Connection here = sides.source().connect();
                Connection there = sides.target().connect()) {
            double own = ownCpu();
            Cpu before = cpu(here, there);
            long started = System.nanoTime();
            reading.run();
            double seconds = (System.nanoTime() - started) / 1e9;
            Map<String, Double> cpu = cpu(here, there).since(before);
            Pass pass = new Pass(seconds, of(cpu, "source"), of(cpu, "target"), ownCpu() - own);
            say("%s: %.2f s, %.2f s of CPU".formatted(title, pass.seconds(), pass.cpu()));
            return pass;
        } catch (SQLException e) {
            throw new BenchFailed("cannot look at a server", e);
        }
    }

    private static Cpu cpu(Connection source, Connection target) throws SQLException {
        return Cpu.now(
                Map.of(),
                List.of(
                        new Cpu.Server("source", alone(source), List.of()),
                        new Cpu.Server("target", alone(target), List.of())));
    }

    /** The backend of the connection, once no other is left: a server learns a little late what an ended one has spent. */
    private static long alone(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (number(connection, OTHERS) > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new BenchFailed("somebody else is connected to a server of this run");
            }
            LockSupport.parkNanos(SETTLE.toNanos());
        }
        LockSupport.parkNanos(SETTLE.toNanos());
        return number(connection, "select pg_backend_pid()");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static double of(Map<String, Double> cpu, String side) {
        return cpu.entrySet().stream()
                .filter(one -> one.getKey().startsWith(side))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static double ownCpu() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(spent -> spent.toNanos() / 1e9)
                .orElse(0.0);
    }

    private static void say(String message) {
        System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", (System.nanoTime() - STARTED) / 1e9, message);
    }
}
