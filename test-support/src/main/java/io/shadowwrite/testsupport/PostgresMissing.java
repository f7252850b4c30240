package io.shadowwrite.testsupport;

/** No PostgreSQL can be started on this machine; the message names what to install. */
public final class PostgresMissing extends RuntimeException {

    PostgresMissing(String message) {
        super(message);
    }
}
