package io.shadowwrite.api.fold;

import io.shadowwrite.protocol.TransactionWrites;

/** The source change that asks for a write. */
public record Origin(TransactionWrites transaction, int changeIndex, String sourceTable, String sourceKey) {}
