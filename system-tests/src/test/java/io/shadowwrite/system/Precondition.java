package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.shadowwrite.testsupport.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a test needs of the machine that it runs on. Where that is missing the test is skipped and says so; it fails instead
 * where somebody would take it for shown.
 */
final class Precondition {

    private static final boolean CI = isSet(System.getenv("CI"));

    /** Of the build profile that leaves nothing out. */
    private static final boolean FAULTS = Boolean.getBoolean("suite.faults");

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private Precondition() {}

    /** What root has wherever the servers run beside the tests: must be met in CI, and for root with -Pfaults. */
    static void ofRoot(boolean met, String advice) {
        check(met, CI || (FAULTS && ROOT), advice);
    }

    /** What somebody has to install for these tests alone: must be met in CI only. */
    static void ofPackage(boolean met, String advice) {
        check(met, CI, advice);
    }

    /** The directory of the server, which must run on this machine, as that of {@link #ofRoot}. */
    static Path dataOf(Database database) {
        Path data = Path.of(Objects.requireNonNull(database.queryForString("SHOW data_directory")));
        ofRoot(
                Files.isDirectory(data),
                "the servers must run beside the tests: install postgresql-15 and postgresql-15-wal2json");
        return data;
    }

    private static void check(boolean met, boolean must, String advice) {
        if (must) {
            assertThat(met).as(advice).isTrue();
        } else {
            assumeThat(met).as(advice).isTrue();
        }
    }

    private static boolean isSet(@Nullable String variable) {
        return variable != null && !variable.isBlank();
    }
}
