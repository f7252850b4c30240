package io.shadowwrite.verification.pin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.ShadowTables;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

@PostgresTest
class SnapshotPinTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Database source;
    private final Database target;

    SnapshotPinTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
    }

    @BeforeEach
    void tables() {
        ShadowTables.create(target);
        source.execute("create table public.written (id bigint primary key)", "insert into public.written values (1)");
    }

    private SourceConnection address() {
        return new SourceConnection(source.jdbcUrl(), source.user(), source.password());
    }

    private ExportedSnapshot exported() {
        return ExportedSnapshot.temporary(address(), "backfill-of-a-test", BOUND);
    }

    private void consumerStandsAt(LogSequenceNumber lsn) {
        target.execute("update shadow.reader_position set position = '" + lsn.asString() + "' where side = 1");
    }

    private PinOutcome take(String snapshot, LogSequenceNumber lsn) {
        return new SnapshotPin(
                        address(),
                        new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                        snapshot,
                        lsn,
                        new PinSettings(2, BOUND, BOUND, BOUND, BOUND, BOUND),
                        Progress.SILENT)
                .take();
    }

    private static String reason(PinOutcome outcome) {
        assertThat(outcome).isInstanceOf(PinOutcome.Impossible.class);
        return ((PinOutcome.Impossible) outcome).reason();
    }

    @Test
    void showsTheSourceAsTheBackfillSawIt() {
        try (ExportedSnapshot holder = exported()) {
            source.execute("insert into public.written values (2)");
            consumerStandsAt(holder.consistentPoint());

            PinOutcome outcome = take(holder.name(), holder.consistentPoint());

            assertThat(outcome).isInstanceOf(PinOutcome.Pinned.class);
            try (PinnedSides sides = ((PinOutcome.Pinned) outcome).sides()) {
                assertThat(sides.lsn()).isEqualTo(holder.consistentPoint());
                for (int i = 0; i < 3; i++) {
                    long rows = sides.source().read("rows", connection -> {
                        try (Statement statement = connection.createStatement();
                                ResultSet count = statement.executeQuery("select count(*) from public.written")) {
                            count.next();
                            return count.getLong(1);
                        }
                    });
                    assertThat(rows).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void refusesATargetToWhichWasStreamed() {
        try (ExportedSnapshot holder = exported()) {
            consumerStandsAt(LogSequenceNumber.valueOf(holder.consistentPoint().asLong() + 8));

            assertThat(reason(take(holder.name(), holder.consistentPoint()))).contains("the stream has begun");
        }
    }

    @Test
    void isImpossibleOnceTheHolderIsGone() {
        String name;
        LogSequenceNumber lsn;
        try (ExportedSnapshot holder = exported()) {
            name = holder.name();
            lsn = holder.consistentPoint();
        }
        consumerStandsAt(lsn);

        assertThat(reason(take(name, lsn))).isNotBlank();
    }
}
