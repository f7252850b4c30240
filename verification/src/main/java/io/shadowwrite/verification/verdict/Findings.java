package io.shadowwrite.verification.verdict;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects differences: keeps the first ones, counts all of them. Thread-safe. */
public final class Findings {

    private final int cap;
    private final List<Finding> kept = new ArrayList<>();
    private final Map<FindingClass, Long> totals = new EnumMap<>(FindingClass.class);
    private long unseen;

    /**
     * Starts empty.
     *
     * @param cap how many findings are kept; the rest is only counted
     */
    public Findings(int cap) {
        this.cap = cap;
    }

    /** Counts a finding and keeps it while there is room. */
    public synchronized void add(Finding finding) {
        totals.merge(finding.findingClass(), 1L, Long::sum);
        if (kept.size() < cap) {
            kept.add(finding);
        }
    }

    /** Counts findings of which nothing more is known than their class. */
    public synchronized void count(FindingClass findingClass, long number) {
        if (number > 0) {
            totals.merge(findingClass, number, Long::sum);
        }
    }

    /**
     * Counts rows whose digests differ and that nobody looked at, although some of them may differ in the spelling of a number
     * within their JSON alone: as value mismatches, and the summary says so.
     */
    public synchronized void countUnseen(long number) {
        count(FindingClass.VALUE_MISMATCH, number);
        unseen += number;
    }

    /** How many more findings would be kept. */
    public synchronized int room() {
        return cap - kept.size();
    }

    /** The findings that are kept, in order of arrival. */
    public synchronized List<Finding> kept() {
        return List.copyOf(kept);
    }

    /** All findings, kept or not. */
    public synchronized long total() {
        return totals.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Findings of which nothing is known but their class. */
    public synchronized long onlyCounted() {
        return total() - kept.size();
    }

    /** Findings that make the tick dirty. */
    public synchronized long blocking() {
        return totals.entrySet().stream()
                .filter(total -> total.getKey().blocking())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many there are, of which classes, and how many of them are kept; one line for people. */
    public synchronized String summary() {
        String all = total() + " finding(s)";
        if (totals.isEmpty()) {
            return all;
        }
        String classes = totals.entrySet().stream()
                .map(one -> one.getValue() + " " + one.getKey())
                .collect(Collectors.joining(", ", " (", ")"));
        if (total() == kept.size()) {
            return all + classes;
        }
        String notAll = all + classes + " of which the first " + kept.size() + " are kept";
        return unseen == 0
                ? notAll
                : notAll
                        + "; %d VALUE_MISMATCH by digest only, where a number within JSON may only be spelled otherwise"
                                .formatted(unseen);
    }

    /** Number of findings by class. */
    public synchronized Map<FindingClass, Long> totals() {
        return Map.copyOf(totals);
    }
}
