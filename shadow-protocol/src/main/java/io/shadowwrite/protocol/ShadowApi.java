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
import org.springframework.web.service.annotation.PatchExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The routes of shadow-api. The server's controllers answer them and the client of {@link ShadowApiClient} calls them;
 * every call fails with {@link ShadowProblem} and with nothing else.
 */
@HttpExchange(url = "/shadow", accept = "application/json")
public interface ShadowApi {

    /**
     * Opens the window of a source without rows, onto a target without rows; the same again is answered the same, anything
     * else with WINDOW_ALREADY_OPEN. Operator token, as for the next three.
     */
    @PostExchange("/window")
    Window openWindow(@RequestBody Window window);

    /** Registers a window whose rows are loaded first; the same again is answered the same. */
    @PostExchange("/window/load")
    LoadState startLoad(@RequestBody LoadStart start);

    /** How far the opening of the window is. */
    @GetExchange("/window/load")
    LoadState loadState();

    /** Lets the stream go on from what was loaded; LOAD_NOT_VERIFIED unless that was compared and found equal. */
    @PostExchange("/window/streaming")
    LoadState stream(@RequestBody LoadEnd end);

    /** Takes away what was loaded, and leaves the window's name and slots; LOAD_CLOSED once the stream is applied. */
    @PostExchange("/window/discard")
    LoadState discard(@RequestBody LoadEnd end);

    /** Forgets a window that was discarded, once its slots are gone. */
    @PostExchange("/window/forget")
    LoadState forget(@RequestBody LoadEnd end);

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

    /**
     * Stores receipts of the slot reader; the answer is its position. OUT_OF_TURN when what they continue is not stored;
     * what is stored already is not stored again.
     */
    @PostExchange("/ledger")
    ReaderPosition attest(@RequestBody ReceiptBatch batch);

    /** Takes or prolongs a hold; when this returns nothing beyond it is being applied. Operator token for the gate. */
    @PostExchange("/cutover/halt-target")
    ControlState halt(@RequestBody HaltRequest request);

    @PostExchange("/cutover/resume")
    ControlState resume(@RequestBody ResumeRequest request);

    /** Remembers that a fence is about to be engaged, by the attempt that holds the gate, or that it stands no more. Operator token. */
    @PostExchange("/cutover/fence")
    ControlState fence(@RequestBody FenceNote note);

    /** Remembers one decision of the gate; the same again is answered the same. Operator token. */
    @PostExchange("/cutover/audit")
    AuditEntry audit(@RequestBody CutoverAudit audit);

    /**
     * Invocations of the gate, newest first. Operator token.
     *
     * @param limit 1 to 1000
     * @param before only those older than this one; null to begin
     * @param decision only these; null for all
     */
    @GetExchange("/cutover/audit")
    AuditPage audits(
            @RequestParam("limit") int limit,
            @RequestParam(name = "before", required = false) @Nullable UUID before,
            @RequestParam(name = "decision", required = false) @Nullable CutoverDecision decision);

    /**
     * Remembers that a run begins, so that one that never ends is not forgotten; the same again changes nothing, nor does
     * it once the run is stored. WINDOW_MISMATCH when its hours are of another clock than the window's, here and below.
     */
    @PostExchange("/verifier/runs/started")
    RunStored startRun(@RequestBody RunStart start);

    /** Stores a finished run, in place of its beginning if that is known; the same again changes nothing. */
    @PostExchange("/verifier/runs")
    RunStored storeRun(@RequestBody VerifierRun run);

    /**
     * Stored runs, newest first.
     *
     * @param limit 1 to 1000
     * @param before only runs older than this one; null to begin
     * @param mode only of this mode; null for all
     * @param verdict only with this verdict; null for all
     */
    @GetExchange("/verifier/runs")
    RunPage runs(
            @RequestParam("limit") int limit,
            @RequestParam(name = "before", required = false) @Nullable UUID before,
            @RequestParam(name = "mode", required = false) @Nullable String mode,
            @RequestParam(name = "verdict", required = false) @Nullable Verdict verdict);

    /**
     * Findings of a run without the values of their rows.
     *
     * @param limit 1 to 1000
     * @param after only those with a higher ordinal; null to begin
     * @param findingClass only of this class; null for all
     * @param model only of this model; null for all
     */
    @GetExchange("/verifier/runs/{runId}/findings")
    FindingPage findings(
            @PathVariable("runId") UUID runId,
            @RequestParam("limit") int limit,
            @RequestParam(name = "after", required = false) @Nullable Integer after,
            @RequestParam(name = "finding_class", required = false) @Nullable FindingClass findingClass,
            @RequestParam(name = "model", required = false) @Nullable String model);

    /** One finding with the values of both rows. */
    @GetExchange("/verifier/runs/{runId}/findings/{ordinal}")
    Finding finding(@PathVariable("runId") UUID runId, @PathVariable("ordinal") int ordinal);

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

    /**
     * The current entries of the key map for one source table and model as sums by bucket: a row is the source key with the
     * target key it became.
     */
    @GetExchange("/read/pk-map/digest")
    ModelDigest keyMapDigest(
            @RequestParam("source_table") String sourceTable,
            @RequestParam("model") String model,
            @RequestParam("as_of_lsn") LogSequenceNumber asOfLsn,
            @RequestParam("bucket_bits") int bucketBits,
            @RequestParam("hash") DigestHash hash);

    /** How the target's server hashes, before anything is hashed for a comparison. */
    @GetExchange("/read/probe")
    TargetProbe probe(@RequestParam("hash") DigestHash hash);

