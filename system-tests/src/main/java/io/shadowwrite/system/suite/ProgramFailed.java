package io.shadowwrite.system.suite;

/** A program of the suite ended, or did not end, against expectation; the message names its log and shows the end of it. */
public final class ProgramFailed extends RuntimeException {

    ProgramFailed(String name, int exitCode, String what, ProgramProcess process) {
        super("%s %s (exit %d). Its log is %s and ends with:%n%s"
                .formatted(name, what, exitCode, process.log(), process.lastLines(12)));
    }
}
