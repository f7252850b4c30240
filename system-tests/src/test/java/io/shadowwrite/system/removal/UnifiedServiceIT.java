package io.shadowwrite.system.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One service with us, with us switched off, with a stub in our place, and without us: its own API is the same. */
@PostgresTest
@Timeout(300)
class UnifiedServiceIT {

    private static final String[] KEY = {UnifiedHost.KEY_HEADER, UnifiedHost.KEY};
    private static final String STATUS = "/shadow/status";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path stripped;

    private static List<String> classPath = List.of();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeAll
    static void takeUsOut() throws IOException {
        Sample.Answer answer = Sample.strip(Sample.copyTo(stripped));
        assertThat(answer.code()).as(answer.text()).isZero();
        classPath = HostBuild.classPath(stripped);
        assertThat(classPath)
                .hasSizeGreaterThan(10)
                .noneMatch(jar -> jar.contains("shadow") || jar.contains("flyway") || jar.contains("contracts"));
    }

    @BeforeEach
    void createTheHostsTables(@Target Database target) {
        target.runScript(Sample.HOME.resolve("src/main/resources/db/schema.sql"));
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private static UnifiedHost packaged(String name, Database target, Map<String, String> environment)
            throws IOException {
        try (Stream<Path> files = Files.list(Sample.HOME.resolve("target"))) {
            Path jar = files.filter(file -> file.getFileName().toString().matches("unified-service-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
            return UnifiedHost.start(name, List.of("-jar", jar.toString()), target, environment);
        }
    }

    private static UnifiedHost compiled(String name, Path classes, Database target) {
        String all = classes + File.pathSeparator + String.join(File.pathSeparator, classPath);
        return UnifiedHost.start(
                name, List.of("-classpath", all, "org.example.unified.UnifiedService"), target, Map.of());
    }

    @Test
    void neitherDoorOpensWithTheKeyOfTheOther(@Target Database target) throws IOException {
        try (UnifiedHost host = packaged("embedded", target, Map.of())) {
            assertTheHostServes(host);
            for (String token : List.of(UnifiedHost.TOKEN, UnifiedHost.OPERATOR_TOKEN)) {
                assertThat(host.get("/api/v1/tags/none", bearer(token)).statusCode())
                        .isEqualTo(401);
                assertThat(host.get("/api/v1/tags/none", UnifiedHost.KEY_HEADER, token)
                                .statusCode())
                        .isEqualTo(401);
                assertThat(host.get(STATUS, bearer(token)).statusCode()).isEqualTo(200);
            }
            assertThat(host.get(STATUS).statusCode()).isEqualTo(401);
            assertThat(host.get(STATUS, KEY).statusCode()).isEqualTo(401);
            assertThat(host.get(STATUS, bearer(UnifiedHost.KEY)).statusCode()).isEqualTo(401);
            assertThat(schemas(target)).as("our migration ran").isEqualTo(2);
            assertThat(sessions(target)).as("our pools are open").isPositive();
        }
    }

    @Test
    void switchedOffNothingOfOursAnswersMigratesOrConnects(@Target Database target) throws IOException {
        try (UnifiedHost host = packaged("disabled", target, Map.of("SHADOW_DISABLED", "true"))) {
            assertTheHostServes(host);
            assertNothingOfOurs(host, target);
        }
    }

    @Test
    void withAStubInOurPlaceTheHostServesItsApi(@Target Database target) throws IOException {
        Path copy = Sample.copyTo(directory);
        Path classes = HostBuild.compile(copy, classPath, copy.resolve("shadow/stub"));

        try (UnifiedHost host = compiled("stub", classes, target)) {
            assertTheHostServes(host);
            assertNothingOfOurs(host, target);
        }
    }

    @Test
    void strippedOfTheRegistrationTheHostServesItsApi(@Target Database target) throws IOException {
        Path classes = HostBuild.compile(stripped, classPath);

        try (UnifiedHost host = compiled("stripped", classes, target)) {
            assertTheHostServes(host);
            assertNothingOfOurs(host, target);
        }
    }

    private static void assertTheHostServes(UnifiedHost host) {
        String tag = "{\"label\":\"A tag\",\"color\":\"#aabbcc\"}";
        assertThat(host.put("/api/v1/tags/blue", tag).statusCode())
                .as("without the key")
                .isEqualTo(401);
        assertThat(host.put("/api/v1/tags/blue", tag, KEY).statusCode()).isEqualTo(200);
        assertThat(host.get("/api/v1/tags/blue", KEY).body())
                .isEqualTo("{\"slug\":\"blue\",\"label\":\"A tag\",\"color\":\"#aabbcc\"}");
        assertThat(host.get("/api/v1/parties/018f0000-0000-7000-8000-000000000000", KEY)
                        .statusCode())
                .isEqualTo(404);
    }

    private static void assertNothingOfOurs(UnifiedHost host, Database target) {
        for (String path : List.of(STATUS, "/shadow/window", "/shadow/anything")) {
            assertThat(host.get(path, bearer(UnifiedHost.OPERATOR_TOKEN)).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(schemas(target)).as("no migration ran").isZero();
        assertThat(sessions(target)).as("no pool was opened").isZero();
    }

    private static long schemas(Database target) {
        return target.queryForLong("select count(*) from pg_namespace where nspname in ('shadow', 'provenance')");
    }

    private static long sessions(Database target) {
        return target.queryForLong(
                "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'shadow-%'");
    }
}
