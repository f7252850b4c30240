package io.shadowwrite.system.bench.report;

/** A kind of backlog. */
public enum Load {
    A("A", "transactions of 3 updates and 1 insert over 4 tables"),
    B("B", "transactions of one insert"),
    C("C", "10 transactions of inserts"),
    BASE("A, base", "as A, to compare the next two with"),
    TENFOLD("A, tenfold", "as A, ten times as long"),
    FILLED("A, filled", "as A, with millions of rows in the target already");

    private final String title;
    private final String description;

    Load(String title, String description) {
        this.title = title;
        this.description = description;
    }

    /** The name in tables and in JSON. */
    public String title() {
        return title;
    }

    /** What it is made of. */
    public String description() {
        return description;
    }
}
