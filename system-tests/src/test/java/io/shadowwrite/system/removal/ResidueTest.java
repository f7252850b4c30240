package io.shadowwrite.system.removal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The host names nothing of ours outside of the markers. */
class ResidueTest {

    private static final String CODE = "src/main/java/org/example/unified/CatalogController.java";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void theHostNamesNothingOfOursOutsideOfTheMarkers() {
        assertThat(Residue.in(Sample.HOME)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        CODE + ", // as_of_lsn",
        CODE + ", // shadow_metadata",
        CODE + ", // String idempotency_key;",
        CODE + ", // String idempotencyKey;",
        CODE + ", // import io.shadowwrite.protocol.Status;",
        CODE + ", // from shadow.pk_map",
        CODE + ", // GET /shadow/status",
        CODE + ", // provenance.transaction",
        "src/main/resources/application.yml, shadow.disabled: false",
        "src/main/resources/db/schema.sql, -- filled through cdc_shadow",
        "src/main/resources/db/schema.sql, alter table unified.tag add idempotency_key text;",
        "pom.xml, <!-- io.shadowwrite -->",
        "a-new-file.txt, SHADOW_DISABLED=true"
    })
    void aPlantedLeakIsFound(String file, String leak) throws IOException {
        Path copy = Sample.copyTo(directory);
        Files.writeString(copy.resolve(file), leak + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);

        assertThat(Residue.in(copy)).singleElement().asString().startsWith(file).endsWith(leak);
    }

    @Test
    void whatStandsBetweenTheMarkersIsNoLeak() throws IOException {
        Path yaml = Sample.copyTo(directory).resolve("src/main/resources/application.yml");

        assertThat(Files.readString(yaml)).contains(Residue.BEGIN, "shadow:", Residue.END);
        Files.writeString(yaml, Files.readString(yaml).replace(Residue.BEGIN, "a comment"));
        assertThat(Residue.in(directory)).as("without its marker").isNotEmpty();
    }
}
