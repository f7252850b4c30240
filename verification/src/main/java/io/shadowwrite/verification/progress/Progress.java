package io.shadowwrite.verification.progress;

/** Is told how far a verification is, by any of its threads; neither waits nor throws. Is never told a row's values. */
public interface Progress {

    /** Listens to nothing. */
    Progress SILENT = new Silent();

    /**
     * A step is reached.
     *
     * @param detail what there is to say about it, for people; possibly empty
     */
    void step(Step step, String detail);

    /** So many more rows will be read in the step, as far as can be told before; zero when nobody knows. */
    void expect(Step step, long rows);

    /** So many more rows were read in the step. */
    void rows(Step step, long rows);
}
