package io.shadowwrite.system.traffic;

import java.sql.SQLException;

/** Tables that others refer to, and the log that stays behind. */
final class ReferenceTraffic {

    private static final int FIRST_PARTNERS = 60;

    private ReferenceTraffic() {}

    static void seed(Session session) throws SQLException {
        session.execute(Operation.INSERT, """
                insert into partners.currency (code, name, minor_units, retired_on)
                values ('EUR', 'Euro', 2, null), ('USD', 'US dollar', 2, null), ('CHF', 'Swiss franc', 2, null),
                       ('JPY', 'Yen', 0, null), ('GBP', 'Pound sterling', 2, null), ('DEM', 'Deutsche Mark', 2, '2001-12-31')
                on conflict do nothing
                """);
        session.execute(Operation.INSERT, """
                insert into partners.country (iso_code, name, currency_code, eu_member, calling_codes)
                values ('DE', 'Deutschland', 'EUR', true, '{+49}'), ('AT', 'Österreich', 'EUR', true, '{+43}'),
                       ('FR', 'France', 'EUR', true, '{+33,NULL}'), ('NL', 'Nederland', 'EUR', true, '{}'),
                       ('US', 'United States', 'USD', false, '{+1}'), ('JP', '日本', 'JPY', false, null),
                       ('CH', 'Schweiz', 'CHF', false, '{+41}'), ('GB', 'United Kingdom', 'GBP', false, '{"+44 (0)"}')
                on conflict do nothing
                """);
        session.execute(Operation.INSERT, """
                insert into partners.tag (slug, label, color)
                select 'tag-' || n, 'Tag ' || n, case when n % 3 > 0 then '#AB' || lpad(n::text, 4, '0') end
                from generate_series(1, 40) as n
                on conflict do nothing
                """);
        session.execute(Operation.INSERT, """
                insert into partners.price_list (id, code, title, currency_code, is_public)
                select md5('list ' || n)::uuid, ' pl-' || n, nullif('List ' || n, 'List 3'), 'EUR', n % 2 = 0
                from generate_series(1, 12) as n
                on conflict do nothing
                """);
        PartnerTraffic.insert(session, FIRST_PARTNERS);
        AgreementTraffic.insert(session);
        DocumentTraffic.insert(session);
        DocumentTraffic.writeNotesAndRatings(session);
        PriceTraffic.copy(session);
    }

    static void change(Session session) throws SQLException {
        Values values = session.values();
        Texts texts = values.texts();
        session.update(
                Table.COUNTRY,
                "calling_codes = ?, eu_member = ?",
                session.some(Table.COUNTRY, 1),
                () -> Row.of(values.maybe(texts::array), values.chance(50)));
        session.update(
                Table.CURRENCY,
                "retired_on = ?",
                session.some(Table.CURRENCY, 1),
                () -> Row.of(values.maybe(values::date)));
        session.update(
                Table.PRICE_LIST,
                "title = ?, is_public = not is_public",
                session.some(Table.PRICE_LIST, 2),
                () -> Row.of(values.maybe(texts::line)));
        if (session.roomIn(Table.TAG, 2)) {
            session.insert(
                    Table.TAG, Row.of(values.word() + "-" + values.between(0, 1_000_000), values.word(), "#00FFaa"));
        }
        if (session.roomIn(Table.PRICE_LIST, 1)) {
            session.insert(
                    Table.PRICE_LIST, Row.of(values.uuid(), values.word(), texts.line(), values.currency(), true));
        }
    }

    static void upsert(Session session) throws SQLException {
        Values values = session.values();
        for (Row partner : session.some(Table.PARTNER, 6)) {
            session.execute(
                    Operation.INSERT,
                    """
                    insert into partners.partner_address (partner_id, address_no, usage, city) values (?, ?, 'SHIP', ?)
                    on conflict (partner_id, address_no) do update set city = excluded.city
                    """,
                    partner.get(0),
                    values.between(1, 4),
                    values.texts().line());
        }
        String code = "X" + (char) values.between('A', 'J');
        session.execute(Operation.INSERT, """
                insert into partners.country (iso_code, name, currency_code, eu_member) values (?, ?, ?, false)
                on conflict (iso_code) do update set name = excluded.name, currency_code = excluded.currency_code
                """, code, values.texts().line(), values.currency());
        if (values.chance(30)) {
            session.execute(
                    Operation.DELETE, "delete from partners.country where iso_code like 'X%' and iso_code <> ?", code);
        }
    }

    static void writeAuditLog(Session session) throws SQLException {
        Values values = session.values();
        if (session.roomIn(Table.AUDIT_LOG, 20)) {
            session.execute(
                    Operation.INSERT, """
                    insert into partners.audit_log (at, actor, action, detail)
                    select ?::timestamptz + n * interval '1 second', ?, 'save', jsonb_build_object('n', n)
                    from generate_series(1, 12) as n
                    """, values.instant(), values.texts().line());
        }
        session.update(Table.AUDIT_LOG, "action = 'seen'", session.some(Table.AUDIT_LOG, 3));
        session.delete(Table.AUDIT_LOG, session.some(Table.AUDIT_LOG, 2));
    }
}
