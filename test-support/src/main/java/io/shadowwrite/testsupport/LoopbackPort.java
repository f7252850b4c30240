package io.shadowwrite.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that are started, and started again, by tests. Safe for any thread. */
public final class LoopbackPort {

    private LoopbackPort() {}

    /**
     * A loopback port that nobody listens on now. It lies below the range the kernel gives to outgoing connections, so a
     * restart finds it still free.
     */
    public static int free() {
        return ThreadLocalRandom.current()
                .ints(100, 15_000, 32_000)
                .filter(LoopbackPort::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No free loopback port between 15000 and 32000"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
