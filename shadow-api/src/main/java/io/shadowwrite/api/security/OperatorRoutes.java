package io.shadowwrite.api.security;

import java.util.Set;

/**
 * The routes that only an operator may call, whatever the request says. Everything else is open to the service; a hold of
 * the gate, which shares its route with the verifier's, is refused where its body is read.
 */
final class OperatorRoutes {

    private static final Set<String> ROUTES = Set.of(
            "POST /shadow/window",
            "POST /shadow/window/load",
            "POST /shadow/window/streaming",
            "POST /shadow/window/discard",
            "POST /shadow/window/forget",
            "POST /shadow/write/load",
            "POST /shadow/cutover/audit",
            "GET /shadow/cutover/audit",
            "POST /shadow/cutover/fence",
            "POST /shadow/dlq/selections",
            "POST /shadow/dlq/selections/{id}/replay",
            "POST /shadow/dlq/selections/{id}/resolve",
            "PATCH /shadow/dlq/{id}",
            "POST /shadow/dlq/{id}/replay",
            "POST /shadow/dlq/{id}/resolve");

    private static final String PREFIX = "/shadow/";

    private OperatorRoutes() {}

    /**
     * Whether only an operator may call it.
     *
     * @param pattern of the handler that answers, possibly below a path of the host
     */
    static boolean contain(String method, String pattern) {
        int start = pattern.indexOf(PREFIX);
        // A handler that answers GET also answers HEAD.
        String asked = method.equals("HEAD") ? "GET" : method;
        return start >= 0 && ROUTES.contains(asked + " " + pattern.substring(start));
    }
}
