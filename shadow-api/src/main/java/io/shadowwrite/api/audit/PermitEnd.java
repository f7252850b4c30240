package io.shadowwrite.api.audit;

/** Why the latest decision of the gate is no permit now. */
enum PermitEnd {
    NOTHING_DECIDED("the gate has not decided anything yet"),
    BLOCKED("the latest decision of the gate was to block"),
    FINISHED("the cutover is finished: nothing of the old source is applied any more"),
    FINISHED_AND_WRITTEN(
            "the cutover is finished, but the old source was written at or above the final LSN: those changes are in it only"),
    WRITER_CAME_BACK("the permit is void: a writer of the source was not paused, or came back"),
    LET_GO("the permit is void: the gate does not hold the consumer at the final LSN any more"),
    WRITTEN_BESIDE("the permit is void: something was written to the target beside the stream"),
    READER_SILENT(
            "there is no permit while the slot reader is not heard of, nor after it was silent for a minute: nobody would have seen a writer that came back"),
    EXPIRED("the permit is over: its time ran out, by the target's clock");

    private final String sentence;

    PermitEnd(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    /** Whether a cutover can be finished with it: the consumer has stood still since the comparison. */
    boolean finishable() {
        return switch (this) {
            case WRITER_CAME_BACK, WRITTEN_BESIDE, READER_SILENT, EXPIRED -> true;
            case NOTHING_DECIDED, BLOCKED, FINISHED, FINISHED_AND_WRITTEN, LET_GO -> false;
        };
    }
}
