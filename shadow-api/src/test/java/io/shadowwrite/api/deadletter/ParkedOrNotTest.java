package io.shadowwrite.api.deadletter;

import static io.shadowwrite.api.write.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.SelectionReplay;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is parked and replayed, and when: the target, its provenance, its key map and the receipts end up as if nothing
 * ever was. {@code -Dparked.seeds=N} runs more.
 */
class ParkedOrNotTest {

    private static final int TRANSACTIONS = 24;
    private static final LetterFilter OPEN = new LetterFilter(LetterState.OPEN, null, null, null, null, null, null);

    private final TestApi api = TestApi.shared();
    private final Letterbox letterbox = new Letterbox(api);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("parked.seeds", 8));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsUpAsIfNothingHadBeenParked(long seed) {
        List<TransactionWrites> stream = new RandomRows(new Random(seed)).transactions(TRANSACTIONS);
        api.open();
        for (TransactionWrites transaction : stream) {
            api.service().write(batch(transaction.endLsn().asLong(), transaction));
        }
        List<String> untroubled = everything();

        api.open();
        parkHereAndThere(new Random(seed), stream);
        for (int round = 0; openLetters() > 0; round++) {
            assertThat(round).as("rounds of replays").isLessThan(20);
            replayAll();
        }

        assertThat(everything()).isEqualTo(untroubled);
        assertThat(letterbox.all()).isNotEmpty();
        assertThat(api.target().queryForLong("select count(*) from shadow.parked_key"))
                .isZero();
    }

    private void parkHereAndThere(Random random, List<TransactionWrites> stream) {
        int next = 0;
        while (next < stream.size()) {
            int end = Math.min(stream.size(), next + 1 + random.nextInt(4));
            TransactionWrites[] batch = stream.subList(next, end).toArray(new TransactionWrites[0]);
            for (TransactionWrites transaction : batch) {
                for (int change = 0; change < transaction.changes().size(); change++) {
                    if (random.nextInt(6) == 0) {
                        api.service().park(Letterbox.refused(transaction, change));
                    }
                }
            }
            api.service().write(batch(batch[batch.length - 1].endLsn().asLong(), batch));
            letterbox.assertConserved();
            if (random.nextInt(4) == 0) {
                replayAll();
            }
            next = end;
        }
    }

    private void replayAll() {
        LetterSelection selection = api.operator().select(OPEN);
        api.operator().replaySelection(selection.id(), new SelectionReplay(selection.count(), "ada", "try"));
        letterbox.assertConserved();
    }

    private long openLetters() {
        return api.service().status().openDeadLetters();
    }

    private List<String> everything() {
        List<String> all = new ArrayList<>(letterbox.receipts());
        all.addAll(api.target().queryForList("""
                select p::text from unified.partner p
                union all select c::text from unified.city c
                union all select n::text from unified.note n
                union all select m::text from shadow.pk_map m
                union all select concat_ws(' ', t.idempotency_key, t.operation, t.model, t.source_key, t.committed_at)
                            from provenance.readable_transaction t
                order by 1
                """));
        return all;
    }
}
