package io.shadowwrite.system.traffic;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What happens to partners and to the rows that belong to one. */
final class PartnerTraffic {

    private PartnerTraffic() {}

    static void insertWithChildren(Session session) throws SQLException {
        Values values = session.values();
        int count = values.between(8, 16);
        if (session.isFull(Table.PARTNER)) {
            KeyTraffic.deletePartners(session, session.some(Table.PARTNER, 2 * count));
        } else if (session.roomIn(Table.CONTACT, count) && session.roomIn(Table.ADDRESS, count)) {
            insert(session, count);
        }
    }

    static void insert(Session session, int count) throws SQLException {
        Values values = session.values();
        Rows rows = new Rows(values);
        List<Row> partners = new ArrayList<>();
        List<Row> contacts = new ArrayList<>();
        List<Row> addresses = new ArrayList<>();
        List<Row> accounts = new ArrayList<>();
        Row parent = session.any(Table.PARTNER);
        for (int i = 0; i < count; i++) {
            long id = values.partnerId();
            partners.add(rows.partner(id, parent == null || values.chance(40) ? null : parent.get(0)));
            contacts.add(rows.contact(values.uuid(), id));
            addresses.add(rows.address(id, values.between(1, 3)));
            accounts.add(rows.account(values.uuid(), id));
            if (values.chance(30)) {
                parent = Row.of(id);
            }
        }
        session.insert(Table.PARTNER, partners);
        session.insert(Table.CONTACT, contacts);
        session.insert(Table.ADDRESS, addresses);
        session.insert(Table.ACCOUNT, accounts);
        tag(session, partners, 2);
    }

    static void updateFannedOut(Session session) throws SQLException {
        Values values = session.values();
        List<Row> partners = session.some(Table.PARTNER, values.between(20, 50));
        session.update(
                Table.PARTNER,
                "name = ?, credit_limit_cents = ?, vat_number = ?, country_code = ?, modified_at = ?",
                partners,
                () -> Row.of(
                        values.texts().line(),
                        values.maybe(values::cents),
                        values.maybe(new Rows(values)::vatNumber),
                        values.maybe(values::country),
                        values.localTime()));
        session.update(
                Table.PARTNER,
                "attributes = ?, aliases = ?, payment_term = ?, employees = ?, search_rank = ?, risk_class = ?",
                session.some(Table.PARTNER, 10),
                () -> Row.of(
                        values.maybe(values.texts()::attributes),
                        values.maybe(values.texts()::array),
                        values.maybe(values::interval),
                        values.maybe(() -> values.between(0, 99)),
                        values.maybe(values::real4),
                        values.maybe(() -> values.between(1, 5))));
    }

    static void updateChildren(Session session) throws SQLException {
        Values values = session.values();
        Texts texts = values.texts();
        session.update(
                Table.CONTACT,
                "phone = ?, languages = ?, call_from = ?, email = ?",
                session.some(Table.CONTACT, values.between(10, 30)),
                () -> Row.of(values.maybe(texts::line), values.maybe(texts::array), values.time(), texts.email()));
        session.update(
                Table.ADDRESS,
                "street = ?, latitude = ?, usage = ?",
                session.some(Table.ADDRESS, values.between(10, 30)),
                () -> Row.of(values.maybe(texts::line), values.maybe(values::real8), values.pick("BILL", "HQ", "X")));
        session.update(
                Table.ACCOUNT,
                "balance = ?, overdraft = ?, fingerprint = ?, closed_on = ?",
                session.some(Table.ACCOUNT, values.between(10, 30)),
                () -> Row.of(
                        values.amount(),
                        values.maybe(values::unbounded),
                        values.maybe(() -> values.bytes(8)),
                        values.maybe(values::date)));
    }

    static void updateWithoutEffect(Session session) throws SQLException {
        session.update(Table.PARTNER, "name = name", session.some(Table.PARTNER, 15));
        session.update(Table.CONTACT, "email = trim(email) || '  '", session.some(Table.CONTACT, 15));
        session.execute(Operation.UPDATE, """
                update partners.partner_note set pinned = not pinned
                where id in (select id from partners.partner_note where visibility = 'PUBLIC' order by id limit 10)
                """);
    }

    static void moveThroughFilters(Session session) throws SQLException {
        Values values = session.values();
        session.update(
                Table.PARTNER,
                "kind = case when kind = 'PROSPECT' then 'COMPANY' else 'PROSPECT' end::partners.partner_kind",
                session.some(Table.PARTNER, 8));
        session.update(
                Table.PARTNER,
                "credit_limit_cents = case when credit_limit_cents is null then ?::bigint end,"
                        + " vat_number = case when vat_number is null then ? end",
                session.some(Table.PARTNER, 12),
                () -> Row.of(values.cents(), new Rows(values).vatNumber()));
        session.update(
                Table.NOTE,
                "visibility = ?, pinned = ?",
                session.some(Table.NOTE, 12),
                () -> Row.of(values.pick("PUBLIC", "INTERNAL", "PRIVATE"), values.chance(50)));
        session.update(
                Table.RATING,
                "revoked_at = case when revoked_at is null then ?::timestamptz end",
                session.some(Table.RATING, 12),
                () -> Row.of(values.instant()));
        session.update(
                Table.AGREEMENT,
                "state = ?",
                session.some(Table.AGREEMENT, 10),
                () -> Row.of(values.pick("DRAFT", "ACTIVE", "SUSPENDED", "ENDED")));
        session.update(Table.LINE, "quantity = -quantity", session.some(Table.LINE, 15));
    }

    static void connect(Session session) throws SQLException {
        Values values = session.values();
        if (session.roomIn(Table.PARTNER_TAG, 60)) {
            tag(session, session.some(Table.PARTNER, 15), 3);
        }
        session.update(
                Table.PARTNER_TAG,
                "weight = ?, tagged_at = ?",
                session.some(Table.PARTNER_TAG, 10),
                () -> Row.of(values.maybe(() -> values.decimal(5, 2)), values.instant()));
        session.delete(Table.PARTNER_TAG, session.some(Table.PARTNER_TAG, 5));
        if (session.roomIn(Table.PARTNER_PRICE_LIST, 20)) {
            for (Row list : session.some(Table.PRICE_LIST, 2)) {
                session.execute(Operation.INSERT, """
                        insert into partners.partner_price_list (partner_id, price_list_id)
                        select unnest(?::bigint[]), ?
                        on conflict do nothing
                        """, ids(session.some(Table.PARTNER, 8)), list.get(0));
            }
        }
        session.delete(Table.PARTNER_PRICE_LIST, session.some(Table.PARTNER_PRICE_LIST, 3));
    }

    private static void tag(Session session, List<Row> partners, int tags) throws SQLException {
        for (Row tag : session.some(Table.TAG, tags)) {
            session.execute(
                    Operation.INSERT,
                    """
                    insert into partners.partner_tag (partner_id, tag_slug, tagged_at, weight)
                    select unnest(?::bigint[]), ?, ?, ?
                    on conflict do nothing
                    """,
                    ids(partners),
                    tag.get(0),
                    session.values().instant(),
                    session.values().decimal(4, 2));
        }
    }

    private static Long[] ids(List<Row> partners) {
        return partners.stream().map(partner -> (Long) partner.get(0)).toArray(Long[]::new);
    }
}
