package io.shadowwrite.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A registered window, as of its load.
 *
 * @param verifierDone whether what was loaded has been found equal, or there was nothing to load
 * @param snapshot the name of the snapshot that is loaded; null when there was nothing to load
 * @param snapshotAt since when loaded rows are valid; null when there was nothing to load
 * @param sourceSchema what the mapped tables were when the window was registered, as its hash; null when there was nothing to
 *     load
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadOpening(
        WindowPhase phase,
        Window window,
        boolean verifierDone,
        @Nullable String snapshot,
        @Nullable Instant snapshotAt,
        @Nullable String sourceSchema) {}
