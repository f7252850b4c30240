package io.shadowwrite.cli.verify;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.ContractCompiler;
import java.util.List;
import java.util.Optional;

/**
 * What a finding is about.
 *
 * @param comparison the rows that were compared
 * @param kind how the API reads the model
 * @param key canonical key of the finding
 */
public record Subject(Comparison comparison, ReadKind kind, String key) {

    private static final List<String> KEY_MAP = List.of("pk_map");

    /** Stands for the key of a row that has none, because a column of it is NULL; no look-up finds such a row. */
    private static final String NO_KEY = "null";

    /** The subject, if the finding is about a row or a mapping that the contract knows and that has a key. */
    public static Optional<Subject> of(Finding finding, Contract contract) {
        TargetModel model = contract.models().get(finding.model());
        if (model == null || finding.targetKey().equalsIgnoreCase(NO_KEY)) {
            return Optional.empty();
        }
        ReadKind kind = switch (model) {
            case TargetModel.Scd2 _ -> ReadKind.SCD;
            case TargetModel.Crud _, TargetModel.Junction _ -> ReadKind.CRUD;
        };
        ContractCompiler compiler = new ContractCompiler(contract);
        boolean mapping = finding.columns().equals(KEY_MAP);
        return (mapping ? compiler.keyMap() : compiler.models())
                .stream()
                        .filter(comparison -> comparison.model().equals(finding.model())
                                && (!mapping || comparison.sourceTables().equals(finding.sourceTable())))
                        .findFirst()
                        .map(comparison -> new Subject(comparison, kind, finding.targetKey()));
    }

    /** Names of the columns that differ; none when it is the whole row. */
    public List<String> columns(Recheck.Both both) {
        List<String> names = List.copyOf(comparison.columns().keySet());
        return both.differing().stream().map(names::get).toList();
    }

    /** One line that says what is different. */
    public String difference(Recheck.Both both) {
        if (both.foundRows() > 1) {
            return "there are %d current versions".formatted(both.foundRows());
        }
        if (both.expected() == null) {
            return "no source row makes this row of the target";
        }
        return both.found() == null
                ? "the target has no such row"
                : "the sides differ in " + String.join(", ", columns(both));
    }

    boolean isMapping() {
        return comparison.subject() == Comparison.Subject.KEY_MAP;
    }
}
