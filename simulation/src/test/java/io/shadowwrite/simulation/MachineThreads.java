package io.shadowwrite.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Threads of the process that asked for them; each task has one of its own. */
final class MachineThreads extends AbstractExecutorService {

    private final Machine machine;
    private final List<Machine.Task> running = new ArrayList<>();
    private boolean shutdown;

    MachineThreads(Machine machine) {
        this.machine = machine;
    }

    @Override
    public void execute(Runnable work) {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        machine.start(machine.host(), () -> {
            Machine.Task task = machine.task();
            running.add(task);
            try {
                if (!shutdown) {
                    work.run();
                }
            } finally {
                running.remove(task);
            }
        });
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        running.forEach(Machine.Task::interrupt);
        return List.of();
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        machine.await(running::isEmpty, unit.toNanos(time));
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted");
        }
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
