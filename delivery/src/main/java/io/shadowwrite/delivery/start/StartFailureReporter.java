package io.shadowwrite.delivery.start;

import io.shadowwrite.program.StartFailure;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why the start failed in one line instead of a stack trace, when the reason is an expected one. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(StartFailureReporter.class);

    @Override
    public boolean reportException(Throwable failure) {
        Optional<StartFailure> known = StartFailure.in(failure);
        known.ifPresent(reason -> LOG.error("The program does not start: {}", reason.getMessage()));
        return known.isPresent();
    }
}
