package io.shadowwrite.api.deadletter;

import io.shadowwrite.protocol.LetterState;

/** What may happen to a dead letter in which state; a pure function. */
final class Transitions {

    private Transitions() {}

    /** What somebody wants of a letter. */
    enum Action {
        /** The stream is refused at this change. */
        PARK,
        /** An operator writes down what shall be applied in its place. */
        CORRECT,
        /** Apply it, now that the stream has passed it. */
        REPLAY,
        /** Let the stream, which has not passed it, try again. */
        RELEASE,
        /** Give it up. */
        RESOLVE
    }

    /** The answer. */
    sealed interface Outcome {

        /** It happens, and this is the state afterwards. */
        record Becomes(LetterState state) implements Outcome {}

        /** It has happened already; nothing changes. */
        record Nothing() implements Outcome {}

        /** It must not happen. */
        record Refused(String why) implements Outcome {}
    }

    private static final Outcome NOTHING = new Outcome.Nothing();

    static Outcome of(LetterState state, Action action) {
        return switch (state) {
            case OPEN -> ofOpen(action);
            case RELEASED -> ofReleased(action);
            case REPLAYED -> ofReplayed(action);
            case RESOLVED -> ofResolved(action);
        };
    }

    private static Outcome ofOpen(Action action) {
        return switch (action) {
            case PARK -> NOTHING;
            case CORRECT -> new Outcome.Becomes(LetterState.OPEN);
            case REPLAY -> new Outcome.Becomes(LetterState.REPLAYED);
            case RELEASE -> new Outcome.Becomes(LetterState.RELEASED);
            case RESOLVE -> new Outcome.Becomes(LetterState.RESOLVED);
        };
    }

    private static Outcome ofReleased(Action action) {
        return switch (action) {
            case PARK -> new Outcome.Becomes(LetterState.OPEN);
            case REPLAY, RELEASE -> NOTHING;
            case CORRECT, RESOLVE ->
                new Outcome.Refused("it is left to the stream, which applies it or parks it again");
        };
    }

    private static Outcome ofReplayed(Action action) {
        return switch (action) {
            case PARK, REPLAY, RELEASE -> NOTHING;
            case CORRECT, RESOLVE -> new Outcome.Refused("it is applied");
        };
    }

    private static Outcome ofResolved(Action action) {
        return switch (action) {
            case PARK, RESOLVE -> NOTHING;
            case CORRECT, REPLAY, RELEASE -> new Outcome.Refused("it was given up, and newer changes may be applied");
        };
    }
}
