package io.shadowwrite.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a signal interrupt the thread that works, and the program end only when that is done with undoing. */
final class Ending {

    private final Thread working;
    private final Duration bound;
    private final CountDownLatch over = new CountDownLatch(1);

    Ending(Thread working, Duration bound) {
        this.working = working;
        this.bound = bound;
    }

    Thread hook() {
        return Thread.ofPlatform().name("ending").unstarted(this::interrupt);
    }

    private void interrupt() {
        if (over.getCount() == 0) {
            return;
        }
        working.interrupt();
        try {
            if (!over.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("not everything is undone; see ./shadow cutover status");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is done or undone. */
    void over() {
        over.countDown();
    }
}
