package io.shadowwrite.verification.progress;

/** For whoever does not want to be told. */
record Silent() implements Progress {

    @Override
    public void step(Step step, String detail) {}

    @Override
    public void expect(Step step, long rows) {}

    @Override
    public void rows(Step step, long rows) {}
}
