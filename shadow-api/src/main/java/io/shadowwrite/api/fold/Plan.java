package io.shadowwrite.api.fold;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done to the table of one model, as sets; within a set each key occurs once, but for versions. */
public final class Plan {

    private final List<Closing> closings = new ArrayList<>();
    private final List<Version> versions = new ArrayList<>();
    private final List<Amendment> amendments = new ArrayList<>();
    private final List<List<String>> discards = new ArrayList<>();
    private final List<Closing> reopenings = new ArrayList<>();
    private final List<RowState> overwrites = new ArrayList<>();
    private final List<List<@Nullable String>> upserts = new ArrayList<>();
    private final List<List<String>> deletes = new ArrayList<>();

    /** The open version of the key ends. */
    public record Closing(List<String> key, long untilMicros) {}

    /** The open version of the row's key gets other values in place. */
    public record Amendment(List<@Nullable String> row, boolean archived) {}

    public List<Closing> closings() {
        return closings;
    }

    /** To be inserted, older before younger of a key. */
    public List<Version> versions() {
        return versions;
    }

    public List<Amendment> amendments() {
        return amendments;
    }

    /** Keys whose open version never was and goes away. */
    public List<List<String>> discards() {
        return discards;
    }

    /** The version of the key that was closed there has no end after all. */
    public List<Closing> reopenings() {
        return reopenings;
    }

    /** Rows to be overwritten, or added when the table turns out not to hold them. */
    public List<RowState> overwrites() {
        return overwrites;
    }

    /** Full rows. */
    public List<List<@Nullable String>> upserts() {
        return upserts;
    }

    /** Keys. */
    public List<List<String>> deletes() {
        return deletes;
    }
}
