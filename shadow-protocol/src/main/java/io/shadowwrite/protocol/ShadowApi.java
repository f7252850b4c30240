package io.shadowwrite.protocol;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The routes of shadow-api. The server's controllers answer them and the client of {@link ShadowApiClient} calls them;
 * every call fails with {@link ShadowProblem} and with nothing else.
 */
@HttpExchange(url = "/shadow", accept = "application/json")
public interface ShadowApi {

    /** Opens the window; the same again is answered the same, anything else with WINDOW_ALREADY_OPEN. Operator token. */
    @PostExchange("/window")
    Window openWindow(@RequestBody Window window);

    /** A new session of the consumer with a new epoch; all older epochs are fenced from here on. */
    @PostExchange("/consumer/session")
    ControlState openSession(@RequestBody SessionRequest request);

    @GetExchange("/consumer/control-state")
    ControlState controlState();

    @PostExchange("/write/batch")
    WriteResult write(@RequestBody WriteBatch batch);

    @GetExchange("/consumer-position")
    List<ReaderPosition> positions();

    @PostExchange("/consumer-position")
    ControlState report(@RequestBody PositionReport report);

    @GetExchange("/verifier/state")
    VerifierState verifierState();

    /** Stores receipts of the slot reader; the answer is its position. */
    @PostExchange("/ledger")
    ReaderPosition attest(@RequestBody ReceiptBatch batch);

    /** Takes or prolongs a hold; when this returns nothing beyond it is being applied. Operator token for the gate. */
    @PostExchange("/cutover/halt-target")
    ControlState halt(@RequestBody HaltRequest request);

    @PostExchange("/cutover/resume")
    ControlState resume(@RequestBody ResumeRequest request);

    @PostExchange("/verifier/runs")
    RunStored storeRun(@RequestBody VerifierRun run);

    /** Newest first. */
    @GetExchange("/verifier/runs")
    List<RunSummary> runs(@RequestParam("limit") int limit);

    @GetExchange("/verifier/runs/{runId}/findings")
    List<Finding> findings(@PathVariable("runId") UUID runId);

    /**
     * Current rows of a model in key order, as of one position.
     *
     * @param asOfLsn the position must have reached it
     * @param sinceLsn where to begin to look for last events; null leaves it to the API
     * @param after {@link RowPage#next} of the page before; null for the first
     */
    @GetExchange("/read/{kind}/{model}")
    RowPage rows(
            @PathVariable("kind") ReadKind kind,
            @PathVariable("model") String model,
            @RequestParam("as_of_lsn") LogSequenceNumber asOfLsn,
            @RequestParam(name = "since_lsn", required = false) @Nullable LogSequenceNumber sinceLsn,
            @RequestParam("limit") int limit,
            @RequestParam(name = "after", required = false) @Nullable String after);

    /**
     * The current row of a key, or its versions. A key that a path cannot carry (with a slash or a backslash) is read with
     * {@link #lookup}.
     *
     * @param key canonical key JSON
     * @param history every version; for SCD2 models
     */
    @GetExchange("/read/{kind}/{model}/{key}")
    RowVersions row(
            @PathVariable("kind") ReadKind kind,
            @PathVariable("model") String model,
            @PathVariable("key") String key,
            @RequestParam("as_of_lsn") LogSequenceNumber asOfLsn,
            @RequestParam(name = "since_lsn", required = false) @Nullable LogSequenceNumber sinceLsn,
            @RequestParam("history") boolean history);

    /** Current rows of many keys. */
    @PostExchange("/read/{kind}/{model}/lookup")
    FoundRows lookup(
            @PathVariable("kind") ReadKind kind, @PathVariable("model") String model, @RequestBody RowLookup lookup);

    /** The current rows of a model as sums by bucket. */
    @GetExchange("/read/{kind}/{model}/digest")
    ModelDigest digest(
            @PathVariable("kind") ReadKind kind,
            @PathVariable("model") String model,
            @RequestParam("as_of_lsn") LogSequenceNumber asOfLsn,
            @RequestParam("bucket_bits") int bucketBits,
            @RequestParam("hash") DigestHash hash);

    @PostExchange("/read/pk-map/lookup")
    KeyMapMatches lookup(@RequestBody KeyMapLookup lookup);

    @GetExchange("/status")
    Status status();
}
