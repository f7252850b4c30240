package io.shadowwrite.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class fresh databases as parameters marked {@link Source} or {@link Target}.
 *
 * <p>Each side is one server per JVM, started when a test first asks for it. A test gets one database per side, the same
 * in its constructor, its {@code @BeforeEach} methods and itself; afterwards it is checked for leaks (replication slots,
 * open transactions, snapshot holders), which fail the test, and dropped. A parameter of {@code @BeforeAll} makes it one
 * database for the whole class.
 *
 * <p>A machine without PostgreSQL skips these tests with the reason, or fails them when the variable CI is set.
 */
@java.lang.annotation.Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PostgresExtension.class)
public @interface PostgresTest {}
