package io.shadowwrite.system.kills;

import io.shadowwrite.system.suite.Links;
import io.shadowwrite.system.suite.Links.Link;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Connections that break between two blows while all programs live on, drawn from the seed. Confined to one thread. */
final class Cuts {

    /** Where nothing stands between the programs. */
    static final Cuts NONE = new Cuts(null, 0);

    private static final int CUT_PERCENT = 40;
    private static final List<Link> LINKS = List.of(Link.values());

    private final @Nullable Links links;
    private final SplittableRandom random;
    private final Map<Link, Integer> made = new EnumMap<>(Link.class);

    private Cuts(@Nullable Links links, long seed) {
        this.links = links;
        this.random = new SplittableRandom(seed);
    }

    static Cuts of(Links links, long seed) {
        return new Cuts(links, seed);
    }

    /** Breaks all connections to one end, or does nothing, as it comes; whether it did. */
    boolean maybe() {
        if (links == null || random.nextInt(100) >= CUT_PERCENT) {
            return false;
        }
        Link link = LINKS.get(random.nextInt(LINKS.size()));
        links.to(link).cut();
        made.merge(link, 1, Integer::sum);
        return true;
    }

    /** How often, by what was at the other end. */
    Map<Link, Integer> made() {
        return Map.copyOf(made);
    }
}
