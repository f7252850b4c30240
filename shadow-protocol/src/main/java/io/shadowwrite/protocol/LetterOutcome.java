package io.shadowwrite.protocol;

/**
 * What has become of one letter.
 *
 * @param state OPEN when it was refused, or waits behind one that was
 */
public record LetterOutcome(long letter, LetterState state) {}
