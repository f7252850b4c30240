package io.shadowwrite.delivery;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready means: this instance holds the slot and works, or waits for a hold to end. */
public final class ReaderHealth implements HealthIndicator {

    private final Progress progress;

    public ReaderHealth(Progress progress) {
        this.progress = progress;
    }

    @Override
    public Health health() {
        Progress.Situation situation = progress.situation();
        Health.Builder health = switch (situation.state()) {
            case STREAMING, HOLDING -> Health.up();
            case STARTING, WAITING_FOR_SLOT, STOPPING -> Health.outOfService();
            case HALTED -> Health.down();
        };
        if (situation.reason() != null) {
            health.withDetail("reason", situation.reason());
        }
        return health.withDetail("state", situation.state().name())
                .withDetail("received", progress.received().asString())
                .withDetail("applied", progress.applied().asString())
                .withDetail("flushed", progress.flushed().asString())
                .build();
    }
}
