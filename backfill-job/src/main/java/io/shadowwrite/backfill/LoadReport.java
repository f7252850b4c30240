package io.shadowwrite.backfill;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LoadOpening;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Window;
import java.io.PrintStream;

/** How far the opening of the window is, for people. */
record LoadReport(ShadowApi api, PrintStream out) {

    ExitCode tell() {
        LoadState state = api.loadState();
        LoadOpening opening = state.opening();
        if (opening == null) {
            out.println("phase      NOT_OPEN");
            out.println("target     " + (state.filled().isEmpty() ? "empty" : "holds rows: " + state.filled()));
            out.println("next       ./shadow backfill run");
            return ExitCode.DONE;
        }
        Window window = opening.window();
        out.println("phase      " + opening.phase());
        out.println("window     " + window.migrationId());
        out.println("slots      %s from %s, %s from %s"
                .formatted(
                        window.consumerSlot(),
                        window.consumerBaseline().asString(),
                        window.verifierSlot(),
                        window.verifierBaseline().asString()));
        out.println("loaded     %d range(s), %d source rows, %d target rows"
                .formatted(state.ranges(), state.rows(), state.written()));
        for (RunSummary run : api.runs(1, null, "post-backfill", null).runs()) {
            out.println("compared   %s at %s: %s".formatted(run.verdict(), run.pinLsn(), run.reason()));
        }
        out.println("next       "
                + switch (opening.phase()) {
                    case LOADING -> "wait for ./shadow backfill run; if none runs, repeat it, and it says how to go on";
                    case DISCARDING -> "./shadow backfill cleanup";
                    case STREAMING -> "./shadow status";
                });
        return ExitCode.DONE;
    }
}
