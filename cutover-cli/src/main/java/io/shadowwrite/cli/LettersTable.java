package io.shadowwrite.cli;

import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterContent;
import java.io.PrintWriter;
import java.util.List;

/** Dead letters for people. */
final class LettersTable {

    private static final String LINE = "%6s  %-8s  %-22s  %-26s  %-8s  %-24s  %s%n";

    private LettersTable() {}

    static void print(PrintWriter out, List<DeadLetter> letters) {
        if (letters.isEmpty()) {
            return;
        }
        out.printf(LINE, "LETTER", "STATE", "PROBLEM", "COMMIT LSN:CHANGE", "CHANGE", "TABLE", "KEY");
        for (DeadLetter letter : letters) {
            out.printf(
                    LINE,
                    letter.id(),
                    letter.state(),
                    letter.parkedBehind() == null ? letter.problem() : "behind " + letter.parkedBehind(),
                    place(letter),
                    letter.operation(),
                    letter.sourceTable(),
                    letter.sourceKey());
        }
    }

    private static String place(DeadLetter letter) {
        return letter.commitLsn().asString() + ":" + letter.changeIndex();
    }

    /** Row values only where they are asked for. */
    static void print(PrintWriter out, DeadLetterContent content, boolean values) {
        DeadLetter letter = content.letter();
        out.printf("letter     %d, %s, %s%n", letter.id(), letter.state(), letter.letterClass());
        out.printf(
                "change     %s of %s, change %s, committed %s%n",
                letter.operation(), letter.sourceTable(), place(letter), letter.committedAt());
        out.printf("key        %s%n", letter.sourceKey());
        if (letter.formerKey() != null) {
            out.printf("former key %s%n", letter.formerKey());
        }
        out.printf("problem    %s: %s%n", letter.problem(), letter.detail());
        out.printf(
                "waits      %s, %d letter(s) wait behind it%n",
                letter.parkedBehind() == null ? "for nobody" : "behind letter " + letter.parkedBehind(),
                content.behind());
        out.printf("replays    %d so far; %s%n", letter.attempts(), replayable(content));
        if (letter.decidedAt() != null) {
            out.printf("decided    %s by %s: %s%n", letter.decidedAt(), letter.decidedBy(), letter.reason());
        }
        if (letter.note() != null) {
            out.printf("note       %s%n", letter.note());
        }
        if (values) {
            out.printf("payload    %s%n", content.payload());
            out.printf("writes     %s%n", content.writes());
            out.printf("corrected  %s%n", content.corrected());
        }
    }

    private static String replayable(DeadLetterContent content) {
        if (content.corrected() != null) {
            return "corrected writes stand in for its own";
        }
        return content.letter().complete() ? "it can be replayed" : "it has no writes: correct it first";
    }
}
