package io.shadowwrite.api.ledger;

import io.shadowwrite.api.conservation.ConservationCheck;
import io.shadowwrite.api.position.Positions;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.VerifierState;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The slot reader's two routes. */
@RestController
@RequestMapping("/shadow")
public final class LedgerController {

    private final Windows windows;
    private final Positions positions;
    private final ReceiptIntake intake;
    private final ConservationCheck conservation;

    public LedgerController(
            Windows windows, Positions positions, ReceiptIntake intake, ConservationCheck conservation) {
        this.windows = windows;
        this.positions = positions;
        this.intake = intake;
        this.conservation = conservation;
    }

    @GetMapping("/verifier/state")
    VerifierState state() {
        OpenWindow window = windows.require();
        return new VerifierState(window.window(), positions.of(Side.VERIFIER).position());
    }

    @PostMapping("/ledger")
    ReaderPosition attest(@RequestBody ReceiptBatch batch) {
        intake.store(batch);
        conservation.advance();
        return positions.of(Side.VERIFIER);
    }
}
