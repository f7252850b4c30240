package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The migration window, frozen when it opens.
 *
 * @param migrationId the migration's name
 * @param consumerSlot name of slot one
 * @param consumerBaseline its consistent point: the first position
 * @param verifierSlot name of slot two
 * @param verifierBaseline its consistent point, at or after the consumer's
 * @param requiredTicks clean hours in a row before a permit
 * @param gapPolicy what an hour without a verdict does to them
 * @param tickClock whose hours they are; runs of another clock are refused
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Window(
        String migrationId,
        String consumerSlot,
        @DecimalLsn LogSequenceNumber consumerBaseline,
        String verifierSlot,
        @DecimalLsn LogSequenceNumber verifierBaseline,
        String systemIdentifier,
        int timeline,
        String optionsHash,
        String contractHash,
        int requiredTicks,
        GapPolicy gapPolicy,
        TickClock tickClock) {}
