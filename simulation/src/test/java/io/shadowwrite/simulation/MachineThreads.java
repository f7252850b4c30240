package io.shadowwrite.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Threads of the process that asked for them; each task has one of its own. */
final class MachineThreads extends AbstractExecutorService {

    private final Machine machine;
    private final List<Thread> running = new ArrayList<>();
    private boolean shutdown;

    MachineThreads(Machine machine) {
        this.machine = machine;
    }

    @Override
    public void execute(Runnable work) {
        machine.start(machine.host(), () -> {
            Thread thread = Thread.currentThread();
            running.add(thread);
            try {
                if (!shutdown) {
                    work.run();
                }
            } finally {
                running.remove(thread);
            }
        });
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        running.forEach(Thread::interrupt);
        return List.of();
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) {
        machine.await(running::isEmpty, unit.toNanos(time));
        return running.isEmpty();
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && running.isEmpty();
    }
}
