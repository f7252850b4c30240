package io.shadowwrite.testsupport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A place in the bytes that pass a {@link TcpProxy} one way: so many bytes behind the n-th time that a text has passed on
 * whichever connection. It is reached once. Safe for any thread.
 */
public final class BytePoint {

    private final Way way;
    private final byte[] text;
    private final int occurrence;
    private final long bytes;
    private final AtomicInteger found = new AtomicInteger();
    private final CountDownLatch reached = new CountDownLatch(1);

    /** Where bytes go. */
    public enum Way {
        TO_SERVER,
        TO_CLIENT
    }

    private BytePoint(Way way, String text, int occurrence, long bytes) {
        if (text.isEmpty() || occurrence < 1 || bytes < 0) {
            throw new IllegalArgumentException("a point lies behind a text that passes");
        }
        this.way = way;
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.occurrence = occurrence;
        this.bytes = bytes;
    }

    /** Right behind the next time that the text passes. */
    public static BytePoint behind(Way way, String text) {
        return new BytePoint(way, text, 1, 0);
    }

    /** So many bytes behind the n-th time. */
    public static BytePoint behind(Way way, String text, int occurrence, long bytes) {
        return new BytePoint(way, text, occurrence, bytes);
    }

    /** Whether the bytes have come that far. */
    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Waits until they have; an {@link AssertionError} when they do not. */
    public void await(Duration bound) {
        try {
            if (!reached.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("'%s' did not pass %s %d time(s) within %s; it did %d time(s)"
                        .formatted(new String(text, StandardCharsets.UTF_8), way, occurrence, bound, found.get()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before the bytes came", e);
        }
    }

    /** Looks for it in one way of one connection. Confined to the thread that copies it. */
    final class Search {

        private final boolean right;
        private final byte[] last = new byte[text.length];
        private int passed;
        private long left = -1;

        Search(Way way) {
            this.right = way == BytePoint.this.way;
        }

        BytePoint point() {
            return BytePoint.this;
        }

        /** How many of these bytes lie before the point; -1 when all do. */
        int before(byte[] buffer, int length) {
            for (int i = 0; right && i < length && !isReached(); i++) {
                if (left < 0) {
                    last[passed++ % last.length] = buffer[i];
                    left = isFound() && found.incrementAndGet() == occurrence ? bytes : -1;
                } else {
                    left--;
                }
                if (left == 0) {
                    reached.countDown();
                    return i + 1;
                }
            }
            return -1;
        }

        private boolean isFound() {
            for (int i = 0; i < text.length; i++) {
                if (passed < text.length || last[(passed + i) % text.length] != text[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
