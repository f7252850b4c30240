package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.Hold;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The identity of an attempt: that of its decision, and the beginning of the name under which it holds the consumer. */
final class AuditId {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern IN_HOLDER = Pattern.compile(Pattern.quote(Hold.CUTOVER) + "([0-9a-f-]{36})( .*)?");
    private static final int LONGEST_HOLDER = 200;

    private AuditId() {}

    /** A new one, of version 7. */
    static UUID next() {
        long time = System.currentTimeMillis() << 16;
        long random = RANDOM.nextLong();
        return new UUID(time | 0x7000L | (random & 0xFFFL), (RANDOM.nextLong() >>> 2) | Long.MIN_VALUE);
    }

    static String holder(UUID id, String fence, String who) {
        String holder = "%s%s fence=%s by %s".formatted(Hold.CUTOVER, id, fence, who);
        return holder.length() <= LONGEST_HOLDER ? holder : holder.substring(0, LONGEST_HOLDER);
    }

    /** That of the attempt that holds under this name; empty when it is none. */
    static Optional<UUID> of(String holder) {
        Matcher matcher = IN_HOLDER.matcher(holder);
        return matcher.matches() ? Optional.of(UUID.fromString(matcher.group(1))) : Optional.empty();
    }
}
