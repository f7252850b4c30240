package io.shadowwrite.delivery.start;

import io.shadowwrite.program.Settings;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The regular look at the tables of the source.
 *
 * @param interval time between two looks
 */
public record SourceCheck(@DefaultValue("30s") Duration interval) {

    public SourceCheck {
        Settings.positive("shadow.source-check.interval", interval);
    }
}
