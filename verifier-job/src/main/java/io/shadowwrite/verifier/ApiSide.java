package io.shadowwrite.verifier;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.BucketDigest;
import io.shadowwrite.protocol.BucketRows;
import io.shadowwrite.protocol.BucketStream;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.KeyMapMatches;
import io.shadowwrite.protocol.KeyMapping;
import io.shadowwrite.protocol.ModelDigest;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowStreams;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.SourceRowKey;
import io.shadowwrite.verification.compare.ComparedSide;
import io.shadowwrite.verification.compare.Reading;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.scan.BucketSum;
import io.shadowwrite.verification.scan.Buckets;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The target as shadow-api tells it at one position: digests first, hashes of differing buckets, rows by key. */
final class ApiSide implements ComparedSide {

    /** Most keys that one look-up takes. */
    private static final int KEYS_PER_LOOKUP = 1_000;

    private final Contract contract;
    private final ShadowApi api;
    private final RowStreams streams;
    private final ApiCalls calls;
    private final int bucketBits;
    private final DigestHash hash;

    ApiSide(Contract contract, ShadowApi api, RowStreams streams, ApiCalls calls, int bucketBits, DigestHash hash) {
        this.contract = contract;
        this.api = api;
        this.streams = streams;
        this.calls = calls;
        this.bucketBits = bucketBits;
        this.hash = hash;
    }

    @Override
    public List<Reading> readings(List<Comparison> comparisons) {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < comparisons.size(); i++) {
            int place = i;
            readings.add(() -> List.of(new Reading.Part(place, buckets(comparisons.get(place)))));
        }
        return readings;
    }

    private Buckets buckets(Comparison comparison) {
        ModelDigest digest = calls.call(what(comparison), () -> calls.patiently(() -> digest(comparison)));
        calls.require(digest.position(), digest.writesBeside());
        Map<Integer, BucketSum> sums = new HashMap<>();
        for (BucketDigest bucket : digest.buckets()) {
            sums.put(
                    bucket.bucket(),
                    new BucketSum(
                            bucket.count(),
                            HexFormat.fromHexDigitsToLong(bucket.sum0()),
                            HexFormat.fromHexDigitsToLong(bucket.sum1())));
        }
        return new Buckets(sums);
    }

    private ModelDigest digest(Comparison comparison) {
        return switch (comparison.subject()) {
            case ROWS -> api.digest(kind(comparison), comparison.model(), calls.position(), bucketBits, hash);
            case KEY_MAP ->
                api.keyMapDigest(comparison.sourceTables(), comparison.model(), calls.position(), bucketBits, hash);
        };
    }

    @Override
    public <T> T inKeyOrder(Comparison comparison, Set<Integer> buckets, KeyCursor.Reader<T> reader) {
        BucketRows wanted = new BucketRows(calls.position(), bucketBits, hash, List.copyOf(buckets));
        return calls.call(what(comparison), () -> {
            try (BucketStream stream = calls.patiently(() -> open(comparison, wanted))) {
                calls.require(stream.head().position(), stream.head().writesBeside());
                return reader.read(new StreamCursor(stream));
            } catch (SQLException e) {
                throw new VerificationProblem(
                        Code.READ_FAILED,
                        "reading the other side failed with SQLSTATE %s".formatted(e.getSQLState()),
                        "The server's log has the statement and the reason",
                        e);
            }
        });
    }

    private BucketStream open(Comparison comparison, BucketRows wanted) {
        return switch (comparison.subject()) {
            case ROWS -> streams.buckets(kind(comparison), comparison.model(), wanted);
            case KEY_MAP -> streams.keyMapBuckets(comparison.sourceTables(), comparison.model(), wanted);
        };
    }

    @Override
    public Map<String, List<@Nullable String>> rows(Comparison comparison, Collection<String> keys) {
        Map<String, List<@Nullable String>> rows = new HashMap<>();
        List<String> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS_PER_LOOKUP) {
            List<String> some = all.subList(from, Math.min(all.size(), from + KEYS_PER_LOOKUP));
            rows.putAll(calls.call(what(comparison), () -> lookup(comparison, some)));
        }
        return rows;
    }

    private Map<String, List<@Nullable String>> lookup(Comparison comparison, List<String> keys) {
        return switch (comparison.subject()) {
            case ROWS ->
                new RowLookups(
                                api,
                                calls,
                                kind(comparison),
                                comparison.model(),
                                comparison.columns().size())
                        .of(keys);
            case KEY_MAP -> mappings(comparison, keys);
        };
    }

    private Map<String, List<@Nullable String>> mappings(Comparison comparison, List<String> keys) {
        List<SourceRowKey> asked = keys.stream()
                .map(key -> new SourceRowKey(comparison.sourceTables(), key))
                .toList();
        KeyMapMatches matches = calls.patiently(
                () -> api.lookup(new KeyMapLookup(asked, List.of(), calls.position(), calls.position())));
        calls.require(matches.position(), matches.writesBeside());
        Map<String, List<@Nullable String>> found = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            for (KeyMapping mapping : matches.matches().get(i).mappings()) {
                if (mapping.current() && mapping.model().equals(comparison.model())) {
                    List<@Nullable String> columns = new ArrayList<>();
                    columns.add(mapping.targetKey());
                    found.put(keys.get(i), columns);
                }
            }
        }
        return found;
    }

    private ReadKind kind(Comparison comparison) {
        return switch (contract.model(comparison.model())) {
            case TargetModel.Scd2 _ -> ReadKind.SCD;
            case TargetModel.Crud _, TargetModel.Junction _ -> ReadKind.CRUD;
        };
    }

    private static String what(Comparison comparison) {
        return switch (comparison.subject()) {
            case ROWS -> "model " + comparison.model();
            case KEY_MAP -> "the key map of %s for model %s".formatted(comparison.sourceTables(), comparison.model());
        };
    }
}
