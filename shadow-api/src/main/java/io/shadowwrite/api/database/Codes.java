package io.shadowwrite.api.database;

import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Side;

/** The small numbers of {@code shadow.event_ledger}, fixed by its migration; never by the order of an enum. */
public final class Codes {

    private Codes() {}

    public static int of(Side side) {
        return switch (side) {
            case CONSUMER -> 1;
            case VERIFIER -> 2;
        };
    }

    public static int of(Operation operation) {
        return switch (operation) {
            case INSERT -> 1;
            case UPDATE -> 2;
            case DELETE -> 3;
            case TRUNCATE -> 4;
        };
    }

    /** The operation of a code. */
    public static Operation operation(int code) {
        return switch (code) {
            case 1 -> Operation.INSERT;
            case 2 -> Operation.UPDATE;
            case 3 -> Operation.DELETE;
            case 4 -> Operation.TRUNCATE;
            default -> throw new IllegalArgumentException("no operation has code " + code);
        };
    }

    public static int of(Disposition disposition) {
        return switch (disposition) {
            case APPLIED -> 1;
            case NO_OP -> 2;
            case FILTERED -> 3;
            case PARKED -> 4;
        };
    }

    /** The disposition of a code. */
    public static Disposition disposition(int code) {
        return switch (code) {
            case 1 -> Disposition.APPLIED;
            case 2 -> Disposition.NO_OP;
            case 3 -> Disposition.FILTERED;
            case 4 -> Disposition.PARKED;
            default -> throw new IllegalArgumentException("no disposition has code " + code);
        };
    }
}
