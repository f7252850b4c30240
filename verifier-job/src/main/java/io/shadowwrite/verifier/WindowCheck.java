package io.shadowwrite.verifier;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;

/** Refuses to judge anything but the migration that the window was opened for. */
record WindowCheck(Window window) {

    /**
     * Compares what was frozen with what is here.
     *
     * @throws StartFailure INVALID naming the first difference
     * @throws io.shadowwrite.replication.StreamProblem when the source does not let us in
     */
    void accepts(String migrationId, Contract contract, SourceConnection source) {
        require("shadow.migration-id", window.migrationId(), migrationId, "set the one of the open window");
        require(
                "the contract's SHA-256",
                window.contractHash(),
                contract.sha256(),
                "use the file the window was opened with");
        require(
                "the decoding options' hash",
                window.optionsHash(),
                Wal2JsonOptions.frozen().hash(),
                "run the version the window was opened with");
        SourceIdentity identity = SourceIdentity.read(source, "shadow-verifier");
        require(
                "the source's system identifier",
                window.systemIdentifier(),
                identity.systemIdentifier(),
                "set shadow.source.url to the server the window was opened on");
        require(
                "the source's timeline",
                Integer.toString(window.timeline()),
                Integer.toString(identity.timeline()),
                "after a promotion open a new window");
    }

    private static void require(String what, String frozen, String here, String fix) {
        if (!frozen.equals(here)) {
            throw new StartFailure(
                    ExitCode.INVALID,
                    "%s is '%s', but the window has '%s': %s".formatted(what, here, frozen, fix),
                    null);
        }
    }
}
