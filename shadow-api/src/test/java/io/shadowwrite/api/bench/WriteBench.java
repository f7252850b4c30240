package io.shadowwrite.api.bench;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What one warmed-up shadow-api and its target spend per event, over HTTP and with every write durable. Arguments: rows
 * per table, events to warm up, events of a round, rounds, transactions of a batch; system property {@code jfr} names a
 * recording, {@code statements} asks for the server's own account, {@code inflight} is how many requests are on the way.
 * {@code extra} are options of the JVM, and {@code compared} those of a second one with a target of its own, measured in turn:
 * {@code -Dcompared=-Dshadow.write.batches-ahead=0}.
 */
public final class WriteBench {

    private static final String TOKEN = "bench-of-the-write-path";
    private static final int EVENTS_PER_TRANSACTION = 4;
    private static final int IN_FLIGHT = Integer.getInteger("inflight", 1);

    private final Database target;
    private final Process api;
    private final URI url;
    private final int batchTransactions;
    private final HttpClient http = HttpClient.newHttpClient();

    private WriteBench(Database target, Process api, URI url, int batchTransactions) {
        this.target = target;
        this.api = api;
        this.url = url;
        this.batchTransactions = batchTransactions;
    }

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        int warm = Integer.parseInt(args[1]);
        int events = Integer.parseInt(args[2]);
        int rounds = Integer.parseInt(args[3]);
        int batch = Integer.parseInt(args[4]);
        PostgresServer.Settings settings = PostgresServer.Settings.defaults()
                .syncing()
                .with("shared_buffers", System.getProperty("buffers", "2GB"))
                .with("max_wal_size", "16GB")
                .with("checkpoint_timeout", "1h")
                .with("track_activities", "on");
        if (System.getProperty("statements") != null) {
            settings = settings.with("shared_preload_libraries", "pg_stat_statements")
                    .with("pg_stat_statements.track_planning", "on")
                    .with("pg_stat_statements.track", "all");
        }
        try (PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET, settings)) {
            Database target = server.createDatabase("unified");
            target.runScript(Workload.TABLES);
            Path contract = Files.createTempFile("bench", ".json");
            Files.writeString(contract, Workload.contract());
            int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
            Process api = launch(target, contract, port, System.getProperty("extra"));
            String compared = System.getProperty("compared");
            Database second = server.createDatabase("second");
            second.runScript(Workload.TABLES);
            Process other = compared == null ? null : launch(second, contract, port + 1, compared);
            try {
                URI url = URI.create("http://localhost:" + port);
                WriteBench bench = new WriteBench(target, api, url, batch);
                Workload workload = bench.prepare(contract, rows);
                bench.run(workload, warm, true);
                if (other != null) {
                    WriteBench otherBench =
                            new WriteBench(second, other, URI.create("http://localhost:" + (port + 1)), batch);
                    Workload otherWorkload = otherBench.prepare(contract, rows);
                    otherBench.run(otherWorkload, warm, true);
                    for (int round = 0; round < rounds; round++) {
                        System.out.print("one   ");
                        bench.run(workload, events, false);
                        System.out.print("other ");
                        otherBench.run(otherWorkload, events, false);
                    }
                    return;
                }
                if (System.getProperty("statements") != null) {
                    target.execute(
                            "create extension if not exists pg_stat_statements", "select pg_stat_statements_reset()");
                }
                for (int round = 0; round < rounds; round++) {
                    bench.run(workload, events, false);
                }
                if (System.getProperty("statements") != null) {
                    bench.statements();
                }
            } finally {
                api.destroy();
                if (other != null) {
                    other.destroy();
                }
                api.waitFor();
            }
        }
    }

    private static Process launch(Database target, Path contract, int port, String extra) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElseThrow(), "-Xms512m", "-Xmx512m"));
        String jfr = System.getProperty("jfr");
        if (jfr != null) {
            command.add("-XX:StartFlightRecording=filename=%s,settings=profile".formatted(jfr));
        }
        if (extra != null) {
            command.addAll(List.of(extra.split(" ", -1)));
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                ShadowApiApplication.class.getName(),
                "--server.port=" + port,
                "--shadow.contract.location=" + contract,
                "--shadow.migration-id=bench",
                "--shadow.target.url=" + target.jdbcUrl(),
                "--shadow.target.user=" + target.user(),
                "--shadow.target.password=" + target.password(),
                "--shadow.api.token=" + TOKEN,
                "--shadow.api.operator-token=" + TOKEN + "-operator"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("/tmp/bench-api-" + port + ".log"))
                .start();
    }

    private Workload prepare(Path contract, int rows) throws IOException {
        ShadowApi service = ShadowApiClient.connect(url, TOKEN, Duration.ofSeconds(10));
        Await.until("shadow-api answers", Duration.ofMinutes(4), () -> answers(service));
        String hash = new ContractReader().read(contract).sha256();
        Window window = new Window(
                "bench",
                "p",
                LogSequenceNumber.valueOf(1_000),
                "v",
                LogSequenceNumber.valueOf(1_000),
                "7000",
                1,
                "options",
                hash,
                3,
                GapPolicy.RESET,
                TickClock.SOURCE);
        ShadowApiClient.connect(url, TOKEN + "-operator", Duration.ofSeconds(10))
                .openWindow(window);
        long epoch = service.openSession(new SessionRequest("c", "bench", "p", hash, "options", "7000", 1))
                .epoch();
        target.execute(
                "insert into provenance.source_table (name) values ('app.v1'), ('app.v2'), ('app.p1'), ('app.p2')");
        service.write(new WriteBatch(epoch, LogSequenceNumber.valueOf(1_100), List.of()));
        target.execute("insert into provenance.target_model (name) values ('V1'), ('V2'), ('P1'), ('P2')");
        for (String name : Workload.names()) {
            boolean versioned = name.startsWith("v");
            target.execute(Workload.FILL.formatted(
                    name,
                    Workload.model(name),
                    versioned ? ", valid_from" : "",
                    versioned ? ", '2026-11-01 00:00:00+00'" : "",
                    rows));
        }
        target.execute("vacuum analyze");
        target.execute("checkpoint");
        return new Workload(epoch, 10_000, rows);
    }

    private static boolean answers(ShadowApi service) {
        try {
            service.status();
            return true;
        } catch (RuntimeException e) {
            return !String.valueOf(e.getMessage()).contains("did not answer");
        }
    }

    private void run(Workload workload, int events, boolean warmUp) throws IOException, InterruptedException {
        long lsn = target.queryForLong("select pg_current_wal_lsn() - '0/0'");
        long bytes = bytes();
        Map<Long, Double> backends = backends();
        double jvm = cpu(api.pid());
        Map<String, Double> threads = threads();
        long begin = System.nanoTime();
        Deque<CompletableFuture<HttpResponse<String>>> flying = new ArrayDeque<>();
        int sent = 0;
        while (sent < events) {
            byte[] body = WireJson.mapper().writeValueAsBytes(workload.next(batchTransactions));
            flying.add(http.sendAsync(
                    HttpRequest.newBuilder(url.resolve("/shadow/write/batch"))
                            .header("Authorization", "Bearer " + TOKEN)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
            if (flying.size() >= IN_FLIGHT) {
                land(flying.remove());
            }
            sent += batchTransactions * EVENTS_PER_TRANSACTION;
        }
        while (!flying.isEmpty()) {
            land(flying.remove());
        }
        long nanos = System.nanoTime() - begin;
        double backend = 0;
        for (Map.Entry<Long, Double> after : backends().entrySet()) {
            backend += after.getValue() - backends.getOrDefault(after.getKey(), 0.0);
        }
        Map<String, Double> spent = threads();
        threads.forEach((thread, seconds) -> spent.merge(thread, -seconds, Double::sum));
        System.out.printf(
                "%s %d events: %.0f /s, backend %.1f us, jvm %.1f us (compiler %.1f, collector %.1f), wal %.0f B, tables+indexes %.0f B%n",
                warmUp ? "warm " : "round",
                sent,
                sent / (nanos / 1e9),
                backend / sent * 1e6,
                (cpu(api.pid()) - jvm) / sent * 1e6,
                part(spent, "C1", "C2") / sent * 1e6,
                part(spent, "G1", "GC", "VM") / sent * 1e6,
                (target.queryForLong("select pg_current_wal_lsn() - '0/0'") - lsn) / (double) sent,
                (bytes() - bytes) / (double) sent);
    }

    private static void land(CompletableFuture<HttpResponse<String>> flight) {
        HttpResponse<String> answer = flight.join();
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.body());
        }
    }

    private void statements() {
        target.queryForList("""
                        select rpad(round(total_exec_time * 1000 / 1000)::text, 9) || ' ms exec '
                               || rpad(round(total_plan_time)::text, 7) || ' ms plan, calls ' || calls
                               || ' rows ' || rows || ' wal ' || wal_bytes || ' hit ' || shared_blks_hit
                               || ' : ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 170)
                          from public.pg_stat_statements
                         order by total_exec_time + total_plan_time desc limit 32
                        """).forEach(System.out::println);
    }

    private long bytes() {
        return target.queryForLong("""
                select sum(pg_total_relation_size(c.oid))::bigint
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('bench', 'shadow', 'provenance') and c.relkind = 'r'
                """);
    }

    private Map<Long, Double> backends() {
        Map<Long, Double> cpu = new HashMap<>();
        target.queryForList(
                        "select pid::text from pg_stat_activity where application_name = 'shadow-api' and datname = current_database()")
                .forEach(pid -> cpu.put(Long.parseLong(String.valueOf(pid)), cpu(Long.parseLong(String.valueOf(pid)))));
        return cpu;
    }

    private static double part(Map<String, Double> threads, String... prefixes) {
        return threads.entrySet().stream()
                .filter(thread -> List.of(prefixes).stream().anyMatch(thread.getKey()::startsWith))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Of the API's process, by the names of its threads. */
    private Map<String, Double> threads() throws IOException {
        Map<String, Double> cpu = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + api.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                cpu.merge(Files.readString(task.resolve("comm")).strip(), cpu(task.resolve("stat")), Double::sum);
            }
        }
        return cpu;
    }

    private static double cpu(long pid) {
        return cpu(Path.of("/proc/" + pid + "/stat"));
    }

    /** Seconds of user and system time. */
    private static double cpu(Path file) {
        try {
            String stat = Files.readString(file);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        } catch (IOException e) {
            return 0;
        }
    }
}
