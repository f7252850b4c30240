package io.shadowwrite.verification.compare;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A side of which one model cannot be read, and the others never end by themselves. */
@PostgresTest
@Timeout(20)
class FailedScanTest implements ComparedSide {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final Database source;

    FailedScanTest(@Source Database source) {
        this.source = source;
    }

    @Test
    void endsTheScansThatNobodyWantsAnyMore() throws SQLException {
        try (Sessions spellings = new Sessions(List.of(source.connect()), Duration.ofSeconds(10))) {
            Comparer comparer = new Comparer(this, this, spellings, Progress.SILENT);

            assertThatThrownBy(() ->
                            comparer.compare(Step.COMPARE, List.of(model("Endless"), model("Broken")), new Findings(1)))
                    .isInstanceOf(VerificationProblem.class)
                    .hasMessageContaining("it is broken");
        }
    }

    @Override
    public List<Reading> readings(List<Comparison> comparisons) {
        return comparisons.stream()
                .<Reading>map(comparison -> () -> read(comparison))
                .toList();
    }

    private List<Reading.Part> read(Comparison comparison) {
        try {
            if (comparison.model().equals("Broken")) {
                begun.await();
                throw new VerificationProblem(VerificationProblem.Code.READ_FAILED, "it is broken", "Mend it", null);
            }
            begun.countDown();
            never.await();
            throw new AssertionError("it never ends");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerificationProblem(VerificationProblem.Code.TOO_SLOW, "interrupted", "Run it again", e);
        }
    }

    private static Comparison model(String name) {
        Image image = new Image("public.t", "public.t", "k", List.of(), List.of(), "true", false);
        return new Comparison(Comparison.Subject.ROWS, name, List.of(image), image, Map.of());
    }

    @Override
    public <T> T inKeyOrder(Comparison comparison, Set<Integer> buckets, KeyCursor.Reader<T> reader) {
        throw new UnsupportedOperationException("nobody walks");
    }

    @Override
    public Map<String, List<@Nullable String>> rows(Comparison comparison, Collection<String> keys) {
        throw new UnsupportedOperationException("nobody looks up");
    }
}
