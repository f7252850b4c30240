package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelOrderTest {

    @Test
    void putsGrandparentsFirst() {
        assertThat(order(List.of("C", "B", "A"), Map.of("C", List.of("B"), "B", List.of("A"))))
                .containsExactly("A", "B", "C");
    }

    @Test
    void keepsFileOrderWithoutReferencesAndWithOneToItself() {
        assertThat(order(List.of("C", "B", "A"), Map.of("C", List.of("C")))).containsExactly("C", "B", "A");
    }

    @Test
    void keepsFileOrderWithinACycleAndPutsItBeforeItsChildren() {
        Map<String, List<String>> parents = Map.of("D", List.of("B"), "B", List.of("A"), "A", List.of("B", "Z"));

        assertThat(order(List.of("D", "B", "A", "Z"), parents)).containsExactly("Z", "B", "A", "D");
    }

    private static List<String> order(List<String> names, Map<String, List<String>> parents) {
        Map<String, TargetModel> models = new LinkedHashMap<>();
        List<SourceTable> sources = new ArrayList<>();
        for (String name : names) {
            QualifiedName table = new QualifiedName("s", name);
            TargetModel model = new TargetModel.Crud(name, table, List.of("id"), Map.of("id", Want.UUID));
            models.put(name, model);
            Map<String, Expression> values = new LinkedHashMap<>();
            for (String parent : parents.getOrDefault(name, List.of())) {
                values.put(parent, new Expression.Reference(table, parent, Map.of()));
            }
            Write write = new Write(0, model, null, Map.of("id", new Expression.Derived()), values);
            sources.add(new SourceTable.Mapped(
                    table, Map.of(), List.of(), SourceTable.Identity.DEFAULT, null, List.of(write)));
        }
        return List.copyOf(ModelOrder.parentsFirst(models, sources).keySet());
    }
}
