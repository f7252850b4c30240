package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.testsupport.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our programs: row, provenance, key map, receipt and position for each event; with the reader, a second receipt. */
record Ours(Entrant entrant, OurPrograms programs) implements Contender {

    private static final String POSITIONS = """
            SELECT count(*)
              FROM shadow.reader_position
             WHERE position > ?::pg_lsn
               AND side <= ?
            """;

    private static final String RECEIPTS = """
            SELECT count(*)
              FROM shadow.event_ledger
             WHERE commit_lsn >= ?::pg_lsn
               AND side <= ?
            """;

    private static final String PROVENANCE = """
            SELECT count(*)
              FROM provenance.transaction
             WHERE commit_lsn >= ?::pg_lsn
            """;

    private static final String IMAGE = """
            SELECT concat_ws(' ',
                     (SELECT count(*) || ':' || (sum(credit) * 100)::bigint FROM mirror.customer WHERE valid_to IS NULL),
                     (SELECT count(*) || ':' || sum(total) FROM mirror.purchase WHERE valid_to IS NULL),
                     (SELECT count(*) || ':' || sum(quantity) FROM mirror.stock),
                     (SELECT count(*) || ':' || sum(amount) FROM mirror.movement),
                     (SELECT max(id) FROM mirror.marker))
            """;

    @Override
    public Database target() {
        return programs.target();
    }

    @Override
    public String movements() {
        return "mirror.movement";
    }

    @Override
    public Map<String, Long> processes() {
        Map<String, Long> processes = new LinkedHashMap<>();
        processes.put("api", programs.api().pid());
        processes.put("consumer", programs.consumer().pid());
        if (sides() == 2) {
            processes.put("slot reader", programs.reader().pid());
        }
        return processes;
    }

    @Override
    public List<String> slots() {
        return sides() == 2
                ? List.of(programs.consumer().slot(), programs.reader().slot())
                : List.of(programs.consumer().slot());
    }

    @Override
    public void release() {
        programs.consumer().release();
        if (sides() == 2) {
            programs.reader().release();
        }
    }

    @Override
    public boolean reached(Backlog backlog, Observer observer) {
        return observer.number(POSITIONS, backlog.end().asString(), sides()) == sides();
    }

    @Override
    public String image() {
        return IMAGE;
    }

    @Override
    public void check(Backlog backlog, Observer observer) {
        String start = backlog.start().asString();
        expect("receipts", backlog.events() * sides(), observer.number(RECEIPTS, start, sides()));
        expect("rows of provenance", backlog.events(), observer.number(PROVENANCE, start));
    }

    private static void expect(String what, long wanted, long found) {
        if (found != wanted) {
            throw new BenchFailed("the target holds %d %s instead of %d".formatted(found, what, wanted));
        }
    }

    @Override
    public void rest() {
        programs.consumer().rest();
        if (sides() == 2) {
            programs.reader().rest();
        }
    }

    /** The consumer is side 1, the slot reader side 2. */
    private int sides() {
        return entrant == Entrant.OURS_BESIDE_READER ? 2 : 1;
    }
}
