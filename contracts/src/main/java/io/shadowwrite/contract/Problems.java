package io.shadowwrite.contract;

import java.util.ArrayList;
import java.util.List;

/** Everything found wrong so far. Reading goes on after a problem, so that one run tells all of them. */
final class Problems {

    private final List<ContractProblem> found = new ArrayList<>();

    void add(String pointer, String message) {
        found.add(new ContractProblem(pointer, message));
    }

    List<ContractProblem> found() {
        return List.copyOf(found);
    }
}
