package io.shadowwrite.api.conservation;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.receipts;
import static io.shadowwrite.api.write.Batches.refused;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.unmapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A count and a replay never miss each other, whatever the stream and the slot reader do beside them. */
class CountAndReplayTest {

    private static final int ROUNDS = Integer.getInteger("replay.rounds", 40);

    /** A replay that lost a race; its letter is there the next time. */
    private static final Set<ProblemType> LOST =
            EnumSet.of(ProblemType.TARGET_CONFLICT, ProblemType.DEAD_LETTER_STATE, ProblemType.DEAD_LETTER_BLOCKED);

    private final TestApi api = TestApi.shared();
    private final ConservationCheck check = api.context().getBean(ConservationCheck.class);

    private static TransactionWrites round(int round) {
        return transaction(2_000 + 100L * round, round, note(round % 7, "v" + round), unmapped(), note(9, "w" + round));
    }

    private static long below(int round) {
        return 2_050 + 100L * round;
    }

    @Test
    void theSumsAreThoseOfACountFromScratch() throws Exception {
        api.open();
        AtomicBoolean written = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = List.of(
                    threads.submit(() -> writeAll(written)),
                    threads.submit(this::attestAll),
                    threads.submit(() -> until(written, this::replayFirst)),
                    threads.submit(() -> until(written, check::countWindows)));
            for (Future<?> each : all) {
                each.get();
            }
        }
        Await.until("all are replayed", Duration.ofSeconds(60), () -> !replayFirst());
        Await.until("all are counted", Duration.ofSeconds(10), check::countWindows);

        Conservation counted = Objects.requireNonNull(api.service().status().conservation());
        assertThat(counted.holds()).isTrue();
        assertThat(counted.below()).isEqualTo(lsn(below(ROUNDS - 1)));
        assertThat("%d of slot reader, %d applied, %d no-op, %d filtered, %d parked"
                        .formatted(
                                counted.decoded(),
                                counted.applied(),
                                counted.noOp(),
                                counted.filtered(),
                                counted.parked()))
                .isEqualTo(api.target().queryForString("""
                        select format('%s of slot reader, %s applied, %s no-op, %s filtered, %s parked',
                                      count(*) filter (where side = 2),
                                      count(*) filter (where disposition = 1),
                                      count(*) filter (where disposition = 2),
                                      count(*) filter (where disposition = 3),
                                      count(*) filter (where disposition = 4))
                          from shadow.event_ledger
                        """));
        assertThat(api.target().queryForLong("select count(*) from shadow.dead_letter where state = 'REPLAYED'"))
                .isPositive();
    }

    private void writeAll(AtomicBoolean written) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                TransactionWrites transaction = round(round);
                api.service().park(refused(transaction));
                api.service().write(batch(below(round), transaction));
            }
        } finally {
            written.set(true);
        }
    }

    private void attestAll() {
        long from = 1_500;
        for (int round = 0; round < ROUNDS; round++) {
            TransactionWrites transaction = round(round);
            api.service().attest(new ReceiptBatch(lsn(from), lsn(below(round)), receipts(transaction)));
            from = below(round);
        }
    }

    private static void until(AtomicBoolean done, Runnable work) {
        while (!done.get()) {
            work.run();
        }
    }

    /** False when there is none. */
    private boolean replayFirst() {
        List<DeadLetter> open = api.service()
                .deadLetters(LetterState.OPEN, null, null, null, null, null, null, null, 1)
                .letters();
        if (open.isEmpty()) {
            return false;
        }
        try {
            api.operator().replay(open.getFirst().id(), new ReplayRequest("ada", "try"));
        } catch (ShadowProblem lost) {
            assertThat(LOST).contains(lost.type());
        }
        return true;
    }
}
