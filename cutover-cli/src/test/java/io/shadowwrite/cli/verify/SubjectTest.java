package io.shadowwrite.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectTest {

    private final Contract contract = new ContractReader().read("small", """
            {"version": 1, "name": "small",
             "models": {"Item": {"kind": "crud", "table": "unified.item", "key": ["code"], "columns": {"code": "text"}}},
             "sources": {"app.item": {"columns": {"code": "text"}, "key": ["code"], "identity": "default",
               "writes": [{"model": "Item", "key": {"code": {"column": "code"}}, "set": {}}]}}}
            """.getBytes(StandardCharsets.UTF_8));

    private static Finding extra(String key) {
        return new Finding(FindingClass.EXTRA_IN_RDB, "app.item", "Item", key, List.of(), null, null, null, null);
    }

    @Test
    void isTheRowWithTheKey() {
        assertThat(Subject.of(extra("{\"code\":\"null\"}"), contract))
                .hasValueSatisfying(subject -> assertThat(subject.key()).isEqualTo("{\"code\":\"null\"}"));
    }

    @Test
    void isNoRowWithoutAKeyForItWouldBeTakenForGoneOrForAnother() {
        assertThat(Subject.of(extra("null"), contract)).isEmpty();
        assertThat(Subject.of(extra("NULL"), contract)).isEmpty();
    }
}
