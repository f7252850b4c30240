package io.shadowwrite.system.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one program is started: what a user would type, to be varied by whoever wants to see another outcome.
 *
 * @param program what runs
 * @param words that come before the settings, such as the name of a command
 * @param name of the log, without suffix
 * @param settings by name, without the leading dashes
 * @param environment what the program sees beside the environment of this JVM
 */
public record Launch(
        Program program,
        List<String> words,
        String name,
        Map<String, String> settings,
        Map<String, String> environment) {

    public Launch {
        words = List.copyOf(words);
        settings = Map.copyOf(settings);
        environment = Map.copyOf(environment);
    }

    /** The same with these words before the settings. */
    public Launch saying(String... others) {
        return new Launch(program, List.of(others), name, settings, environment);
    }

    /** The same with a log of its own. */
    public Launch named(String other) {
        return new Launch(program, words, other, settings, environment);
    }

    /** The same with this setting, in place of the one of that name if there was one. */
    public Launch with(String setting, Object value) {
        return new Launch(program, words, name, plus(settings, setting, value.toString()), environment);
    }

    /** The same without the settings whose names begin so. */
    public Launch without(String prefix) {
        Map<String, String> fewer = new LinkedHashMap<>(settings);
        fewer.keySet().removeIf(name -> name.startsWith(prefix));
        return new Launch(program, words, name, fewer, environment);
    }

    /** The same with this environment variable. An empty value stands for a variable that nobody set. */
    public Launch withEnvironment(String variable, String value) {
        return new Launch(program, words, name, settings, plus(environment, variable, value));
    }

    private static Map<String, String> plus(Map<String, String> map, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }

    /** Starts it in a JVM like this one. */
    ProgramProcess start(Path home, Path logs) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.timezone=UTC",
                "-XX:+UseSerialGC",
                "-Xmx" + System.getProperty("suite.heap", "512m")));
        boolean brief = !program.isDaemon() && !Boolean.getBoolean("suite.optimized");
        if (brief || Boolean.getBoolean("suite.brief")) {
            // What ends within seconds, or within the minutes of a test, gains nothing from the second compiler.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("-jar", program.jar(home).toString()));
        command.addAll(words);
        settings.forEach((setting, value) -> command.add("--" + setting + "=" + value));
        return ProgramProcess.start(name, command, environment, logs.resolve(name + ".log"));
    }
}
