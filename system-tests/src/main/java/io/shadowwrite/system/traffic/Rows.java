package io.shadowwrite.system.traffic;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** New rows, column by column in the order of {@link Table}. */
final class Rows {

    private final Values values;
    private final Texts texts;

    Rows(Values values) {
        this.values = values;
        this.texts = values.texts();
    }

    Row partner(long id, @Nullable Object parent) {
        return Row.of(
                id,
                parent,
                values.pick("COMPANY", "COMPANY", "PERSON", "BRANCH", "PROSPECT"),
                values.pick("A", "A", "B", "I"),
                texts.line(),
                values.maybe(texts::line),
                values.maybe(texts::email),
                values.maybe(values::country),
                values.maybe(this::vatNumber),
                values.maybe(values::date),
                values.maybe(() -> values.between(0, 100_000)),
                values.maybe(() -> values.between(0, 4)),
                values.maybe(values::cents),
                values.maybe(values::interval),
                values.maybe(texts::array),
                values.maybe(texts::attributes),
                values.chance(10),
                values.instant(),
                values.localTime(),
                values.maybe(values::real4));
    }

    String vatNumber() {
        return values.chance(20)
                ? " de%09d ".formatted(values.between(0, 999_999_999))
                : "ATU" + values.between(0, 99_999_999);
    }

    Row contact(UUID id, Object partner) {
        return Row.of(
                id,
                partner,
                values.maybe(() -> values.pick("Dr.", "Herr", "Frau", "")),
                values.maybe(texts::line),
                texts.line(),
                values.maybe(texts::email),
                values.maybe(() -> "+49 " + values.between(100, 99_999)),
                values.maybe(values::date),
                values.maybe(values::time),
                values.maybe(values::time),
                values.maybe(texts::array),
                values.maybe(values::weekdays),
                values.pick("Y", "N"));
    }

    Row address(Object partner, int number) {
        return Row.of(
                partner,
                number,
                values.pick("BILL", "SHIP", "HQ", "OTHER"),
                values.maybe(texts::line),
                values.maybe(() -> values.between(1, 500)),
                values.maybe(() -> "%05d".formatted(values.between(0, 99_999))),
                texts.line(),
                values.maybe(values::country),
                values.maybe(values::real8),
                values.maybe(values::real8));
    }

    Row document(long id, Object partner) {
        return Row.of(
                id,
                partner,
                values.pick("letter", "invoice", "certificate", "scan"),
                texts.line(),
                values.maybe(texts::body),
                values.maybe(texts::properties),
                values.maybe(texts::envelope),
                values.maybe(() -> values.bytes(32)),
                values.maybe(() -> values.between(1, 900)),
                values.instant());
    }

    Row note(long id, Object partner) {
        return Row.of(
                id,
                partner,
                values.pick("PUBLIC", "INTERNAL", "PRIVATE"),
                values.chance(50),
                values.maybe(values::word),
                values.chance(10) ? texts.body() : texts.line(),
                values.instant());
    }

    Row account(UUID id, Object partner) {
        return Row.of(
                id,
                partner,
                values.pick("de", "AT ") + values.between(10_000, 999_999_999),
                values.maybe(() -> "COBADEFFXXX"),
                values.maybe(texts::line),
                values.currency(),
                values.amount(),
                values.maybe(values::unbounded),
                values.date(),
                values.maybe(values::date),
                values.chance(50),
                values.maybe(() -> values.bytes(values.between(0, 20))));
    }

    Row rating(long id, Object partner) {
        return Row.of(
                id,
                partner,
                values.pick("Moody's", "S&P", "Fitch", "Größe"),
                values.maybe(() -> values.pick("AAA", "BB+", "C", " D")),
                values.maybe(values::real8),
                values.instant(),
                values.chance(70) ? null : values.instant(),
                values.maybe(() -> values.bytes(values.between(0, 60))));
    }

    Row agreement(String number, Object partner) {
        return Row.of(
                number,
                partner,
                values.pick("DRAFT", "ACTIVE", "SUSPENDED", "ENDED"),
                values.maybe(texts::line),
                values.maybe(values::localTime),
                values.date(),
                values.maybe(this::end),
                values.maybe(values::interval),
                values.maybe(() -> values.chance(50)),
                values.maybe(() -> values.decimal(16, 2)),
                values.maybe(texts::attributes));
    }

    /** The driver sends {@link LocalDate#MAX} as infinity. */
    LocalDate end() {
        return values.chance(10) ? LocalDate.MAX : values.date();
    }

    Row line(Object agreement, int number) {
        return Row.of(
                agreement,
                number,
                values.chance(10) ? "DUMMY" : values.product(),
                values.chance(20) ? values.decimal(1, 3).negate() : values.decimal(12, 3),
                values.maybe(values::unbounded),
                values.maybe(values::real8),
                values.maybe(texts::attributes),
                values.maybe(texts::line));
    }

    Row price(Object priceList) {
        return Row.of(
                priceList,
                values.product(),
                values.priceDate(),
                values.cents(),
                values.maybe(() -> values.decimal(6, 4)),
                values.localTime(),
                values.maybe(texts::line));
    }
}
