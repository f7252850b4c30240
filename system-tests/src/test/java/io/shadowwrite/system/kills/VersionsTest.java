package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.system.House;
import io.shadowwrite.system.kills.Versions.Version;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A row whose versions do not follow what was seen of it is counted. */
class VersionsTest {

    private static final Copies COPIES = Copies.in(new ContractReader().read(House.contractFile())).stream()
            .filter(copies -> copies.model().name().equals("Contact"))
            .findFirst()
            .orElseThrow();
    private static final List<Sighting> SEEN =
            List.of(seen(1, "INSERT", "a"), seen(2, "UPDATE", "b"), seen(3, "UPDATE", "b"), seen(4, "UPDATE", "c"));

    private static Sighting seen(long xid, String operation, String image) {
        return new Sighting(
                "partners.partner_contact",
                "1",
                null,
                xid,
                operation,
                image.isEmpty() ? Map.of() : Map.of("Contact", image));
    }

    @Test
    void acceptsOneVersionForEachLookOfTheRow() {
        assertThat(difference(SEEN, past("a"), past("b"), live("c"))).isEqualTo(Difference.NONE);
    }

    @Test
    void acceptsThatATransactionLeavesOneVersionOnly() {
        assertThat(difference(SEEN, past("a"), live("c"))).isEqualTo(Difference.NONE);
    }

    @Test
    void countsVersionsThatChangedPlaces() {
        Difference found = difference(SEEN, past("b"), past("a"), live("c"));

        assertThat(found.misordered()).isEqualTo(1);
    }

    @Test
    void countsAVersionNobodySaw() {
        assertThat(difference(SEEN, past("a"), past("x"), live("c")).misordered())
                .isEqualTo(1);
    }

    @Test
    void countsARowThatDoesNotShowItsLastChange() {
        assertThat(difference(SEEN, past("a"), live("b")).lost()).isEqualTo(1);
    }

    @Test
    void countsARowThatIsMissing() {
        assertThat(difference(SEEN).lost()).isEqualTo(1);
    }

    @Test
    void countsARowThatOutlivesItsDelete() {
        List<Sighting> deleted = List.of(seen(1, "INSERT", "a"), seen(2, "DELETE", ""));

        assertThat(difference(deleted, live("a")).duplicated()).isEqualTo(1);
        assertThat(difference(deleted, past("a"))).isEqualTo(Difference.NONE);
    }

    @Test
    void countsARowThatOutlivesAChangeOfItsKey() {
        List<Sighting> moved = List.of(
                seen(1, "INSERT", "a"),
                new Sighting("partners.partner_contact", "2", "1", 2, "UPDATE", Map.of("Contact", "a")));

        assertThat(difference(moved, live("a")).duplicated()).isEqualTo(1);
        assertThat(difference(moved, past("a"))).isEqualTo(Difference.NONE);
    }

    private static Difference difference(List<Sighting> seen, Version... versions) {
        return new Versions(Map.of("1", List.of(versions))).against(COPIES, seen);
    }

    private static Version past(String image) {
        return new Version(image, false);
    }

    private static Version live(String image) {
        return new Version(image, true);
    }
}
