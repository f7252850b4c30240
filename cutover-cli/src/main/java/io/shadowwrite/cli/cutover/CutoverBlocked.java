package io.shadowwrite.cli.cutover;

/** Something stands against a cutover; the attempt is undone, and this is what the audit says. */
final class CutoverBlocked extends RuntimeException {

    private final String code;

    /** With a code as the audit takes it, and one line without row values. */
    CutoverBlocked(String code, String detail) {
        super(detail);
        this.code = code;
    }

    String code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
