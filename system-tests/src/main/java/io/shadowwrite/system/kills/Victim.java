package io.shadowwrite.system.kills;

import io.shadowwrite.system.suite.Program;
import org.jspecify.annotations.Nullable;

/** What is killed with -9. */
enum Victim {
    CONSUMER(Program.CONSUMER),
    API(Program.API),
    SLOT_READER(Program.SLOT_READER),
    SOURCE(null),
    TARGET(null);

    private final @Nullable Program program;

    Victim(@Nullable Program program) {
        this.program = program;
    }

    /** The program; null for a database server. */
    @Nullable Program program() {
        return program;
    }
}
