package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A finding from the tick that stored it, over what an operator sees of it, to the look that shows it gone. */
@ExtendWith(HouseExtension.class)
@Timeout(300)
class VerifyCommandIT {

    private static final Duration COMMAND_WITHIN = Duration.ofMinutes(2);
    private static final String RENAME =
            "UPDATE unified.contact SET full_name = ? WHERE contact_id = ?::uuid AND valid_to IS NULL RETURNING 1";

    private final House house;
    private final Database target;
    private int commands;

    VerifyCommandIT(House house) {
        this.house = house;
        this.target = house.target();
        house.traffic(23).run(500, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    /** What an operator's command answered, on both of its streams. */
    private record Answer(int code, String text) {}

    private Answer verify(Map<String, String> settings, String... words) {
        Launch verifier = house.suite().plan(Program.VERIFIER);
        List<String> command = new ArrayList<>(List.of("verify"));
        command.addAll(List.of(words));
        Launch launch = new Launch(Program.CLI, command, "verify-" + ++commands, settings, verifier.environment())
                .with("api-url", Objects.requireNonNull(verifier.settings().get("shadow.api.url")));
        ProgramProcess process = house.suite().launch(launch);
        int code = process.exitWithin(COMMAND_WITHIN);
        try {
            return new Answer(code, Files.readString(process.log()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer recheck(String finding) {
        return verify(
                Map.of(
                        "contract", House.contractFile().toString(),
                        "source-url", house.source().jdbcUrl(),
                        "source-user", house.source().user()),
                "recheck",
                finding);
    }

    private String one(String sql, Object... parameters) {
        return Objects.requireNonNull(target.queryForString(sql, parameters), sql);
    }

    @Test
    void showsAFindingAndSaysWhetherItStillStands() {
        String contact = one("SELECT contact_id::text FROM unified.contact WHERE valid_to IS NULL ORDER BY 1 LIMIT 1");
        String name =
                one("SELECT full_name FROM unified.contact WHERE contact_id = ?::uuid AND valid_to IS NULL", contact);
        one(RENAME, "somebody else", contact);
        assertThat(house.suite().verify()).isEqualTo(10);
        RunSummary run = house.api().runs(1, null, null, null).runs().getFirst();

        Answer shown = verify(Map.of(), "show");
        Answer images = verify(Map.of(), "show", run.runId().toString().substring(0, 13), "--images", "--output=json");
        Answer none = verify(Map.of(), "show", "--class=missing_in_rdb");
        Answer differs = recheck("1");
        one(RENAME, name, contact);
        Answer equal = recheck(run.runId() + "/1");

        assertThat(shown.code()).as(shown.text()).isZero();
        assertThat(shown.text())
                .contains("DIRTY", "VALUE_MISMATCH", contact, "full_name", "recheck " + run.runId() + "/1")
                .doesNotContain("somebody else");
        assertThat(images.text()).contains("somebody else", "\"command\" : \"verify show\"");
        assertThat(none.text()).contains("of which 0 are shown");
        assertThat(differs.text()).contains("DIFFERS", "full_name");
        assertThat(differs.code()).isEqualTo(10);
        assertThat(equal.text()).contains("EQUAL");
        assertThat(equal.code()).isZero();
    }
}
