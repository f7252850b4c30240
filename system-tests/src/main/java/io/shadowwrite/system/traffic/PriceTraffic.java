package io.shadowwrite.system.traffic;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices, which live in partitions. */
final class PriceTraffic {

    private PriceTraffic() {}

    static void copy(Session session) throws SQLException {
        Values values = session.values();
        Rows rows = new Rows(values);
        int count = values.between(80, 160);
        if (session.roomIn(Table.PRICE, count)) {
            List<Row> prices = new ArrayList<>();
            for (Row list : session.some(Table.PRICE_LIST, 4)) {
                for (int i = 0; i < count / 4; i++) {
                    prices.add(freshly(rows.price(list.get(0)), values));
                }
            }
            session.copy(Table.PRICE, prices);
        }
        List<Row> notes = new ArrayList<>();
        for (Row partner : session.some(Table.PARTNER, 5)) {
            notes.add(rows.note(values.id(), partner.get(0)));
        }
        if (session.roomIn(Table.NOTE, notes.size())) {
            session.copy(Table.NOTE, notes);
        }
    }

    /** A product code that no other price has, so that a bulk load does not fail on one of its rows. */
    private static Row freshly(Row price, Values values) {
        List<@Nullable Object> fields = new ArrayList<>(price.values());
        fields.set(1, "C" + values.id());
        return new Row(fields);
    }

    static void update(Session session) throws SQLException {
        Values values = session.values();
        session.update(
                Table.PRICE,
                "amount_cents = ?, changed_at = ?, tax_rate = ?, remark = ?",
                session.some(Table.PRICE, values.between(30, 60)),
                () -> Row.of(
                        values.cents(),
                        values.localTime(),
                        values.maybe(() -> values.decimal(6, 4)),
                        values.maybe(values.texts()::line)));
    }

    static void moveBetweenPartitions(Session session) throws SQLException {
        List<Row> prices = session.some(Table.PRICE, session.values().between(10, 25));
        session.update(
                Table.PRICE,
                "priced_on = case when priced_on < '2026-01-01' then priced_on + 366 else priced_on - 731 end",
                prices);
    }
}
