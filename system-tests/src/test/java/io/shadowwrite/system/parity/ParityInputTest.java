package io.shadowwrite.system.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.parity.ParityCase;
import io.shadowwrite.testsupport.parity.ParityStep;
import io.shadowwrite.testsupport.parity.PlainHeads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The messages in the parity cases are what wal2json says of the statements beside them. {@code -Dparity.record=true}
 * rewrites them instead.
 */
@PostgresTest
@Timeout(300)
class ParityInputTest {

    private static final Path CASES = Checkout.HOME.resolve("transform/src/test/resources/parity/partners-to-unified");

    /** Deletes, because the files of new tables would take most of the time. */
    private static final String EMPTY = """
            do $$ declare t regclass; begin
              set local session_replication_role = replica;
              for t in select oid from pg_catalog.pg_class
                       where relnamespace = 'partners'::regnamespace and relkind = 'r' loop
                execute 'delete from ' || t;
              end loop;
            end $$
            """;

    private static final Pattern TABLE = Pattern.compile(
            "^\\{\"action\":\"[IUDT]\".*?,\"schema\":\"([^\"]*)\",\"table\":\"([^\"]*)\"", Pattern.DOTALL);

    @Test
    void everyMessageIsByteForByteWhatThePluginSaysOfTheStatements(@Source Database source) throws SQLException {
        boolean record = Boolean.getBoolean("parity.record");
        List<ParityCase> cases = ParityCase.all(CASES);
        assertThat(cases).isNotEmpty();
        String schema = resource("/contracts/partners-to-unified/source.sql");
        source.runScript(schema);
        try (SpokenLog log = new SpokenLog(source)) {
            for (ParityCase kept : cases) {
                ParityCase spoken = spoken(log, kept, schema);
                if (record) {
                    spoken.save();
                }
                assertThat(messages(record ? ParityCase.read(kept.file()) : kept))
                        .as(kept.sentence())
                        .isEqualTo(messages(spoken));
                assertThat(record ? spoken.partitions() : kept.partitions())
                        .as("partitions of %s", kept.sentence())
                        .isEqualTo(spoken.partitions());
            }
        }
    }

    private static List<List<String>> messages(ParityCase one) {
        return one.transactions().stream().map(ParityStep::messages).toList();
    }

    private static ParityCase spoken(SpokenLog log, ParityCase kept, String schema) {
        try {
            log.prepare(List.of(EMPTY));
            log.prepare(kept.before());
            ParityCase spoken = spoken(log, kept);
            if (!kept.before().stream().allMatch(sql -> sql.startsWith("insert"))) {
                log.prepare(List.of("drop schema partners cascade", schema));
            }
            return spoken;
        } catch (SQLException e) {
            throw new AssertionError(kept.sentence(), e);
        }
    }

    private static ParityCase spoken(SpokenLog log, ParityCase kept) throws SQLException {
        List<List<String>> spoken = log.transactions(
                kept.transactions().stream().map(ParityStep::sql).toList());
        assertThat(spoken).as("transactions of %s", kept.sentence()).hasSameSizeAs(kept.transactions());
        Map<String, String> partitions = new TreeMap<>();
        List<ParityStep> steps = new ArrayList<>();
        for (ParityStep step : kept.transactions()) {
            List<String> messages = PlainHeads.of(spoken.get(steps.size()), steps.size());
            for (String message : messages) {
                addPartition(log, message, partitions);
            }
            steps.add(new ParityStep(step.sql(), messages, step.writes(), step.problems()));
        }
        return kept.with(partitions, steps);
    }

    private static void addPartition(SpokenLog log, String message, Map<String, String> partitions)
            throws SQLException {
        Matcher table = TABLE.matcher(message);
        if (table.find()) {
            String name = table.group(1) + "." + table.group(2);
            String root = log.rootOf(table.group(1), table.group(2));
            if (!root.equals(name)) {
                partitions.put(name, root);
            }
        }
    }

    private static String resource(String path) {
        try (InputStream stream = ParityInputTest.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(stream, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
