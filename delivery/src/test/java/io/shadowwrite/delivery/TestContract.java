package io.shadowwrite.delivery;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import java.nio.charset.StandardCharsets;

/** A contract of one table. */
public final class TestContract {

    public static final String TEXT = """
            {
              "version": 1,
              "name": "test",
              "models": {
                "Partner": {
                  "kind": "crud",
                  "table": "unified.partner",
                  "key": ["partner_id"],
                  "columns": {"partner_id": "uuid", "name": "text"}
                }
              },
              "sources": {
                "app.partner": {
                  "columns": {"id": "bigint", "name": "text"},
                  "key": ["id"],
                  "identity": "default",
                  "writes": [
                    {"model": "Partner", "key": {"partner_id": {"derived": true}}, "set": {"name": {"column": "name"}}}
                  ]
                }
              }
            }
            """;

    private TestContract() {}

    public static Contract read() {
        return new ContractReader().read("the test's contract", TEXT.getBytes(StandardCharsets.UTF_8));
    }
}
