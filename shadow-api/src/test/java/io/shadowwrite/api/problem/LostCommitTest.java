package io.shadowwrite.api.problem;

import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.refused;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.BytePoint;
import io.shadowwrite.testsupport.BytePoint.Way;
import io.shadowwrite.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** The target goes away at a commit, and only the same request again can tell what became of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostCommitTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private static final TransactionWrites FIRST = transaction(2_000, 0, partner(1, "first", "1", null));
    private static final TransactionWrites SECOND = transaction(2_100, 10, partner(1, "second", "1", null));
    private static final WriteBatch BOTH = batch(2_150, FIRST, SECOND);

    private final TestApi direct = TestApi.shared();
    private final TcpProxy proxy = TcpProxy.to(direct.target().port());
    private final ConfigurableApplicationContext context =
            ShadowApiApplication.start(TestApi.arguments(direct.target().through(proxy)));
    private final ShadowApi api = ShadowApiClient.connect(
            URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port")),
            TestApi.OPERATOR_TOKEN,
            BOUND);

    @BeforeEach
    void openWindow() {
        direct.open();
        // What is asked for the first time is asked before anything breaks.
        api.status();
    }

    @AfterAll
    void close() {
        context.close();
        proxy.close();
    }

    @Test
    void aBatchWhoseCommitNobodyHeardOfIsAnsweredAsRepeated() {
        Throwable lost = whileTheCommitIsNotHeardOf(() -> api.write(BOTH), () -> names().size() == 2);
        assertMayBeRepeated(lost);

        WriteResult again = repeated(() -> api.write(BOTH));

        assertThat(again.applied()).isEqualTo(2);
        assertThat(again.replayed()).isEqualTo(2);
        assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void aBatchThatDidNotComeToItsCommitIsAppliedWhenItComesAgain() {
        BytePoint point = proxy.cutAt(BytePoint.behind(Way.TO_SERVER, "second"));

        Throwable lost = catchThrowable(() -> api.write(BOTH));

        assertThat(point.isReached()).isTrue();
        assertMayBeRepeated(lost);
        assertThat(names()).isEmpty();
        assertThat(repeated(() -> api.write(BOTH)).replayed()).isZero();
        assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void aReplayWhoseCommitNobodyHeardOfDoesNothingTheSecondTime() {
        long letter = api.park(refused(FIRST)).id();
        api.write(BOTH);
        ReplayRequest request = new ReplayRequest("ada", "the target was repaired");
        assertThat(names()).isEmpty();

        Throwable lost = whileTheCommitIsNotHeardOf(() -> api.replay(letter, request), () -> names().size() == 2);
        assertMayBeRepeated(lost);
        ReplayResult again = repeated(() -> api.replay(letter, request));

        assertThat(again.replayed()).isZero();
        assertThat(names()).containsExactly("first", "second");
        assertThat(api.deadLetters(LetterState.OPEN, null, null, null, null, null, null, null, 10)
                        .letters())
                .isEmpty();
    }

    /** Cuts the target off between its commit and the word of it; what the request came to. */
    private @Nullable Throwable whileTheCommitIsNotHeardOf(Supplier<?> request, Supplier<Boolean> durable) {
        BytePoint committed = proxy.stopAt(BytePoint.behind(Way.TO_CLIENT, "COMMIT"));
        CompletableFuture<@Nullable Throwable> answer =
                CompletableFuture.supplyAsync(() -> catchThrowable(request::get));
        committed.await(BOUND);
        assertThat(durable.get()).as("it is durable").isTrue();
        assertThat(answer).isNotDone();
        proxy.cut();
        proxy.heal();
        return answer.join();
    }

    /** The same request until it is answered, as clients do: more connections than that of the commit were cut. */
    private static <T> T repeated(Supplier<T> request) {
        AtomicReference<T> answer = new AtomicReference<>();
        Await.until("an answer", BOUND, () -> {
            try {
                answer.set(request.get());
                return true;
            } catch (ShadowProblem problem) {
                assertMayBeRepeated(problem);
                return false;
            }
        });
        return Objects.requireNonNull(answer.get());
    }

    private static void assertMayBeRepeated(@Nullable Throwable lost) {
        assertThat(lost)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.retryable())
                                .as(problem.detail())
                                .isTrue());
    }

    private List<@Nullable String> names() {
        return direct.target().queryForList("select name from unified.partner order by valid_from");
    }
}