    /**
     * The receipts of both readers as sums; POSITION_BEHIND while not all of the range are there, and MALFORMED_REQUEST when the
     * sums are too many for one answer.
     *
     * @param fromLsn first commit LSN
     * @param toLsn first commit LSN beyond
     * @param reader whose receipts have to be there; null for both
     */
    @GetExchange("/read/receipts")
    ReceiptDigest receipts(
            @RequestParam("from_lsn") LogSequenceNumber fromLsn,
            @RequestParam("to_lsn") LogSequenceNumber toLsn,
            @RequestParam(name = "reader", required = false) @Nullable Side reader);

    /**
     * Events of one table and operation on which the readers do not agree; at most 100 are named. POSITION_BEHIND while a
     * reader has not reached the end of the range.
     */
    @GetExchange("/read/receipts/differing")
    ReceiptGaps differingReceipts(
            @RequestParam("from_lsn") LogSequenceNumber fromLsn,
            @RequestParam("to_lsn") LogSequenceNumber toLsn,
            @RequestParam("source_table") String sourceTable,
            @RequestParam("operation") Operation operation);

    /**
     * Transactions of which one reader has some receipts only; at most 100 are named. POSITION_BEHIND while a reader has not
     * reached the end of the range.
     */
    @GetExchange("/read/receipts/holes")
    ReceiptGaps receiptHoles(
            @RequestParam("from_lsn") LogSequenceNumber fromLsn, @RequestParam("to_lsn") LogSequenceNumber toLsn);

    @PostExchange("/read/pk-map/lookup")
    KeyMapMatches lookup(@RequestBody KeyMapLookup lookup);

    /**
     * Parks one change, for the consumer. It is durable when this returns, and nothing else has happened: neither the
     * position nor a receipt moved. The consumer goes on like this: a batch is answered with WRITE_REJECTED (its facts
     * name commit_lsn and change_index), or a change cannot be transformed at all; it parks that change, and sends the
     * batch again with the change in it, without writes if it has none. The API then keeps this change and every later
     * one of its row back, with receipts that say PARKED, and applies the rest. A change that halts is parked the same
     * way, and the consumer halts instead of sending the batch again; if it is sent, DEAD_LETTER_HALTS answers.
     */
    @PostExchange("/dlq")
    DeadLetter park(@RequestBody ParkRequest request);

    /**
     * Letters by id, those after {@code after}; every other parameter narrows, and null does not.
     *
     * @param fromLsn first commit LSN
     * @param toLsn first commit LSN beyond
     * @param limit 1 to 1000
     */
    @GetExchange("/dlq")
    DeadLetterPage deadLetters(
            @RequestParam(name = "state", required = false) @Nullable LetterState state,
            @RequestParam(name = "class", required = false) @Nullable LetterClass letterClass,
            @RequestParam(name = "source_table", required = false) @Nullable String sourceTable,
            @RequestParam(name = "source_key", required = false) @Nullable String sourceKey,
            @RequestParam(name = "problem", required = false) @Nullable String problem,
            @RequestParam(name = "from_lsn", required = false) @Nullable LogSequenceNumber fromLsn,
            @RequestParam(name = "to_lsn", required = false) @Nullable LogSequenceNumber toLsn,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam("limit") int limit);

    @GetExchange("/dlq/{id}")
    DeadLetterContent deadLetter(@PathVariable("id") long id);

    /** Operator token, as for everything below. */
    @PatchExchange("/dlq/{id}")
    DeadLetterContent correct(@PathVariable("id") long id, @RequestBody LetterCorrection correction);

    /**
     * Applies a letter and what waits behind it, in order and under their original identities, up to the first that is
     * refused. A letter that the stream has not passed yet is left to the stream instead.
     */
    @PostExchange("/dlq/{id}/replay")
    ReplayResult replay(@PathVariable("id") long id, @RequestBody ReplayRequest request);

    @PostExchange("/dlq/{id}/resolve")
    ResolveResult resolve(@PathVariable("id") long id, @RequestBody ResolveRequest request);

    /** Freezes the letters that match now, up to 1000 of them. */
    @PostExchange("/dlq/selections")
    LetterSelection select(@RequestBody LetterFilter filter);

    @PostExchange("/dlq/selections/{id}/replay")
    SelectionResult replaySelection(@PathVariable("id") UUID id, @RequestBody SelectionReplay request);

    @PostExchange("/dlq/selections/{id}/resolve")
    ResolveResult resolveSelection(@PathVariable("id") UUID id, @RequestBody SelectionResolve request);

    /**
     * One write by somebody other than the stream, as are the five below it. The same idempotency key with the same
     * content changes nothing. It moves no position and leaves no receipt.
     */
    @PostExchange("/write/scd/create")
    SingleWriteResult createVersion(@RequestBody SingleWrite write);

    @PostExchange("/write/scd/update")
    SingleWriteResult updateVersion(@RequestBody SingleWrite write);

    @PostExchange("/write/scd/archive")
    SingleWriteResult archive(@RequestBody SingleWrite write);

    @PostExchange("/write/crud/create")
    SingleWriteResult create(@RequestBody SingleWrite write);

    @PostExchange("/write/crud/update")
    SingleWriteResult update(@RequestBody SingleWrite write);

    @PostExchange("/write/crud/delete")
    SingleWriteResult delete(@RequestBody SingleWrite write);

    @GetExchange("/status")
    Status status();
}
