package io.shadowwrite.api.ledger;

/**
 * What is known of source transactions that were applied before.
 *
 * @param forgotten how many of them have no receipts any more, because these were attested and dropped; the first ones
 * @param receipts of the others
 */
public record Repeated(int forgotten, long receipts) {

    public static final Repeated NOTHING = new Repeated(0, 0);
}
