package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A consumer announces itself.
 *
 * @param instance who, for people
 * @param migrationId the migration it is set up for
 * @param slot the slot it reads
 * @param contractHash SHA-256 of the contract it runs
 * @param optionsHash SHA-256 of its decoding options
 * @param systemIdentifier the source it reads
 * @param timeline the source's timeline
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SessionRequest(
        String instance,
        String migrationId,
        String slot,
        String contractHash,
        String optionsHash,
        String systemIdentifier,
        int timeline) {}
