package io.shadowwrite.cli;

import io.shadowwrite.protocol.Envelope;
import java.io.PrintWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How data leaves a command: for people or for machines, always on standard output. */
enum Output {
    TABLE,
    JSON;

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static void json(PrintWriter out, Envelope envelope) {
        out.println(MAPPER.writeValueAsString(envelope));
        out.flush();
    }
}
