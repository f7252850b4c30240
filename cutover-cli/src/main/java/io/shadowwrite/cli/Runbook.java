package io.shadowwrite.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The sections of docs/runbook.md, which is packaged with this program.
 *
 * @param lines all of it
 */
record Runbook(List<String> lines) {

    Runbook {
        lines = List.copyOf(lines);
    }

    static Runbook packaged() {
        try (InputStream page = Runbook.class.getResourceAsStream("/io/shadowwrite/cli/runbook.md")) {
            return new Runbook(new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The section under the heading of that name, however it is spelled: NOT_COUNTED, not-counted and NotCounted are one. */
    Optional<String> section(String name) {
        String wanted = bare(name);
        for (int i = 0; i < lines.size(); i++) {
            if (level(lines.get(i)) > 0 && bare(lines.get(i)).equals(wanted)) {
                return Optional.of(String.join("\n", lines.subList(i, end(i))).strip());
            }
        }
        return Optional.empty();
    }

    private int end(int heading) {
        int level = level(lines.get(heading));
        for (int i = heading + 1; i < lines.size(); i++) {
            int next = level(lines.get(i));
            if (next > 0 && next <= level) {
                return i;
            }
        }
        return lines.size();
    }

    /** Headings that contain the name, or all when none does. */
    List<String> like(String name) {
        List<String> headings = new ArrayList<>();
        List<String> like = new ArrayList<>();
        for (String line : lines) {
            if (level(line) == 3) {
                String heading = line.substring(4).strip();
                headings.add(heading);
                if (bare(heading).contains(bare(name))) {
                    like.add(heading);
                }
            }
        }
        return like.isEmpty() ? headings : like;
    }

    private static String bare(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Of a heading; 0 for any other line. */
    private static int level(String line) {
        int level = 0;
        while (level < line.length() && line.charAt(level) == '#') {
            level++;
        }
        return level < line.length() && line.charAt(level) == ' ' ? level : 0;
    }
}
