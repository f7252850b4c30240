package io.shadowwrite.api.audit;

/** Why the latest decision of the gate is no permit now. */
enum PermitEnd {
    BLOCKED("the latest decision of the gate was to block"),
    EXPIRED("the permit is over: its time ran out, by the target's clock"),
    LET_GO("the permit is void: the gate does not hold the consumer at the final LSN any more"),
    WRITTEN_BESIDE("the permit is void: something was written to the target beside the stream"),
    WRITER_CAME_BACK("the permit is void: a writer of the source was not paused, or came back"),
    READER_SILENT(
            "there is no permit while the slot reader is not heard of: nobody would see a writer that comes back");

    private final String sentence;

    PermitEnd(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
