package io.shadowwrite.api.write;

import static io.shadowwrite.api.write.Batches.change;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.cityGone;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.countryGone;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.noteGone;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.unmapped;
import static io.shadowwrite.api.write.Batches.upsert;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.target.Reach;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FootprintTest {

    private static final Map<String, TargetModel> MODELS =
            new ContractReader().read(TestApi.CONTRACT).models();
    private static final Reach CITY_NAMES_COUNTRY = new Reach(
            Map.of("City", List.of(new Reach.Reference(model("Country"), List.of("country_code")))),
            Set.of(),
            Set.of(),
            Set.of());

    private static TargetModel model(String name) {
        return Objects.requireNonNull(MODELS.get(name));
    }

    private static boolean meet(Reach reach, List<ChangeWrites> some, List<ChangeWrites> others) {
        Footprint one = footprint(reach, some);
        Footprint other = footprint(reach, others);
        assertThat(one.meets(other)).isEqualTo(other.meets(one));
        return one.meets(other);
    }

    private static Footprint footprint(Reach reach, List<ChangeWrites> changes) {
        return Footprint.of(List.of(transaction(2_000, 0, changes.toArray(ChangeWrites[]::new))), MODELS, reach);
    }

    private static boolean meet(ChangeWrites one, ChangeWrites other) {
        return meet(CITY_NAMES_COUNTRY, List.of(one), List.of(other));
    }

    private static ChangeWrites inserted(ChangeWrites change) {
        return change(
                change.sourceTable().substring("app.".length()),
                change.sourceKey(),
                Operation.INSERT,
                change.writes().toArray(ShadowWrite[]::new));
    }

    private static ChangeWrites moved(ChangeWrites change, String formerKey) {
        return new ChangeWrites(
                0,
                change.sourceTable(),
                change.sourceKey(),
                formerKey,
                change.operation(),
                change.digest(),
                true,
                change.writes());
    }

    @Test
    void meetsWhatWritesTheSameRow() {
        assertThat(meet(note(1, "a"), note(1, "b"))).isTrue();
        assertThat(meet(note(1, "a"), noteGone(1))).isTrue();
        assertThat(meet(note(1, "a"), note(2, "a"))).isFalse();
        assertThat(meet(note(1, "a"), partner(1, "a", "1", null))).isFalse();
    }

    @Test
    void meetsAnotherSourceRowThatBecomesTheSameTargetRow() {
        ChangeWrites other = change(
                "other",
                "{\"id\":9}",
                Operation.UPDATE,
                upsert("Note", Map.of("note_id", uuid(1)), Map.of("body", "b")));

        assertThat(meet(note(1, "a"), other)).isTrue();
        assertThat(meet(note(2, "a"), other)).isFalse();
    }

    @Test
    void meetsTheSameSourceRowWhateverBecomesOfIt() {
        ChangeWrites nothing = change("note", "{\"id\":1}", Operation.UPDATE);

        assertThat(meet(note(1, "a"), nothing)).isTrue();
        assertThat(meet(note(2, "a"), nothing)).isFalse();
        assertThat(meet(note(2, "a"), moved(nothing, "{\"id\":2}"))).isTrue();
        assertThat(meet(note(3, "a"), moved(nothing, "{\"id\":2}"))).isFalse();
    }

    @Test
    void meetsNothingWithAChangeThatTheContractLeavesOut() {
        assertThat(meet(unmapped(), unmapped())).isFalse();
    }

    @Test
    void meetsTheRowThatValuesAreCarriedFrom() {
        ChangeWrites carrying = change(
                "note",
                "{\"id\":2}",
                Operation.UPDATE,
                new ShadowWrite(
                        0, "Note", Action.UPSERT, Map.of("note_id", uuid(2)), Map.of(), Map.of("note_id", uuid(1))));

        assertThat(meet(note(1, "a"), carrying)).isTrue();
        assertThat(meet(note(3, "a"), carrying)).isFalse();
    }

    @Test
    void meetsTheComingOrGoingOfARowItRefersTo() {
        assertThat(meet(inserted(country("AA", "a", null)), city(1, "AA", "c"))).isTrue();
        assertThat(meet(countryGone("AA"), city(1, "AA", "c"))).isTrue();
        assertThat(meet(moved(country("AA", "a", null), "{\"code\":\"ZZ\"}"), city(1, "AA", "c")))
                .isTrue();
        assertThat(meet(countryGone("AA"), city(1, "BB", "c"))).isFalse();
        assertThat(meet(countryGone("AA"), city(1, null, "c"))).isFalse();
        assertThat(meet(country("AA", "a", null), city(1, "AA", "c"))).isFalse();
        assertThat(meet(city(2, "AA", "c"), city(1, "AA", "c"))).isFalse();
    }

    @Test
    void meetsAnUpdateOfARowItRefersToWhereThatMayChangeAKey() {
        Reach unique = new Reach(CITY_NAMES_COUNTRY.references(), Set.of(), Set.of("Country"), Set.of());
        List<ChangeWrites> country = List.of(country("AA", "a", null));

        assertThat(meet(unique, country, List.of(city(1, "AA", "c")))).isTrue();
        assertThat(meet(unique, country, List.of(city(1, "BB", "c")))).isFalse();
        assertThat(meet(unique, country, List.of(cityGone(1)))).isFalse();
    }

    @Test
    void meetsEverythingWhenItDoesNotSayWhatItRefersTo() {
        ChangeWrites partial = change(
                "city",
                "{\"id\":1}",
                Operation.UPDATE,
                upsert("City", Map.of("city_id", uuid(1)), Map.of("name", "c")));

        assertThat(meet(partial, note(1, "a"))).isTrue();
    }

    @Test
    void meetsEverythingWhereTheTargetActsByItself() {
        Reach trigger = new Reach(Map.of(), Set.of("Note"), Set.of(), Set.of());
        Reach cascade = new Reach(Map.of(), Set.of(), Set.of(), Set.of("Country"));
        List<ChangeWrites> partner = List.of(partner(1, "a", "1", null));

        assertThat(meet(trigger, List.of(note(1, "a")), partner)).isTrue();
        assertThat(meet(trigger, List.of(country("AA", "a", null)), partner)).isFalse();
        assertThat(meet(cascade, List.of(countryGone("AA")), partner)).isTrue();
        assertThat(meet(cascade, List.of(country("AA", "a", null)), partner)).isFalse();
    }

    @Test
    void meetsEverythingWhenItIsNotUnderstood() {
        ChangeWrites unknown =
                change("note", "{\"id\":7}", Operation.UPDATE, upsert("Unknown", Map.of("id", "1"), Map.of()));
        ChangeWrites keyless = change("note", "{\"id\":7}", Operation.UPDATE, upsert("Note", Map.of(), Map.of()));

        assertThat(meet(unknown, note(1, "a"))).isTrue();
        assertThat(meet(keyless, note(1, "a"))).isTrue();
    }

    @Test
    void findsEveryRowThatManyHaveInCommon() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            Set<Integer> rows = new HashSet<>();
            List<ChangeWrites> some = notes(random, rows);
            Set<Integer> otherRows = new HashSet<>();
            List<ChangeWrites> others = notes(random, otherRows);
            rows.retainAll(otherRows);

            assertThat(meet(CITY_NAMES_COUNTRY, some, others)).isEqualTo(!rows.isEmpty());
        }
    }

    private static List<ChangeWrites> notes(Random random, Set<Integer> rows) {
        List<ChangeWrites> notes = new ArrayList<>();
        int size = random.nextInt(120);
        for (int i = 0; i < size; i++) {
            int row = random.nextInt(10_000);
            rows.add(row);
            notes.add(note(row, "x"));
        }
        return notes;
    }
}
