package io.shadowwrite.cli.cutover;

import java.util.List;

/**
 * What an attempt would do, and everything that is known to stand against it now.
 *
 * @param steps in their order
 */
public record CutoverPlan(List<Planned> steps) {

    public CutoverPlan {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param step its stable name
     * @param would what would happen
     * @param whyNot reasons that stop it there, as far as they are known before
     */
    public record Planned(String step, String would, List<Objection> whyNot) {

        public Planned {
            whyNot = List.copyOf(whyNot);
        }
    }

    /**
     * One reason.
     *
     * @param code as the audit takes it
     * @param detail one line without row values
     */
    public record Objection(String code, String detail) {}

    /** All of them. */
    public List<Objection> objections() {
        return steps.stream().flatMap(step -> step.whyNot().stream()).toList();
    }
}
