package io.shadowwrite.verifier;

import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.VerifierRun;
import java.util.Map;

/**
 * A run and what the API answered to it.
 *
 * @param unmapped rows of tables that the contract leaves out
 */
record StoredTick(VerifierRun run, Map<String, Long> unmapped, RunStored stored) {}
