package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;

/** Two different texts of one column of one row, of which a server shall say whether they are one value. */
record Spelling(ColumnType type, String left, String right) {}
