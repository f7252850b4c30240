package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What becomes of a cutover whose consumer does not arrive: it is blocked and undone. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GateMishapIT {

    private final House house = House.streaming("gate-mishaps");
    private final Database source = house.source();
    private final Readers readers = new Readers(house);

    @BeforeAll
    void rowsArrive() {
        house.traffic(71).run(2_000, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterAll
    void tearDown() {
        house.close();
    }

    @Test
    @Order(1)
    void aDrainWithoutAConsumerBlocksTheCutoverAndIsUndone() {
        try (Gate gate = Gate.ready(house)) {
            try (ProgramProcess attempt = gate.begin("--quiet=5s", "--drain-timeout=5s", "--lease=60s")) {
                attempt.awaitLine("step quiet ", Readers.SAID_WITHIN);
                house.suite().kill(Program.CONSUMER);

                assertThat(attempt.exitWithin(Readers.SAID_WITHIN)).isEqualTo(ExitCode.GATE_BLOCKED.code());
                assertThat(String.join("\n", attempt.lines()))
                        .contains("NOT_DRAINED", "step undo")
                        .doesNotContain("PERMITTED");
            }
            assertThat(gate.standing().permit()).isNull();
            assertThat(house.api().controlState().hold()).isNull();
            readers.start(Side.CONSUMER);
            gate.consumerGoesOn();
        }
    }

    @Test
    @Order(2)
    void aDrainOfAConsumerThatHasHaltedBlocksTheCutoverAtOnceAndIsUndone() {
        house.suite().kill(Program.CONSUMER);
        try (ProgramProcess consumer = readers.launch(
                Side.CONSUMER,
                house.suite()
                        .plan(Program.CONSUMER)
                        .named("consumer-that-looks-often")
                        .with("shadow.source-check.interval", "500ms")
                        .with("shadow.delivery.report-interval", "500ms"))) {
            house.drain();
            try (Gate gate = Gate.ready(house)) {
                try (ProgramProcess attempt = gate.begin("--quiet=20s", "--lease=60s")) {
                    attempt.awaitLine("step quiet ", Readers.SAID_WITHIN);
                    source.execute("ALTER TABLE partners.partner_contact REPLICA IDENTITY NOTHING");
                    readers.awaitHalt(Side.CONSUMER);
                    source.execute("ALTER TABLE partners.partner_contact REPLICA IDENTITY DEFAULT");

                    assertThat(attempt.exitWithin(Readers.SAID_WITHIN)).isEqualTo(ExitCode.GATE_BLOCKED.code());
                    assertThat(String.join("\n", attempt.lines()))
                            .contains(
                                    "step drain", "NOT_DRAINED", "CONSUMER has halted", "REPLICA_IDENTITY", "step undo")
                            .doesNotContain("PERMITTED");
                }
                assertThat(gate.standing().permit()).isNull();
                assertThat(house.api().controlState().hold()).isNull();
                consumer.kill();
                readers.start(Side.CONSUMER);
                // It may have looked at the very moment.
                readers.startAgain(Side.VERIFIER);
                gate.consumerGoesOn();
            }
        }
    }
}
