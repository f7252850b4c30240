package io.shadowwrite.api.problem;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers below /shadow whatever no other controller of ours answers, because without a controller the host would, in
 * its own words.
 */
@RestController
public final class UnknownRouteController {

    /** Everything that is left over. */
    public static final String PATTERN = "/shadow/**";

    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    public UnknownRouteController(ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    @RequestMapping(PATTERN)
    void refuse(HttpServletRequest request, HttpServletResponse response) {
        String asked = request.getMethod() + " " + request.getRequestURI();
        Set<String> allowed = allowedMethods(request);
        if (allowed.isEmpty()) {
            throw new ShadowProblem(ProblemType.NOT_FOUND, "there is no route " + asked);
        }
        if (allowed.contains(request.getMethod())) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST, asked + " does not take this Content-Type, or does not answer so");
        }
        String methods = String.join(", ", allowed);
        response.setHeader(HttpHeaders.ALLOW, methods);
        throw new ShadowProblem(
                ProblemType.METHOD_NOT_ALLOWED, "%s is not a route; this path takes %s".formatted(asked, methods));
    }

    private Set<String> allowedMethods(HttpServletRequest request) {
        Set<String> methods = new TreeSet<>();
        mappings.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .filter(route -> matches(route, request))
                .flatMap(route -> route.getMethodsCondition().getMethods().stream())
                .forEach(method -> methods.add(method.name()));
        return methods;
    }

    private static boolean matches(RequestMappingInfo route, HttpServletRequest request) {
        PathPatternsRequestCondition patterns = route.getPathPatternsCondition();
        return patterns != null && patterns.getMatchingCondition(request) != null;
    }
}
