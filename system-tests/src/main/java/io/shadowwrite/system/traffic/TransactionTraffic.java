package io.shadowwrite.system.traffic;

import java.sql.SQLException;
import java.util.List;

/** Transactions that are unusual in themselves, whatever they write. */
final class TransactionTraffic {

    private TransactionTraffic() {}

    static void changeOneRow(Session session) throws SQLException {
        Values values = session.values();
        Texts texts = values.texts();
        switch (values.between(0, 4)) {
            case 0 ->
                session.update(
                        Table.PARTNER,
                        "status = ?",
                        session.some(Table.PARTNER, 1),
                        () -> Row.of(values.pick("A", "B", "I")));
            case 1 ->
                session.update(
                        Table.CONTACT, "last_name = ?", session.some(Table.CONTACT, 1), () -> Row.of(texts.line()));
            case 2 ->
                session.update(
                        Table.ACCOUNT, "balance = ?", session.some(Table.ACCOUNT, 1), () -> Row.of(values.amount()));
            case 3 -> {
                Row partner = session.any(Table.PARTNER);
                if (partner != null && session.roomIn(Table.CONTACT, 1)) {
                    session.insert(Table.CONTACT, new Rows(values).contact(values.uuid(), partner.get(0)));
                }
            }
            default -> session.delete(Table.CONTACT, session.some(Table.CONTACT, 1));
        }
    }

    static void changeOneRowRepeatedly(Session session) throws SQLException {
        Values values = session.values();
        Texts texts = values.texts();
        List<Row> partner = session.some(Table.PARTNER, 1);
        for (int i = values.between(2, 5); i > 0; i--) {
            session.update(
                    Table.PARTNER, "name = ?, status = ?", partner, () -> Row.of(texts.line(), values.pick("A", "B")));
        }
        List<Row> document = session.some(Table.DOCUMENT, 1);
        session.update(Table.DOCUMENT, "body = ?", document, () -> Row.of(texts.body()));
        session.update(Table.DOCUMENT, "title = ?", document, () -> Row.of(texts.line()));
        session.update(Table.DOCUMENT, "pages = coalesce(pages, 0) + 1", document);
        List<Row> agreement = session.some(Table.AGREEMENT, 1);
        session.update(Table.AGREEMENT, "state = 'ENDED'", agreement);
        session.update(Table.AGREEMENT, "state = 'ACTIVE'", agreement);
        if (values.chance(30)) {
            session.delete(Table.AGREEMENT, agreement);
        }
    }

    static void bringBackKeys(Session session) throws SQLException {
        Values values = session.values();
        Rows rows = new Rows(values);
        Row partner = session.any(Table.PARTNER);
        if (partner == null || !session.roomIn(Table.CONTACT, 2)) {
            return;
        }
        Row fresh = rows.contact(values.uuid(), partner.get(0));
        session.insert(Table.CONTACT, fresh);
        session.delete(Table.CONTACT, List.of(Row.of(fresh.get(0))));
        session.insert(Table.CONTACT, rows.contact((java.util.UUID) fresh.get(0), partner.get(0)));
        Row known = session.any(Table.NOTE);
        if (known != null) {
            session.delete(Table.NOTE, List.of(known));
            session.insert(Table.NOTE, rows.note((Long) known.get(0), partner.get(0)));
        }
        Row gone = rows.rating(values.id(), partner.get(0));
        session.insert(Table.RATING, gone);
        session.delete(Table.RATING, List.of(Row.of(gone.get(0))));
    }

    static void rollBackToSavepoints(Session session) throws SQLException {
        Values values = session.values();
        changeOneRow(session);
        Session.Mark first = session.mark();
        PartnerTraffic.insert(session, 2);
        session.delete(Table.CONTACT, session.some(Table.CONTACT, 3));
        Session.Mark second = session.mark();
        session.update(
                Table.PRICE,
                "remark = ?",
                session.some(Table.PRICE, 5),
                () -> Row.of(values.texts().line()));
        if (values.chance(50)) {
            session.rollBackTo(second);
        } else {
            session.rollBackTo(first);
        }
        session.update(
                Table.ADDRESS,
                "city = ?",
                session.some(Table.ADDRESS, 4),
                () -> Row.of(values.texts().line()));
    }

    static void writeInVain(Session session) throws SQLException {
        PartnerTraffic.insert(session, 3);
        KeyTraffic.changeKeys(session);
        KeyTraffic.deleteLeaves(session);
    }
}
