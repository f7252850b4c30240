package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Which letters; null matches all. The range of commit LSNs includes its beginning and not its end. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LetterFilter(
        @Nullable LetterState state,
        @Nullable LetterClass letterClass,
        @Nullable String sourceTable,
        @Nullable String sourceKey,
        @Nullable String problem,
        @Nullable @DecimalLsn LogSequenceNumber fromLsn,
        @Nullable @DecimalLsn LogSequenceNumber toLsn) {}
