package io.shadowwrite.transform;

import java.util.Locale;

/**
 * One thing that can happen to rows of a source table and that the contract gives a meaning to.
 *
 * @param table the source table
 * @param what a few words that are the same wherever the cell is named
 */
record Cell(String table, String what) implements Comparable<Cell> {

    /** The file, below the folder of the cases, in which a case for this cell would be looked for first. */
    String fileName() {
        return table.substring(table.indexOf('.') + 1) + "/"
                + what.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + ".json";
    }

    @Override
    public int compareTo(Cell other) {
        int byTable = table.compareTo(other.table);
        return byTable != 0 ? byTable : what.compareTo(other.what);
    }

    /** As an exemption names it. */
    @Override
    public String toString() {
        return table + ": " + what;
    }
}
