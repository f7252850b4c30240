package io.shadowwrite.system.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.transform.Transformer;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.ContractCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two meanings of a contract, held together: writes made of the log by Java leave exactly the rows that the
 * verifier's SQL computes on the source.
 */
@PostgresTest
@Timeout(300)
class TransformParityTest {

    private static final String WORKED = "/contracts/partners-to-unified/";
    private static final int ROWS = Integer.getInteger("parity.rows", 1_500);

    @ParameterizedTest
    @ValueSource(longs = {1, 20261121})
    void trafficOnTheWorkedContractLeavesTheRowsTheSourceQueriesGive(long seed, @Source Database source)
            throws Exception {
        Contract contract = contract(resource(WORKED + "contract.json"));
        source.runScript(resource(WORKED + "source.sql"));
        try (RecordedChanges changes = new RecordedChanges(source)) {
            Traffic traffic = new Traffic(source.jdbcUrl(), source.user(), source.password(), seed, 2);
            traffic.seedReferenceRows();
            traffic.run(4_000, Double.POSITIVE_INFINITY, () -> false);

            assertParity(contract, changes, source);
        }
    }

    /** With the old key alone a value out of line is left out of the log; with the whole old row it is not. */
    @ParameterizedTest
    @CsvSource({"3,full", "4,default"})
    void randomRowsThroughEveryExpressionAndFilterGiveWhatTheSourceQueriesGive(
            long seed, String identity, @Source Database source) throws Exception {
        Contract contract = contract(EveryExpression.contract(identity));
        source.runScript(EveryExpression.ddl(identity));
        try (RecordedChanges changes = new RecordedChanges(source)) {
            EveryExpression.insert(source, new SplittableRandom(seed), ROWS);
            EveryExpression.update(source, new SplittableRandom(seed), ROWS);

            assertParity(contract, changes, source);
        }
    }

    @Test
    void everyKindOfExpressionFilterOperatorAndTypeTakesPart() {
        Contract contract = contract(EveryExpression.contract("full"));

        assertThat(ContractParts.of(contract))
                .containsAll(List.of(Expression.class.getPermittedSubclasses()))
                .containsAll(List.of(Filter.class.getPermittedSubclasses()))
                .contains((Object[]) Filter.Operator.values())
                .contains((Object[]) ColumnType.Kind.values());
    }

    private static void assertParity(Contract contract, RecordedChanges changes, Database source)
            throws InterruptedException, SQLException {
        Transformer transformer = new Transformer(contract);
        Mirror mirror = new Mirror(contract);
        changes.forEach(transaction -> {
            for (ChangeWrites change : transformer.transform(transaction).changes()) {
                mirror.apply(change);
            }
        });
        SourceImage image = new SourceImage(source);
        List<String> empty = new ArrayList<>();
        for (Comparison comparison : new ContractCompiler(contract).models()) {
            Map<String, Map<String, @Nullable String>> actual = mirror.rows(comparison.model());
            image.spellDocuments(comparison, actual);
            assertThat(actual).as(comparison.model()).isEqualTo(image.rows(comparison));
            if (actual.isEmpty()) {
                empty.add(comparison.model());
            }
        }
        // Writers that take turns by chance may have removed the last row of one.
        assertThat(empty).as("models without a row").hasSizeLessThan(2);
    }

    private static Contract contract(String json) {
        return new ContractReader().read("test", json.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String path) {
        try (InputStream stream = TransformParityTest.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(stream, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
