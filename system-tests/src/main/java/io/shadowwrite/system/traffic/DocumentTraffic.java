package io.shadowwrite.system.traffic;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Documents, whose bodies lie out of line, and the tables that log whole old rows. */
final class DocumentTraffic {

    private DocumentTraffic() {}

    static void insert(Session session) throws SQLException {
        Rows rows = new Rows(session.values());
        if (session.roomIn(Table.DOCUMENT, 4)) {
            List<Row> documents = new ArrayList<>();
            for (Row partner : session.some(Table.PARTNER, 4)) {
                documents.add(rows.document(session.values().id(), partner.get(0)));
            }
            session.insert(Table.DOCUMENT, documents);
        }
    }

    static void updateAroundBodies(Session session) throws SQLException {
        Values values = session.values();
        session.update(
                Table.DOCUMENT,
                "title = ?, pages = ?",
                session.some(Table.DOCUMENT, 15),
                () -> Row.of(values.texts().line(), values.maybe(() -> values.between(1, 900))));
        session.update(
                Table.DOCUMENT,
                "properties = ?, kind = ?, checksum = ?",
                session.some(Table.DOCUMENT, 5),
                () -> Row.of(
                        values.maybe(values.texts()::properties),
                        values.pick("letter", "invoice", "scan"),
                        values.maybe(() -> values.bytes(32))));
        session.update(
                Table.NOTE, "author = ?", session.some(Table.NOTE, 10), () -> Row.of(values.maybe(values::word)));
    }

    static void updateBodies(Session session) throws SQLException {
        Values values = session.values();
        session.update(
                Table.DOCUMENT,
                "body = ?, envelope = ?",
                session.some(Table.DOCUMENT, 3),
                () -> Row.of(values.maybe(values.texts()::body), values.maybe(values.texts()::envelope)));
        session.update(Table.DOCUMENT, "body = left(body, 100)", session.some(Table.DOCUMENT, 1));
        session.update(
                Table.NOTE,
                "body = ?",
                session.some(Table.NOTE, 2),
                () -> Row.of(values.texts().body()));
    }

    static void writeNotesAndRatings(Session session) throws SQLException {
        Values values = session.values();
        Rows rows = new Rows(values);
        List<Row> notes = new ArrayList<>();
        List<Row> ratings = new ArrayList<>();
        for (Row partner : session.some(Table.PARTNER, 10)) {
            notes.add(rows.note(values.id(), partner.get(0)));
            ratings.add(rows.rating(values.id(), partner.get(0)));
        }
        if (session.roomIn(Table.NOTE, 10) && session.roomIn(Table.RATING, 10)) {
            session.insert(Table.NOTE, notes);
            session.insert(Table.RATING, ratings);
        }
        session.update(
                Table.RATING,
                "probability = ?, grade = ?, evidence = ?",
                session.some(Table.RATING, 10),
                () -> Row.of(values.maybe(values::real8), values.pick("AA", "B"), values.maybe(() -> values.bytes(5))));
        session.delete(Table.NOTE, session.some(Table.NOTE, 2));
        session.delete(Table.RATING, session.some(Table.RATING, 2));
    }
}
