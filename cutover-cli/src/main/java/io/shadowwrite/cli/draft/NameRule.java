package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import java.util.List;

/** When tables of both sides are called alike; the finer rule before the coarser. */
enum NameRule {
    SCHEMA_AND_NAME("the same schema and name"),
    NAME("the same name"),
    FOLDED("the same name but for case and separators"),
    PREFIX("the same name but for a prefix"),
    NUMBER("the same name but for singular and plural"),
    PREFIX_AND_NUMBER("the same name but for a prefix, singular and plural");

    /** What people put before the name of every table. */
    private static final List<Words> PREFIXES = List.of(Words.of("tbl"), Words.of("tab"), Words.of("t"));

    private final String text;

    NameRule(String text) {
        this.text = text;
    }

    /** For people. */
    String text() {
        return text;
    }

    /** Tables with equal forms are called alike. */
    String form(QualifiedName table) {
        Words name = Words.of(table.name());
        return switch (this) {
            case SCHEMA_AND_NAME -> table.toString();
            case NAME -> table.name();
            case FOLDED -> name.folded();
            case PREFIX -> bare(table).folded();
            case NUMBER -> name.singular().folded();
            case PREFIX_AND_NUMBER -> bare(table).singular().folded();
        };
    }

    /** Without the schema's name before it, or another prefix. */
    static Words bare(QualifiedName table) {
        Words name = Words.of(table.name());
        Words schema = Words.of(table.schema());
        Words without = name.without(schema).without(schema.singular());
        for (Words prefix : PREFIXES) {
            without = without.without(prefix);
        }
        return without;
    }
}
