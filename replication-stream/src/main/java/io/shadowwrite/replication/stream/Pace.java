package io.shadowwrite.replication.stream;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** How time passes for a reader, and how its threads wait for each other. A simulation has time and threads of its own. */
public interface Pace {

    /** The clock and the threads of this machine. */
    Pace OF_THE_MACHINE = new Pace() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(long nanos) {
            LockSupport.parkNanos(nanos);
        }

        @Override
        public Lock newLock() {
            return new ReentrantLock();
        }

        @Override
        public ExecutorService newThreads(String name, int most) {
            return Executors.newFixedThreadPool(
                    most, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
        }
    };

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** Lets about that much time pass. */
    void pause(long nanos);

    /** A lock whose conditions wait by this time. */
    Lock newLock();

    /** Threads that run at most that many tasks at once; the caller ends them, and they keep no program alive. */
    ExecutorService newThreads(String name, int most);
}
