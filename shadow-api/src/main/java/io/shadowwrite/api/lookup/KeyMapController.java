package io.shadowwrite.api.lookup;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.read.Digests;
import io.shadowwrite.api.read.HashedRows;
import io.shadowwrite.api.read.LastEvents;
import io.shadowwrite.api.read.NdjsonBody;
import io.shadowwrite.api.read.Snapshots;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.BucketRows;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.KeyMapMatches;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RowStreamWriter;
import io.shadowwrite.protocol.ShadowProblem;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The key map, asked from both sides. */
@RestController
@RequestMapping("/shadow/read/pk-map")
public final class KeyMapController {

    /** Parameters: names of the source table and of the model. */
    private static final HashedRows CURRENT_ENTRIES = HashedRows.pairs("m.source_key", "m.target_key", """
            from shadow.pk_map m
            join provenance.source_table t on t.id = m.source_table
            join provenance.target_model d on d.id = m.target_model
           where t.name = ?
             and d.name = ?
             and m.state = 'current'
           """);

    private final KeyMapReads reads;
    private final Digests digests;
    private final Contract contract;

    public KeyMapController(Contract contract, ReadDatabase database) {
        Snapshots snapshots = new Snapshots(database);
        this.reads = new KeyMapReads(contract, database, snapshots, new LastEvents(database));
        this.digests = new Digests(database, snapshots);
        this.contract = contract;
    }

    @PostMapping("/lookup")
    KeyMapMatches lookup(@RequestBody KeyMapLookup lookup) {
        return reads.lookup(lookup);
    }

    @GetMapping("/digest")
    ModelDigest digest(
            @RequestParam("source_table") String sourceTable,
            @RequestParam("model") String model,
            @RequestParam("as_of_lsn") String asOfLsn,
            @RequestParam("bucket_bits") int bucketBits,
            @RequestParam(name = "hash", defaultValue = "MD5") DigestHash hash) {
        return digests.of(entries(sourceTable, model), LsnText.parse("as_of_lsn", asOfLsn), bucketBits, hash);
    }

    @PostMapping(path = "/buckets", produces = RowStreamWriter.MEDIA_TYPE)
    void buckets(
            @RequestParam("source_table") String sourceTable,
            @RequestParam("model") String model,
            @RequestBody BucketRows rows,
            HttpServletResponse response) {
        digests.stream(entries(sourceTable, model), rows, () -> NdjsonBody.of(response));
    }

    private Digests.Subject entries(String sourceTable, String model) {
        if (contract.sources().keySet().stream()
                .noneMatch(name -> name.toString().equals(sourceTable))) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "the contract of this API has no source table '%s'".formatted(sourceTable));
        }
        if (!contract.models().containsKey(model)) {
            throw new ShadowProblem(
                    ProblemType.MODEL_UNKNOWN, "the contract of this API has no model '%s'".formatted(model));
        }
        return new Digests.Subject(model, CURRENT_ENTRIES, List.of(sourceTable, model));
    }
}
