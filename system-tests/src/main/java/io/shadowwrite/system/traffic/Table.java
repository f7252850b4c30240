package io.shadowwrite.system.traffic;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A table of the source: its columns, key first, and how many rows the traffic lets it grow to. */
enum Table {
    CURRENCY("currency", 1, 100, "code, name, minor_units, retired_on"),
    COUNTRY("country", 1, 100, "iso_code, name, currency_code, eu_member, calling_codes"),
    TAG("tag", 1, 300, "slug, label, color"),
    PARTNER(
            "partner",
            1,
            8_000,
            "id, parent_id, kind, status, name, trade_name, email, country_code, vat_number, founded_on, employees,"
                    + " risk_class, credit_limit_cents, payment_term, aliases, attributes, is_vip, created_at, modified_at,"
                    + " search_rank"),
    CONTACT(
            "partner_contact",
            1,
            16_000,
            "id, partner_id, salutation, first_name, last_name, email, phone, birthday, call_from, call_until, languages,"
                    + " weekdays, is_primary"),
    ADDRESS(
            "partner_address",
            2,
            16_000,
            "partner_id, address_no, usage, street, house_no, postal_code, city, country_code, latitude, longitude"),
    DOCUMENT(
            "partner_document",
            1,
            1_500,
            "id, partner_id, kind, title, body, properties, envelope, checksum, pages, received_at"),
    NOTE("partner_note", 1, 4_000, "id, partner_id, visibility, pinned, author, body, written_at"),
    PARTNER_TAG("partner_tag", 2, 16_000, "partner_id, tag_slug, tagged_at, weight"),
    ACCOUNT(
            "bank_account",
            1,
            8_000,
            "id, partner_id, iban, bic, holder, currency_code, balance, overdraft, opened_on, closed_on, is_verified,"
                    + " fingerprint"),
    RATING("credit_rating", 1, 4_000, "id, partner_id, agency, grade, probability, rated_at, revoked_at, evidence"),
    AGREEMENT(
            "agreement",
            1,
            4_000,
            "number, partner_id, state, subject, signed_at, starts_on, ends_on, notice_period, auto_renew, volume, terms"),
    LINE(
            "agreement_line",
            2,
            16_000,
            "agreement_number, line_no, product_code, quantity, unit_price, discount, options, remark"),
    PRICE_LIST("price_list", 1, 60, "id, code, title, currency_code, is_public"),
    PARTNER_PRICE_LIST("partner_price_list", 2, 8_000, "partner_id, price_list_id"),
    PRICE("price", 3, 20_000, "price_list_id, product_code, priced_on, amount_cents, tax_rate, changed_at, remark"),
    AUDIT_LOG("audit_log", 1, 5_000, "id, at, actor, action, detail");

    private final String sqlName;
    private final String columns;
    private final int keyColumns;
    private final int capacity;

    Table(String name, int keyColumns, int capacity, String columns) {
        this.sqlName = "partners." + name;
        this.columns = columns;
        this.keyColumns = keyColumns;
        this.capacity = capacity;
    }

    String sqlName() {
        return sqlName;
    }

    int capacity() {
        return capacity;
    }

    List<String> key() {
        return columnNames().subList(0, keyColumns);
    }

    String insertSql() {
        return "insert into " + sqlName + " (" + columns + ") values ("
                + marks(columnNames().size()) + ")";
    }

    String copySql() {
        return "copy " + sqlName + " (" + columns + ") from stdin";
    }

    String updateSql(String assignments) {
        return "update " + sqlName + " set " + assignments + " where " + keyEquals();
    }

    String deleteSql() {
        return "delete from " + sqlName + " where " + keyEquals();
    }

    /** Keys from a point of the key's index on ({@code >=}), or those before it ({@code <}). */
    String seekSql(String comparison) {
        String keys = String.join(", ", key());
        return "select %1$s from %2$s where (%1$s) %3$s (%4$s) order by %1$s limit ?"
                .formatted(keys, sqlName, comparison, marks(keyColumns));
    }

    String isFullSql() {
        return "select count(*) >= %1$d from (select from %2$s limit %1$d) as bounded".formatted(capacity, sqlName);
    }

    private List<String> columnNames() {
        return List.of(columns.split(", ", -1));
    }

    private String keyEquals() {
        return key().stream().map(column -> column + " = ?").collect(Collectors.joining(" and "));
    }

    private static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }
}
