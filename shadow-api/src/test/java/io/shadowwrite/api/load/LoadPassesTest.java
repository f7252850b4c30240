package io.shadowwrite.api.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadPassesTest {

    private static final Set<String> MODELS = new LinkedHashSet<>(List.of("A", "B", "C", "D"));

    @Test
    void putsWhatRefersToNothingIntoOnePass() {
        assertThat(LoadPasses.inOrder(MODELS, Map.of())).containsExactly(List.of("A", "B", "C", "D"));
    }

    @Test
    void putsChildrenAfterAllTheirParents() {
        assertThat(LoadPasses.inOrder(MODELS, Map.of("A", Set.of("C", "D"), "C", Set.of("D"))))
                .containsExactly(List.of("B", "D"), List.of("C"), List.of("A"));
    }

    @Test
    void putsACircleIntoOnePassAndItsChildrenBehind() {
        assertThat(LoadPasses.inOrder(MODELS, Map.of("A", Set.of("B"), "B", Set.of("A"), "D", Set.of("A"))))
                .containsExactly(List.of("C"), List.of("A", "B"), List.of("D"));
    }

    @Test
    void putsACircleBehindTheCircleItRefersTo() {
        assertThat(LoadPasses.inOrder(
                        MODELS, Map.of("A", Set.of("B"), "B", Set.of("A", "C"), "C", Set.of("D"), "D", Set.of("C"))))
                .containsExactly(List.of("C", "D"), List.of("A", "B"));
    }

    @Test
    void mindsNoParentOutsideOfTheContract() {
        assertThat(LoadPasses.inOrder(MODELS, Map.of("A", Set.of("")))).hasSize(1);
    }
}
