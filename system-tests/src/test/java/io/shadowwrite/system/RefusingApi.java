package io.shadowwrite.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands where shadow-api was and refuses everything, in the three ways of what stands before a program that is away. */
final class RefusingApi implements AutoCloseable {

    private static final List<Integer> REFUSALS = List.of(503, 500, 429);

    private final HttpServer server;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private RefusingApi(HttpServer server) {
        this.server = server;
    }

    /** In the place of the one of this house, which does not run. */
    static RefusingApi of(House house) throws IOException {
        RefusingApi api = new RefusingApi(HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), house.suite().apiUrl().getPort()),
                0));
        api.server.createContext("/", api::refuse);
        api.server.start();
        return api;
    }

    private void refuse(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().getPath());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(REFUSALS.get(asked.size() % REFUSALS.size()), -1);
        }
    }

    /** How many requests it has refused. */
    long asked() {
        return asked.size();
    }

    /** How many of them were for this path. */
    long asked(String path) {
        return asked.stream().filter(path::equals).count();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
