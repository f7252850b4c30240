package io.shadowwrite.system.kills;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.system.House;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Kills and starts, and starts again what ended by itself, as a cluster does. Only a program that says it could not reach its
 * database may do so; whatever else ends is remembered as a failure. Confined to one thread.
 */
final class Supervisor {

    private static final int LOG_LINES_SHOWN = 15;

    private final Suite suite;
    private final PostgresServer source;
    private final PostgresServer target;
    private final Set<Victim> down = EnumSet.noneOf(Victim.class);
    private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    private final Map<Victim, Integer> unreachable = new EnumMap<>(Victim.class);
    private final List<String> failures = new ArrayList<>();

    Supervisor(House house) {
        this.suite = house.suite();
        this.source = house.sourceServer();
        this.target = house.targetServer();
    }

    void kill(Victim victim) {
        look();
        Program program = victim.program();
        if (program == null) {
            server(victim).kill();
        } else {
            suite.kill(program);
        }
        down.add(victim);
        kills.merge(victim, 1, Integer::sum);
    }

    void start(Victim victim) {
        Program program = victim.program();
        if (program == null) {
            server(victim).begin();
        } else {
            suite.start(program);
        }
        down.remove(victim);
    }

    /** Starts whatever is kept down. */
    void startAll() {
        EnumSet.copyOf(down).forEach(this::start);
    }

    /** Starts what is not there although nobody keeps it down. */
    void look() {
        for (Victim victim : Victim.values()) {
            if (!down.contains(victim) && hasEnded(victim)) {
                start(victim);
            }
        }
    }

    private boolean hasEnded(Victim victim) {
        Program program = victim.program();
        if (program == null) {
            boolean ended = !server(victim).isRunning();
            if (ended) {
                failures.add("%s ended by itself:%n%s"
                        .formatted(victim, end(server(victim).log())));
            }
            return ended;
        }
        OptionalInt code = suite.endedWith(program);
        if (code.isPresent()) {
            if (code.getAsInt() == ExitCode.UNREACHABLE.code()) {
                unreachable.merge(victim, 1, Integer::sum);
            } else {
                failures.add("%s ended by itself (exit %d):%n%s"
                        .formatted(victim, code.getAsInt(), end(suite.log(program))));
            }
        }
        return code.isPresent();
    }

    private PostgresServer server(Victim victim) {
        return victim == Victim.SOURCE ? source : target;
    }

    private static String end(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "(%s cannot be read: %s)".formatted(log, e.getMessage());
        }
    }

    /** How often each was killed. */
    Map<Victim, Integer> kills() {
        return Map.copyOf(kills);
    }

    int killed() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How often each ended because it could not reach what it needs, and was started again. */
    Map<Victim, Integer> unreachable() {
        return Map.copyOf(unreachable);
    }

    /** Whatever ended by itself and should not have. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
