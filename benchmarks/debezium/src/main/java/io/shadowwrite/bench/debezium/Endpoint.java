package io.shadowwrite.bench.debezium;

/** One database; the servers of the benchmark trust everybody on loopback. */
record Endpoint(String host, int port, String database) {

    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    /** For the driver. With rewriting, a batch of inserts is one statement. */
    String url() {
        return "jdbc:postgresql://%s:%d/%s?reWriteBatchedInserts=true".formatted(host, port, database);
    }
}
