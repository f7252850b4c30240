package io.shadowwrite.bench.debezium;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads a slot with Debezium's embedded engine and hands every batch to Debezium's JDBC sink, with nothing in between. It
 * does what the lines of its standard input say, {@code release} or {@code rest}, and ends with it. The sink, and with it
 * whatever the JVM has learnt, stays between two releases.
 */
public final class Pipe {

    private Pipe() {}

    /** Takes host, port and database of source and target, a slot, a publication and a directory for offsets. */
    public static void main(String[] arguments) throws IOException {
        Endpoint source = new Endpoint(arguments[0], Integer.parseInt(arguments[1]), arguments[2]);
        Endpoint target = new Endpoint(arguments[3], Integer.parseInt(arguments[4]), arguments[5]);
        Sink sink = new Sink(target);
        Engine engine = new Engine(source, arguments[6], arguments[7], Path.of(arguments[8]), sink);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            switch (command) {
                case "release" -> engine.start();
                case "rest" -> engine.stop();
                default -> throw new IllegalArgumentException("there is no command " + command);
            }
        }
        engine.stop();
        sink.close();
        System.exit(0);
    }
}
