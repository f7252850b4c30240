package io.shadowwrite.simulation;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Between the readers and shadow-api. Every request travels alone, so that one overtakes another; it may be lost on the way
 * there or back, or arrive once more when nobody waits for it any longer, not even the process that sent it.
 */
final class Network {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MUCH_LATER = Duration.ofSeconds(8);
    private static final Duration ORDINARY = Duration.ofMillis(1);

    private final Machine machine;
    private final Target target;
    private final Machine.Host wire = new Machine.Host("wire");
    private int faultsInHundred;
    private Duration latency = ORDINARY;
    private boolean up = true;
    private int starts;

    /** What came back, if anything did. */
    private static final class Answer {
        @Nullable Object outcome;

        boolean isThere() {
            return outcome != null;
        }
    }

    Network(Machine machine, Target target) {
        this.machine = machine;
        this.target = target;
    }

    /** From now on that many requests in a hundred meet a fault, and each takes up to that long there and back. */
    void become(int faults, Duration slow) {
        faultsInHundred = faults;
        latency = slow;
    }

    void heal() {
        become(0, ORDINARY);
        comeUp();
    }

    /** The API goes away with all that it has not answered. */
    void goDown() {
        up = false;
        starts++;
    }

    void comeUp() {
        up = true;
    }

    /** The API, as a reader sees it. */
    ShadowApi api() {
        return (ShadowApi) Proxy.newProxyInstance(
                Network.class.getClassLoader(),
                new Class<?>[] {ShadowApi.class},
                (_, method, arguments) -> send(new Call(method.getName(), arguments == null ? null : arguments[0])));
    }

    private Object send(Call call) {
        // Whoever is dead sends nothing, although it leaves through its own lines.
        machine.task().requireAlive();
        Answer answer = new Answer();
        String sender = machine.host().name;
        machine.start(wire, () -> travel(sender, call, answer, latency));
        if (fault()) {
            machine.start(wire, () -> travel(sender + " again", call, new Answer(), MUCH_LATER));
        }
        machine.await(answer::isThere, TIMEOUT.toNanos());
        return switch (answer.outcome) {
            case null -> throw unavailable("no answer in time");
            case ShadowProblem problem -> throw problem;
            case Object value -> value;
        };
    }

    private void travel(String sender, Call call, Answer answer, Duration time) {
        machine.sleep(machine.upTo(time));
        if (!up || fault()) {
            answer.outcome = unavailable("the request was lost");
            return;
        }
        int started = starts;
        Object outcome = answered(call);
        machine.trace(() -> "%s: %s -> %s".formatted(sender, call, Call.brief(outcome)));
        machine.sleep(machine.upTo(time));
        answer.outcome = started != starts || fault() ? unavailable("the answer was lost") : outcome;
    }

    private Object answered(Call call) {
        try {
            return target.answer(call);
        } catch (ShadowProblem refusal) {
            return refusal;
        }
    }

    private boolean fault() {
        return machine.chance(faultsInHundred);
    }

    private static ShadowProblem unavailable(String why) {
        return new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, why);
    }
}
