package io.shadowwrite.verification.verdict;

/**
 * How much of one model was compared.
 *
 * @param sourceRows rows the contract expects
 * @param targetRows current rows that are there
 * @param differingBuckets buckets whose count or sums differ
 */
public record Coverage(String model, long sourceRows, long targetRows, int differingBuckets) {}
