package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.protocol.BucketRows;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.FoundRows;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.RowPage;
import io.shadowwrite.protocol.RowStreamWriter;
import io.shadowwrite.protocol.RowVersions;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Target rows as of a position. */
@RestController
@RequestMapping("/shadow/read/{kind}/{model}")
public final class ReadController {

    private final ReadModels models;
    private final ReadDatabase database;
    private final Snapshots snapshots;
    private final Rows rows;
    private final Digests digests;

    ReadController(ReadModels models, ReadDatabase database, Snapshots snapshots, Rows rows, Digests digests) {
        this.models = models;
        this.database = database;
        this.snapshots = snapshots;
        this.rows = rows;
        this.digests = digests;
    }

    @GetMapping
    RowPage page(
            @PathVariable("kind") String kind,
            @PathVariable("model") String model,
            @RequestParam("as_of_lsn") String asOfLsn,
            @RequestParam(name = "since_lsn", required = false) @Nullable String sinceLsn,
            @RequestParam("limit") int limit,
            @RequestParam(name = "after", required = false) @Nullable String after) {
        return rows.page(models.find(kind, model), asOf(asOfLsn), since(sinceLsn), limit, after);
    }

    /** The whole model, written here and not by a converter, because it never lies in memory. */
    @GetMapping(produces = RowStreamWriter.MEDIA_TYPE)
    void stream(
            @PathVariable("kind") String kind,
            @PathVariable("model") String model,
            @RequestParam("as_of_lsn") String asOfLsn,
            @RequestParam(name = "since_lsn", required = false) @Nullable String sinceLsn,
            HttpServletResponse response) {
        new RowExport(database, models.find(kind, model), () -> NdjsonBody.of(response))
                .run(snapshots, asOf(asOfLsn), since(sinceLsn));
    }

    @GetMapping("/{key}")
    RowVersions row(
            @PathVariable("kind") String kind,
            @PathVariable("model") String model,
            @PathVariable("key") String key,
            @RequestParam("as_of_lsn") String asOfLsn,
            @RequestParam(name = "since_lsn", required = false) @Nullable String sinceLsn,
            @RequestParam(name = "history", defaultValue = "false") boolean history) {
        return history
                ? rows.history(models.find(kind, model), key, asOf(asOfLsn), since(sinceLsn))
                : rows.current(models.find(kind, model), key, asOf(asOfLsn), since(sinceLsn));
    }

    @PostMapping("/lookup")
    FoundRows lookup(
            @PathVariable("kind") String kind, @PathVariable("model") String model, @RequestBody RowLookup lookup) {
        return rows.lookup(models.find(kind, model), lookup);
    }

    @GetMapping("/digest")
    ModelDigest digest(
            @PathVariable("kind") String kind,
            @PathVariable("model") String model,
            @RequestParam("as_of_lsn") String asOfLsn,
            @RequestParam("bucket_bits") int bucketBits,
            @RequestParam(name = "hash", defaultValue = "MD5") DigestHash hash) {
        return digests.of(models.find(kind, model).hashed(), asOf(asOfLsn), bucketBits, hash);
    }

    /** Written here and not by a converter, as every stream. */
    @PostMapping(path = "/buckets", produces = RowStreamWriter.MEDIA_TYPE)
    void buckets(
            @PathVariable("kind") String kind,
            @PathVariable("model") String model,
            @RequestBody BucketRows rows,
            HttpServletResponse response) {
        digests.stream(models.find(kind, model).hashed(), rows, () -> NdjsonBody.of(response));
    }

    private static LogSequenceNumber asOf(String text) {
        return LsnText.parse("as_of_lsn", text);
    }

    private static @Nullable LogSequenceNumber since(@Nullable String text) {
        return text == null ? null : LsnText.parse("since_lsn", text);
    }
}
