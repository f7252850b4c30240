package io.shadowwrite.delivery;

import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;

/** What one reader does with its slot: takes it, works until it is lost or the program stops, and lets go of it. */
@FunctionalInterface
public interface Round {

    /**
     * One time from taking the slot to letting it go.
     *
     * @throws StreamProblem when the source or the slot was lost, or cannot be had
     * @throws ShadowProblem that does not pass by itself
     * @throws Halt when a person has to decide
     * @throws InterruptedException when the program stops
     */
    void run() throws InterruptedException;
}
