package io.shadowwrite.protocol;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One source row as the snapshot shows it and what it becomes.
 *
 * @param sourceKey its canonical key
 * @param writes upserts that set every column; at least one
 */
@JsonDeserialize(using = WritesJson.Loaded.class)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadRow(String sourceKey, List<ShadowWrite> writes) {}
