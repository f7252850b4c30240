package io.shadowwrite.protocol;

import java.util.List;

/**
 * Where the receipts of both sides do not agree.
 *
 * @param total how many there are
 * @param gaps the first of them
 */
public record ReceiptGaps(long total, List<ReceiptGap> gaps) {}
