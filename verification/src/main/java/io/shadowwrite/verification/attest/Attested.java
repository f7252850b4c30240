package io.shadowwrite.verification.attest;

import java.util.List;

/**
 * What both readers agreed on.
 *
 * @param events events on which both sides agree
 * @param closed windows that are complete, agreed, and follow one another without a gap from where the last tick ended
 */
public record Attested(long events, List<ReceiptWindow> closed) {

    public Attested {
        closed = List.copyOf(closed);
    }
}
