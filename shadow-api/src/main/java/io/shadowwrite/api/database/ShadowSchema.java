package io.shadowwrite.api.database;

import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.start.StartRefused;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings our schema in the target up to date; the only program that does. */
public final class ShadowSchema {

    /** A folder of its own name, so that a host that migrates its own database never finds these files. */
    private static final String LOCATION = "classpath:io/shadowwrite/db/migration";

    private ShadowSchema() {}

    /**
     * Migrates; two instances that start together wait for each other.
     *
     * @throws StartRefused when the schema cannot be migrated, or the target went away meanwhile
     */
    public static void migrate(ShadowDatabase database) {
        try {
            Flyway.configure(ShadowSchema.class.getClassLoader())
                    .dataSource(database.dataSource())
                    .locations(LOCATION)
                    .schemas("shadow")
                    .defaultSchema("shadow")
                    .table("migration_history")
                    .baselineOnMigrate(false)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            SqlProblem cause = SqlProblem.of(e);
            if (cause != null && cause.unavailable()) {
                throw StartRefused.unreachable(
                        "the target went away while schema shadow was migrated (%s); start again"
                                .formatted(cause.describe()),
                        e);
            }
            throw StartRefused.invalid("schema shadow", List.of("schema shadow cannot be migrated: " + e.getMessage()));
        }
    }
}
