package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.EngagedFence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attempt releases what it engaged, and never what the next one did. */
class RememberedFenceTest {

    private static final String HOLDER = "cutover x";
    private static final String NOTE = "/shadow/cutover/fence";

    private final GatePeer peer = new GatePeer();
    private Path said;
    private RememberedFence fence;

    @BeforeEach
    void writeTheFenceCommand(@TempDir Path directory) throws IOException {
        said = directory.resolve("said");
        Path script = directory.resolve("fence.sh");
        Files.writeString(script, "echo $1 >> %s\n".formatted(said));
        fence = new RememberedFence(
                new CommandFence(List.of("/bin/sh", script.toString()), Duration.ofSeconds(30)),
                peer.api(),
                ApiPatience.within(Duration.ofSeconds(2)),
                HOLDER);
    }

    @AfterEach
    void close() {
        peer.close();
    }

    private void notedFor(String holder) {
        peer.fenced(new EngagedFence("command", holder, Instant.EPOCH));
    }

    @Test
    void releasesWhatItEngaged() throws Exception {
        fence.engage();
        notedFor(HOLDER);

        fence.release();

        assertThat(Files.readAllLines(said)).containsExactly("engage", "status", "release");
        assertThat(peer.told()).containsExactly(NOTE, NOTE);
    }

    @Test
    void releasesNothingThatItDidNotEngage() throws Exception {
        notedFor("cutover y");

        fence.release();

        assertThat(said).doesNotExist();
        assertThat(peer.told()).isEmpty();
    }

    @Test
    void leavesAloneWhatAnotherAttemptEngagedSince() throws Exception {
        fence.engage();
        notedFor("cutover y");

        fence.release();

        assertThat(Files.readAllLines(said)).containsExactly("engage", "status");
        assertThat(peer.told()).containsExactly(NOTE);
    }

    @Test
    void releasesWhatItEngagedAfterSomebodyHadReleasedIt() throws Exception {
        fence.engage();

        fence.release();

        assertThat(Files.readAllLines(said)).last().isEqualTo("release");
    }

    @Test
    void leavesNoWriterPausedForAnApiThatIsAway() throws Exception {
        fence.engage();
        peer.close();

        try {
            fence.release();
        } catch (RuntimeException unnoted) {
            // That it is released cannot be noted, either.
            assertThat(unnoted).hasMessageContaining("shadow-api");
        }

        assertThat(Files.readAllLines(said)).last().isEqualTo("release");
    }
}
