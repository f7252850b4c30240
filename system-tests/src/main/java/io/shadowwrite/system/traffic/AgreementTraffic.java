package io.shadowwrite.system.traffic;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Agreements and their lines: text keys and composite keys. */
final class AgreementTraffic {

    private AgreementTraffic() {}

    static void insert(Session session) throws SQLException {
        Values values = session.values();
        Rows rows = new Rows(values);
        List<Row> agreements = new ArrayList<>();
        List<Row> lines = new ArrayList<>();
        for (Row partner : session.some(Table.PARTNER, values.between(4, 8))) {
            String number = values.agreementNumber();
            agreements.add(rows.agreement(number, partner.get(0)));
            for (int line = values.between(1, 6); line > 0; line--) {
                lines.add(rows.line(number, line));
            }
        }
        if (session.roomIn(Table.AGREEMENT, agreements.size()) && session.roomIn(Table.LINE, lines.size())) {
            session.insert(Table.AGREEMENT, agreements);
            session.insert(Table.LINE, lines);
        }
    }

    static void update(Session session) throws SQLException {
        Values values = session.values();
        Rows rows = new Rows(values);
        session.update(
                Table.AGREEMENT,
                "state = ?, signed_at = ?, ends_on = ?, volume = ?, notice_period = ?",
                session.some(Table.AGREEMENT, values.between(10, 20)),
                () -> Row.of(
                        values.pick("ACTIVE", "SUSPENDED", "ENDED"),
                        values.maybe(values::localTime),
                        values.maybe(rows::end),
                        values.maybe(() -> values.decimal(16, 2)),
                        values.maybe(values::interval)));
        session.update(
                Table.LINE,
                "quantity = ?, unit_price = ?, discount = ?, remark = ?",
                session.some(Table.LINE, values.between(20, 40)),
                () -> Row.of(
                        values.decimal(12, 3),
                        values.maybe(values::unbounded),
                        values.maybe(values::real8),
                        values.maybe(values.texts()::line)));
    }
}
