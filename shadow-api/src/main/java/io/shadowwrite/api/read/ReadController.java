package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.FoundRows;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.RowPage;
import io.shadowwrite.protocol.RowStreamWriter;
import io.shadowwrite.protocol.RowVersions;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

    private static final int BUFFER_BYTES = 64 * 1024;

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
        new RowExport(database, models.find(kind, model), () -> body(response))
                .run(snapshots, asOf(asOfLsn), since(sinceLsn));
    }

    private static OutputStream body(HttpServletResponse response) {
        response.setContentType(RowStreamWriter.MEDIA_TYPE);
        try {
            return new BufferedOutputStream(response.getOutputStream(), BUFFER_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        return digests.of(models.find(kind, model), asOf(asOfLsn), bucketBits, hash);
    }

    private static LogSequenceNumber asOf(String text) {
        return LsnText.parse("as_of_lsn", text);
    }

    private static @Nullable LogSequenceNumber since(@Nullable String text) {
        return text == null ? null : LsnText.parse("since_lsn", text);
    }
}
