package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One change of a source transaction and what it becomes. A change of the key becomes the removal under the old key and
 * the upsert under the new one, in this order.
 *
 * @param changeIndex ordinal among all changes of the transaction, before any filter, from 0
 * @param sourceTable schema.name
 * @param sourceKey canonical key of the row after the change (before it, for a delete)
 * @param formerKey canonical key of the row before the change, when the change gave it another one; null otherwise
 * @param digest 32 hex digits over identity, key and payload of the event, the same for every reader of the slot
 * @param inScope whether the contract maps the table; a change out of scope has no writes
 * @param writes may be empty
 */
@JsonDeserialize(using = WritesJson.Change.class)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChangeWrites(
        int changeIndex,
        String sourceTable,
        String sourceKey,
        @Nullable String formerKey,
        Operation operation,
        String digest,
        boolean inScope,
        List<ShadowWrite> writes) {}
