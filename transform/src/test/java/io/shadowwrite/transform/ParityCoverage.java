package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.testsupport.parity.ParityCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A contract's cells beside the cases that exercise them and the exemptions that stand for the rest.
 *
 * @param cells every cell of the contract
 * @param coveredBy the cases that exercise a cell, by cell
 * @param exempt why a cell has no case, by the cell's words
 */
record ParityCoverage(SortedSet<Cell> cells, Map<Cell, List<ParityCase>> coveredBy, Map<String, String> exempt) {

    static ParityCoverage of(Contract contract, List<ParityCase> cases, Map<String, String> exempt) {
        SortedSet<Cell> cells = ContractCells.of(contract);
        Map<Cell, List<ParityCase>> coveredBy = new HashMap<>();
        Set<String> shown = new TreeSet<>();
        cases.forEach(one -> shown.addAll(CaseCells.columns(one)));
        for (ParityCase one : cases) {
            for (Cell cell : CaseCells.of(contract, one, shown)) {
                coveredBy.computeIfAbsent(cell, _ -> new ArrayList<>()).add(one);
            }
        }
        return new ParityCoverage(cells, coveredBy, exempt);
    }

    /** A line for each cell that has neither case nor exemption, with the file that would be expected. */
    List<String> uncovered() {
        return cells.stream()
                .filter(cell -> !coveredBy.containsKey(cell) && !exempt.containsKey(cell.toString()))
                .map(cell -> "%s (add %s, or an exemption)".formatted(cell, cell.fileName()))
                .toList();
    }

    /** A line for each exemption of a cell that has a case, or that the contract does not have. */
    List<String> needlessExemptions() {
        Set<String> needed = new TreeSet<>();
        cells.stream().filter(cell -> !coveredBy.containsKey(cell)).forEach(cell -> needed.add(cell.toString()));
        return exempt.keySet().stream()
                .filter(cell -> !needed.contains(cell))
                .map(cell -> "%s (%s)".formatted(cell, because(cell)))
                .sorted()
                .toList();
    }

    private String because(String exempted) {
        return cells.stream()
                .filter(cell -> cell.toString().equals(exempted))
                .findFirst()
                .map(cell -> "a case exercises it: "
                        + coveredBy.getOrDefault(cell, List.of()).getFirst())
                .orElse("the contract has no such cell");
    }
}
