package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** What the slot reader and the verifier start from: the frozen window and how far the slot reader is. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record VerifierState(Window window, @DecimalLsn LogSequenceNumber position) {}
