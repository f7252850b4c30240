/** Debezium's embedded engine and its JDBC sink in one process, a reference for the benchmark. */
package io.shadowwrite.bench.debezium;
