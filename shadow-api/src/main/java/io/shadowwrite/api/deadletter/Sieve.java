package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.write.Parking;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps back what has a letter, and parks what belongs behind one: two look-ups for a batch. Thread-safe. */
final class Sieve implements Parking {

    private static final String OF_THESE_EVENTS = """
            select d.id, d.commit_lsn, d.change_index, d.class, d.state, d.corrected is not null as corrected,
                   s.name as source_table, d.source_key, d.former_key
              from shadow.dead_letter d
              join shadow.source_table s on s.id = d.source_table
             where (d.commit_lsn, d.change_index) >= (?::pg_lsn, ?::int)
               and d.commit_lsn <= ?::pg_lsn
               and state in ('OPEN', 'RESOLVED')
            """;

    private static final String OF_THESE_ROWS = """
            select w.ord, k.commit_lsn, k.change_index, coalesce(h.id, k.letter_id) as head
              from unnest(?::int[], ?::text[]) with ordinality as w(source_table, source_key, ord)
             cross join lateral (select k.commit_lsn, k.change_index, k.letter_id
                                   from shadow.parked_key k
                                  where k.source_table = w.source_table::smallint
                                    and k.source_key = w.source_key
                                    and k.open
                                  order by k.commit_lsn, k.change_index
                                  limit 1) k
              join shadow.dead_letter d on d.id = k.letter_id
              left join shadow.dead_letter h on h.id = d.parked_behind and h.state = 'OPEN'
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;
    private final Letters letters;

    Sieve(ShadowDatabase database, Dictionary dictionary, Letters letters) {
        this.database = database;
        this.dictionary = dictionary;
        this.letters = letters;
    }

    @Override
    public Sifted sift(List<TransactionWrites> fresh) {
        Sifting sifting = new Sifting(ofTheseEvents(fresh), ofTheseRows(fresh));
        List<TransactionWrites> left = fresh.stream().map(sifting::sift).toList();
        if (!sifting.parking().isEmpty()) {
            letters.park(sifting.parking());
        }
        letters.passed(sifting.passed());
        return new Sifted(left, sifting.parked());
    }

    /** Of a transaction in parts those of this one and of later ones: however many were kept back, nobody asks again. */
    private Map<Event, Sifting.Known> ofTheseEvents(List<TransactionWrites> fresh) {
        List<ChangeWrites> changes = fresh.getFirst().changes();
        Map<Event, Sifting.Known> known = new HashMap<>();
        database.jdbc()
                .sql(OF_THESE_EVENTS)
                .param(fresh.getFirst().commitLsn().asString())
                .param(changes.isEmpty() ? 0 : changes.getFirst().changeIndex())
                .param(fresh.getLast().commitLsn().asString())
                .query(row -> {
                    known.put(
                            new Event(Letters.lsn(row, "commit_lsn"), row.getInt("change_index")),
                            new Sifting.Known(
                                    row.getLong("id"),
                                    LetterClass.valueOf(row.getString("class")),
                                    LetterState.valueOf(row.getString("state")),
                                    row.getBoolean("corrected"),
                                    Sifting.Row.of(
                                            row.getString("source_table"),
                                            row.getString("source_key"),
                                            row.getString("former_key"))));
                });
        return known;
    }

    private Map<Sifting.Row, Sifting.First> ofTheseRows(List<TransactionWrites> fresh) {
        Set<Sifting.Row> distinct = new LinkedHashSet<>();
        for (TransactionWrites transaction : fresh) {
            for (ChangeWrites change : transaction.changes()) {
                if (change.inScope()) {
                    distinct.addAll(Sifting.Row.of(change));
                }
            }
        }
        List<Sifting.Row> rows = new ArrayList<>(distinct);
        Map<Sifting.Row, Sifting.First> firsts = new HashMap<>();
        database.jdbc()
                .sql(OF_THESE_ROWS)
                .param(SqlArrays.integer(rows.stream()
                        .map(row -> dictionary.table(row.sourceTable()))
                        .toList()))
                .param(SqlArrays.text(rows.stream().map(Sifting.Row::sourceKey).toList()))
                .query(row -> {
                    firsts.put(
                            rows.get(row.getInt("ord") - 1),
                            new Sifting.First(
                                    new Event(Letters.lsn(row, "commit_lsn"), row.getInt("change_index")),
                                    row.getLong("head")));
                });
        return firsts;
    }
}
