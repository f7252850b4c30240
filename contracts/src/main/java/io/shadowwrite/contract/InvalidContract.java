package io.shadowwrite.contract;

import java.util.List;
import java.util.stream.Collectors;

/** A contract file that cannot be used; carries every problem found, not only the first. */
public final class InvalidContract extends RuntimeException {

    private final transient List<ContractProblem> problems;

    InvalidContract(String location, List<ContractProblem> problems) {
        super("contract %s has %d problem(s):%n%s"
                .formatted(
                        location,
                        problems.size(),
                        problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n"))));
        this.problems = List.copyOf(problems);
    }

    public List<ContractProblem> problems() {
        return problems;
    }
}
