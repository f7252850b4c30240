package io.shadowwrite.protocol;

/**
 * What the receipts of one side add up to.
 *
 * @param sum0 sum of the first digest halves, decimal and without bound
 * @param sum1 sum of the second ones
 */
public record ReceiptSum(long count, String sum0, String sum1) {}
