package io.shadowwrite.verification;

import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The tables of shadow-api that a tick reads, in a target that has no API. */
public final class ShadowTables {

    private ShadowTables() {}

    /** Creates them, with both readers at the very beginning. */
    public static void create(Database target) {
        try (InputStream script =
                Objects.requireNonNull(ShadowTables.class.getResourceAsStream("/shadow-tables.sql"))) {
            target.runScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
