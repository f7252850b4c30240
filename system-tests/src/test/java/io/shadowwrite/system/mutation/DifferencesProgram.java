package io.shadowwrite.system.mutation;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.system.House;
import io.shadowwrite.system.bench.verify.Sides;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.compare.Comparer;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.verdict.Findings;

/** Compares two databases in a JVM of its own and prints what it found, so that its heap can be bounded. */
final class DifferencesProgram {

    static final int KEPT = 1_000;

    private static final int READERS = 2;

    private DifferencesProgram() {}

    /** Ports of source and target. */
    public static void main(String[] arguments) {
        Database from = database(arguments[0], "partners");
        Database to = database(arguments[1], "unified");
        Findings findings = new Findings(KEPT);
        try (Sessions source = Sides.sessions(from, READERS);
                Sessions target = Sides.sessions(to, READERS)) {
            Scans scans = new Scans(RowHash.SERVER, 12, 1_000);
            new Comparer(SqlSide.expected(source, scans), SqlSide.found(target, scans), source, Progress.SILENT)
                    .compare(
                            Step.COMPARE,
                            new ContractCompiler(new ContractReader().read(House.contractFile())).models(),
                            findings);
        }
        System.out.println(findings.summary());
    }

    private static Database database(String port, String name) {
        return new Database("127.0.0.1", Integer.parseInt(port), name, Database.USER, Database.PASSWORD);
    }
}
