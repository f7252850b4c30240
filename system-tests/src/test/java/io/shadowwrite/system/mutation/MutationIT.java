package io.shadowwrite.system.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.House;
import io.shadowwrite.system.mutation.Mutation.Atom;
import io.shadowwrite.system.mutation.Mutation.Catalog;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every kind of damage is found by the first verification that sees it, named as what it is, with its row, and nothing else is
 * reported. {@code -Dmutation.rows=1000000} does it in a source of that many rows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(1_800)
class MutationIT {

    private static final long ROWS = Long.getLong("mutation.rows", 3_000);

    /** The first victims stand at edges, the last two between. */
    private static final int EDGES = 4;

    private final Catalog catalog = catalog();
    private final Ground ground = new Ground(ROWS);

    private static Catalog catalog() {
        try (InputStream file = MutationIT.class.getResourceAsStream("/mutation/cases.json")) {
            return JsonMapper.builder().build().readValue(Objects.requireNonNull(file), Catalog.class);
        } catch (IOException e) {
            throw new IllegalStateException("the cases cannot be read", e);
        }
    }

    @AfterAll
    void close() {
        ground.close();
    }

    Stream<Mutation> mutations() {
        List<Mutation> all = new ArrayList<>();
        List<Atom> atoms = catalog.atoms();
        for (int i = 0; i < atoms.size(); i++) {
            all.add(atEdges(atoms.get(i)));
            for (int j = 0; j < i; j++) {
                all.add(at(atoms.get(i), EDGES).and(at(atoms.get(j), EDGES + 1)));
            }
        }
        Victim a = ground.contacts().get(EDGES);
        Victim b = ground.contacts().get(EDGES + 1);
        Victim party = ground.parties().get(EDGES);
        catalog.cases().forEach(mutation -> all.add(mutation.of(a, b, party)));
        return all.stream();
    }

    private Mutation at(Atom atom, int victim) {
        return atom.at(ground.victims(atom.victims()).get(victim), "");
    }

    /** The same at the first and last key and in the first and last bucket; one row may be two of them. */
    private Mutation atEdges(Atom atom) {
        return ground.victims(atom.victims()).subList(0, EDGES).stream()
                .distinct()
                .map(victim -> atom.at(victim, " at an edge"))
                .reduce(Mutation::and)
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void isFoundInOneTickAndNothingElseIs(Mutation mutation) {
        TickResult tick = ground.tickAfter(mutation.damage());

        assertThat(tick.findings().stream()
                        .map(finding -> told(finding, mutation))
                        .toList())
                .as(tick.reason())
                .containsExactlyInAnyOrderElementsOf(mutation.findings());
        assertThat(tick.findingsTotal()).isEqualTo(mutation.findings().size());
        boolean blocks =
                tick.findings().stream().anyMatch(one -> one.findingClass().blocking());
        assertThat(tick.verdict()).isEqualTo(blocks ? Verdict.DIRTY : Verdict.CLEAN);
    }

    /** A star stands for whichever columns the data make differ. */
    private static String told(Finding finding, Mutation mutation) {
        if (finding.findingClass() == FindingClass.RECEIPT_MISMATCH) {
            return finding.findingClass() + " " + finding.columns();
        }
        String row = finding.findingClass() + " " + finding.model() + " " + finding.targetKey() + " ";
        return mutation.findings().contains(row + "*") ? row + "*" : row + finding.columns();
    }

    @Test
    void isCleanWithoutDamage() {
        TickResult tick = ground.tick();

        assertThat(tick.findings()).as(tick.reason()).isEmpty();
        assertThat(tick.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(tick.eventsAttested()).isPositive();
        House.measured("mutations: %s, %d rows of the source".formatted(tick.reason(), ROWS));
    }
}
