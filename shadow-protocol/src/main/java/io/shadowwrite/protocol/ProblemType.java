package io.shadowwrite.protocol;

import java.util.Locale;

/** Every way a request can fail. Clients decide by code, never by text. */
public enum ProblemType {
    TOKEN_NOT_CONFIGURED(503, Handling.FATAL, ExitCode.UNREACHABLE, "The API has no token configured"),
    TOKEN_WRONG(401, Handling.FATAL, ExitCode.UNREACHABLE, "The bearer token is missing or wrong"),
    TOKEN_INSUFFICIENT(403, Handling.FATAL, ExitCode.UNREACHABLE, "This action needs the operator token"),
    MALFORMED_REQUEST(400, Handling.FATAL, ExitCode.INVALID, "The request cannot be read"),
    NOT_FOUND(404, Handling.FATAL, "There is nothing at this address"),
    METHOD_NOT_ALLOWED(405, Handling.FATAL, "The route does not take this method"),
    WINDOW_NOT_OPEN(409, Handling.FATAL, ExitCode.INVALID, "The migration window is not open"),
    WINDOW_ALREADY_OPEN(
            409, Handling.FATAL, ExitCode.INVALID, "The migration window is already open with other settings"),
    TARGET_NOT_EMPTY(409, Handling.FATAL, ExitCode.REFUSED, "The target holds rows before the window is opened"),
    LOAD_CLOSED(409, Handling.FATAL, ExitCode.REFUSED, "The window is not in a state that allows this of its load"),
    LOAD_NOT_VERIFIED(409, Handling.FATAL, ExitCode.REFUSED, "What was loaded has not been found equal yet"),
    WINDOW_MISMATCH(
            409,
            Handling.FATAL,
            ExitCode.INVALID,
            "The caller is set up for another migration or slot than the window's"),
    CONTRACT_MISMATCH(409, Handling.FATAL, ExitCode.INVALID, "The caller runs another contract"),
    OPTIONS_DRIFT(
            409, Handling.FATAL, ExitCode.INVALID, "The decoding options differ from those frozen with the window"),
    SOURCE_CHANGED(
            409,
            Handling.FATAL,
            ExitCode.INVALID,
            "The source is another server or timeline than the window was opened on"),
    EPOCH_FENCED(409, Handling.FATAL, "A newer consumer session exists"),
    OUT_OF_ORDER(409, Handling.FATAL, "The batch does not continue from the stored position"),
    OUT_OF_TURN(409, Handling.FATAL, "The batch before has not been applied yet"),
    HOLD_TAKEN(409, Handling.RETRYABLE, "Another holder has halted the consumer"),
    MODEL_UNKNOWN(404, Handling.FATAL, ExitCode.INVALID, "The contract has no such model of this kind"),
    ROW_NOT_FOUND(404, Handling.FATAL, "The target has no current row with this key"),
    POSITION_BEHIND(409, Handling.RETRYABLE, "The position that was asked for is not reached yet"),
    NOT_COUNTED(409, Handling.RETRYABLE, "It is not counted yet what became of every change"),
    READERS_BUSY(503, Handling.RETRYABLE, "As many reads as allowed are under way"),
    READ_TOO_LONG(503, Handling.FATAL, "The read took longer than it may"),
    VALUE_UNREADABLE(500, Handling.FATAL, "A value of the target has no canonical text"),
    BROKEN_INVARIANT(422, Handling.FATAL, "The request contradicts what is stored"),
    WRITERS_NOT_PAUSED(409, Handling.FATAL, ExitCode.GATE_BLOCKED, "Row changes were committed after the fence"),
    PERMIT_VOID(
            409,
            Handling.FATAL,
            ExitCode.REFUSED,
            "There is no permit that could be finished, or not without a word more"),
    CUTOVER_FINISHED(409, Handling.FATAL, ExitCode.REFUSED, "The cutover is finished; nothing is applied any more"),
    CHANGES_MISSING(422, Handling.FATAL, "A source transaction comes without some of its changes"),
    DEAD_LETTER_UNKNOWN(404, Handling.FATAL, "There is no such dead letter or selection"),
    DEAD_LETTER_STATE(409, Handling.FATAL, "The state of the dead letter does not allow this"),
    DEAD_LETTER_BLOCKED(409, Handling.FATAL, "An earlier dead letter of the same row is open"),
    DEAD_LETTER_INCOMPLETE(409, Handling.FATAL, "The dead letter has no writes"),
    DEAD_LETTERS_BEHIND(409, Handling.FATAL, "Others wait behind the dead letter, and nothing is said about them"),
    DEAD_LETTER_HALTS(409, Handling.FATAL, "The stream stands before a dead letter that a person must decide"),
    DEAD_LETTERS_FULL(409, Handling.FATAL, "Too many changes are parked"),
    CONFIRMATION_STALE(409, Handling.FATAL, "The number given is not the number there is"),
    IDEMPOTENCY_CONFLICT(409, Handling.FATAL, "The idempotency key was used for another write"),
    ROW_EXISTS(409, Handling.FATAL, "The row to create is there already"),
    ROW_MISSING(409, Handling.FATAL, "The row to change is not there"),
    ROW_PARKED(409, Handling.FATAL, "Changes of the row wait as dead letters"),
    STALE_WRITE(409, Handling.FATAL, "The source row has changed since the write was decided"),
    WRITE_REJECTED(422, Handling.PARKABLE, "The target refuses a write"),
    WRITE_TOO_LONG(503, Handling.FATAL, "A write of one source transaction took longer than it may"),
    TARGET_UNAVAILABLE(503, Handling.RETRYABLE, "The target database does not answer"),
    TARGET_CONFLICT(503, Handling.RETRYABLE, "The target transaction lost against another; repeat it"),
    INTERNAL(500, Handling.RETRYABLE, "The API failed unexpectedly");

    /** What a client does about it. */
    public enum Handling {
        /** Send the same again, later. */
        RETRYABLE,
        /** Park the one change that is refused, and go on. */
        PARKABLE,
        /** Stop and let a person decide. */
        FATAL
    }

    private final int status;
    private final Handling handling;
    private final ExitCode exitCode;
    private final String title;

    /** What passes by itself is out of reach for a program that may not wait; the rest nobody expects to end one. */
    ProblemType(int status, Handling handling, String title) {
        this(status, handling, handling == Handling.RETRYABLE ? ExitCode.UNREACHABLE : ExitCode.UNEXPECTED, title);
    }

    ProblemType(int status, Handling handling, ExitCode exitCode, String title) {
        this.status = status;
        this.handling = handling;
        this.exitCode = exitCode;
        this.title = title;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    public Handling handling() {
        return handling;
    }

    /** What a program ends with that cannot go on because of it. */
    public ExitCode exitCode() {
        return exitCode;
    }

    public String title() {
        return title;
    }

    /** The section of the runbook that says what to do. */
    public String runbookAnchor() {
        return "docs/runbook.md#" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
