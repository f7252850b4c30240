package io.shadowwrite.cli;

/** What a script learns from the end of a command. */
enum ExitCode {
    DONE(0),
    UNEXPECTED(1),
    USAGE(2),
    INVALID(3),
    UNREACHABLE(4),
    GATE_BLOCKED(11);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
