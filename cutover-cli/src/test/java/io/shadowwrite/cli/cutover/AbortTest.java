package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.replication.LogSequenceNumber;

/** Writers of the source go on only when it is sure that they have no permit to be elsewhere. */
class AbortTest {

    private static final String HOLDER = "cutover 01900000-0000-7000-8000-000000000001 fence=command by ada";
    private static final LogSequenceNumber FINAL = LogSequenceNumber.valueOf(5_000);
    private static final String BLOCK = "/shadow/cutover/audit";
    private static final String RESUME = "/shadow/cutover/resume";
    private static final String NOTE = "/shadow/cutover/fence";

    private final GatePeer peer = new GatePeer();

    private Path said;
    private Abort abort;

    @BeforeEach
    void writeTheFenceCommand(@TempDir Path directory) throws IOException {
        said = directory.resolve("said");
        Path script = directory.resolve("fence.sh");
        Files.writeString(script, "echo $1 >> %s\n".formatted(said));
        Fence fence = new CommandFence(List.of("/bin/sh", script.toString()), Duration.ofSeconds(30));
        abort = new Abort(peer.api(), fence, "ada", "a test");
        fenced("command");
    }

    @AfterEach
    void close() {
        peer.close();
    }

    private void fenced(String kind) {
        peer.fenced(new EngagedFence(kind, HOLDER, Instant.EPOCH));
    }

    private static Hold held(@Nullable Instant until) {
        return new Hold(HOLDER, Hold.Kind.GATE, FINAL, until);
    }

    private boolean released() throws IOException {
        return Files.exists(said) && Files.readAllLines(said).contains("release");
    }

    @Test
    void takesThePermitAwayBeforeTheHoldAndTheHoldBeforeTheFence() throws Exception {
        peer.stands("PERMITTED", held(null));
        assertThat(abort.permit()).isEqualTo(FINAL);

        Abort.Result result = abort.run(FINAL);

        assertThat(result.failures()).isEmpty();
        assertThat(peer.told()).containsExactly(BLOCK, RESUME, NOTE);
        assertThat(released()).isTrue();
    }

    @Test
    void asksAboutNoAttemptWithoutAPermit() throws Exception {
        peer.stands("CUTTING_OVER", held(Instant.now().plusSeconds(60)));
        assertThat(abort.permit()).isNull();

        assertThat(abort.run(null).failures()).isEmpty();

        assertThat(peer.told()).containsExactly(BLOCK, RESUME, NOTE);
    }

    @Test
    void takesAwayNoPermitThatNobodyWasAskedAbout() throws Exception {
        peer.stands("PERMITTED", held(null));

        assertNotAsked(null);
        assertNotAsked(LogSequenceNumber.valueOf(4_000));

        assertThat(peer.told()).isEmpty();
        assertThat(released()).isFalse();
    }

    private void assertNotAsked(@Nullable LogSequenceNumber known) throws InterruptedException {
        assertThat(abort.run(known).failures())
                .anyMatch(failure -> failure.contains("nobody was asked about it"))
                .anyMatch(failure -> failure.startsWith("the fence: not released"));
    }

    @Test
    void leavesTheFenceWhileAPermitMayStand() throws Exception {
        peer.stands("CUTTING_OVER", held(Instant.now().plusSeconds(60)));
        peer.refuse(ProblemType.BROKEN_INVARIANT);

        assertThat(abort.run(null).failures()).anyMatch(failure -> failure.startsWith("the fence: not released"));

        assertThat(peer.told()).doesNotContain(RESUME, NOTE);
        assertThat(released()).isFalse();
    }

    @Test
    void releasesOnlyTheFenceThatIsNoted() throws Exception {
        fenced("read-only");
        assertThat(abort.run(null).failures()).anyMatch(failure -> failure.contains("--fence=read-only"));
        peer.fenced(null);
        assertThat(abort.run(null)).isEqualTo(new Abort.Result(List.of(), List.of()));

        assertThat(peer.told()).isEmpty();
        assertThat(released()).isFalse();
    }

    @Test
    void touchesNothingThatIsFinished() throws Exception {
        peer.stands("FINISHED", held(null));
        assertThat(abort.permit()).isNull();
        assertFinished(null);
        assertThat(peer.told()).isEmpty();

        // Finished since it was looked at.
        peer.stands("PERMITTED", held(null));
        peer.refuse(ProblemType.CUTOVER_FINISHED);
        assertFinished(FINAL);

        assertThat(peer.told()).doesNotContain(RESUME, NOTE);
        assertThat(released()).isFalse();
    }

    private void assertFinished(@Nullable LogSequenceNumber known) {
        assertThatThrownBy(() -> abort.run(known))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.CUTOVER_FINISHED));
    }
}
