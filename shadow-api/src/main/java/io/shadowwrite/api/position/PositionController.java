package io.shadowwrite.api.position;

import io.shadowwrite.api.clock.TargetClock;
import io.shadowwrite.api.conservation.ConservationCheck;
import io.shadowwrite.api.retention.ReceiptRetention;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Side;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How far the readers are, and how they are doing. */
@RestController
@RequestMapping("/shadow/consumer-position")
public final class PositionController {

    private final Windows windows;
    private final Positions positions;
    private final TargetClock clock;
    private final ConservationCheck conservation;
    private final ReceiptRetention retention;

    public PositionController(
            Windows windows,
            Positions positions,
            TargetClock clock,
            ConservationCheck conservation,
            ReceiptRetention retention) {
        this.windows = windows;
        this.positions = positions;
        this.clock = clock;
        this.conservation = conservation;
        this.retention = retention;
    }

    @GetMapping
    List<ReaderPosition> positions() {
        windows.require();
        return positions.all();
    }

    @PostMapping
    ControlState report(@RequestBody PositionReport report) {
        OpenWindow window = windows.require();
        // Before the first session there is no epoch to have, and a consumer that cannot even get that far must be
        // heard.
        boolean beforeAnySession = window.epoch() == 0 && report.epoch() == 0;
        if (report.side() == Side.CONSUMER && !beforeAnySession) {
            window.checkEpoch(report.epoch());
        }
        clock.look();
        positions.store(report);
        if (report.side() == Side.VERIFIER) {
            // Its receipts may have been there before those of the consumer, and it has nothing else to say.
            conservation.advance();
            conservation.lookAgain();
            retention.advance();
        }
        return window.control();
    }
}
