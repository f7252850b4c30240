package io.shadowwrite.verification.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who walks over a side that streams must not let it wait: an API gives up a stream that nobody reads for a minute. */
@PostgresTest
class DrillDownTest {

    private static final Image IMAGE =
            new Image("public.t", "public.t", "k", List.of("c0"), List.of("c0"), "true", false);

    private final Database source;
    private final Database target;
    private final AtomicInteger walking = new AtomicInteger();
    private final AtomicInteger looksWhileWalking = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();

    DrillDownTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
    }

    @Test
    void looksAtNoRowWhileItWalks() throws SQLException {
        source.execute("create table public.t as select 'k' || g as k, 'a' as c0 from generate_series(1, 3000) g");
        target.execute("create table public.t as select 'k' || g as k, 'b' as c0 from generate_series(1, 3000) g");
        Comparison comparison = new Comparison(
                Comparison.Subject.ROWS, "T", List.of(IMAGE), IMAGE, Map.of("name", new ColumnType("text", Kind.TEXT)));
        Findings findings = new Findings(2_500);

        try (Sessions left = session(source);
                Sessions right = session(target)) {
            Scans scans = new Scans(RowHash.SERVER, 4, 100);
            new Comparer(
                            new Watched(SqlSide.expected(left, scans)),
                            new Watched(SqlSide.found(right, scans)),
                            left,
                            Progress.SILENT)
                    .compare(Step.COMPARE, List.of(comparison), findings);
        }

        assertThat(findings.kept())
                .hasSize(2_500)
                .allSatisfy(finding -> assertThat(finding.targetImage()).containsEntry("name", "b"));
        assertThat(findings.total()).isEqualTo(3_000);
        assertThat(looks).hasPositiveValue();
        assertThat(looksWhileWalking).hasValue(0);
    }

    private static Sessions session(Database database) throws SQLException {
        Connection connection = database.connect();
        PinnedSession.pin(connection, Duration.ofSeconds(30));
        connection.setAutoCommit(false);
        return new Sessions(List.of(connection), Duration.ofSeconds(10));
    }

    /** A real side that tells when it is asked for rows. */
    private final class Watched implements ComparedSide {

        private final ComparedSide side;

        private Watched(ComparedSide side) {
            this.side = side;
        }

        @Override
        public List<Reading> readings(List<Comparison> comparisons) {
            return side.readings(comparisons);
        }

        @Override
        public <T> T inKeyOrder(Comparison comparison, Set<Integer> buckets, KeyCursor.Reader<T> reader) {
            walking.incrementAndGet();
            try {
                return side.inKeyOrder(comparison, buckets, reader);
            } finally {
                walking.decrementAndGet();
            }
        }

        @Override
        public Map<String, List<@Nullable String>> rows(Comparison comparison, Collection<String> keys) {
            looks.incrementAndGet();
            if (walking.get() > 0) {
                looksWhileWalking.incrementAndGet();
            }
            return side.rows(comparison, keys);
        }
    }
}
