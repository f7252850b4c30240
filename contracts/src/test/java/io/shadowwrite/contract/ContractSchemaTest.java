package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schema and the reader say the same of the shape of a file. */
class ContractSchemaTest {

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SmallContract.resource("/io/shadowwrite/contract/contract.schema.json"));

    @Test
    void acceptsWhatTheReaderAccepts() {
        assertThat(errors(SmallContract.TEXT)).isEmpty();
        assertThat(SmallContract.problems(SmallContract.TEXT)).isEmpty();
    }

    @Test
    void acceptsTheWorkedContractAsTheReaderDoes() {
        String worked = SmallContract.resource("/contracts/partners-to-unified/contract.json");

        assertThat(errors(worked)).isEmpty();
        assertThat(SmallContract.problems(worked)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.shadowwrite.contract.BrokenContract#all")
    void seesWhatTakesNoLookAtAnotherPlace(BrokenContract broken) {
        assertThat(errors(broken.text()).isEmpty()).isEqualTo(!broken.schemaSees());
    }

    private static List<Error> errors(String text) {
        return SCHEMA.validate(text, InputFormat.JSON);
    }
}
