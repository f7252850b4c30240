package io.shadowwrite.system.traffic;

import java.sql.SQLException;
import java.util.List;

/** New keys for old rows, and deletes. */
final class KeyTraffic {

    private KeyTraffic() {}

    static void changeKeys(Session session) throws SQLException {
        Values values = session.values();
        session.update(Table.PARTNER, "id = ?", session.some(Table.PARTNER, 2), () -> Row.of(values.partnerId()));
        session.update(
                Table.AGREEMENT,
                "number = ?",
                session.some(Table.AGREEMENT, 2),
                () -> Row.of(values.agreementNumber()));
        session.update(Table.CONTACT, "id = ?", session.some(Table.CONTACT, 2), () -> Row.of(values.uuid()));
        session.update(
                Table.ADDRESS,
                "address_no = ?, city = upper(city)",
                session.some(Table.ADDRESS, 2),
                () -> Row.of(values.between(100, 32_767)));
        session.update(Table.DOCUMENT, "id = ?", session.some(Table.DOCUMENT, 1), () -> Row.of(values.id()));
        session.update(
                Table.DOCUMENT,
                "id = ?, body = body || '.'",
                session.some(Table.DOCUMENT, 1),
                () -> Row.of(values.id()));
        session.update(Table.NOTE, "id = ?", session.some(Table.NOTE, 2), () -> Row.of(values.id()));
        session.update(Table.RATING, "id = ?, grade = 'C'", session.some(Table.RATING, 2), () -> Row.of(values.id()));
        session.update(Table.ACCOUNT, "id = ?", session.some(Table.ACCOUNT, 2), () -> Row.of(values.uuid()));
        session.update(
                Table.LINE, "line_no = ?", session.some(Table.LINE, 2), () -> Row.of(values.between(1000, 1_000_000)));
        session.update(Table.PRICE, "product_code = ?", session.some(Table.PRICE, 3), () -> Row.of("N" + values.id()));
        if (values.chance(30)) {
            String slug = values.word() + values.between(0, 999_999);
            session.update(Table.TAG, "slug = ?", session.some(Table.TAG, 1), () -> Row.of(slug));
        }
    }

    static void deleteLeaves(Session session) throws SQLException {
        for (Table table : List.of(
                Table.CONTACT, Table.ADDRESS, Table.NOTE, Table.RATING, Table.LINE, Table.PRICE, Table.PARTNER_TAG)) {
            session.delete(table, session.some(table, session.values().between(2, 6)));
        }
        session.delete(Table.DOCUMENT, session.some(Table.DOCUMENT, 1));
    }

    static void deleteCascading(Session session) throws SQLException {
        deletePartners(session, session.some(Table.PARTNER, session.values().between(3, 8)));
        session.delete(Table.AGREEMENT, session.some(Table.AGREEMENT, 3));
        if (session.values().chance(15)) {
            session.delete(Table.TAG, session.some(Table.TAG, 1));
        }
    }

    /** Accounts hold a partner back, so they go first; everything else goes with the partner. */
    static void deletePartners(Session session, List<Row> partners) throws SQLException {
        for (Row partner : partners) {
            session.execute(Operation.DELETE, "delete from partners.bank_account where partner_id = ?", partner.get(0));
        }
        session.delete(Table.PARTNER, partners);
    }
}
