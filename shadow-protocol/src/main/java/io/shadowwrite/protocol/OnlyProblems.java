package io.shadowwrite.protocol;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;

/** Keeps the promise of {@link ShadowApi} that a call fails with {@link ShadowProblem} and with nothing else. */
final class OnlyProblems {

    private OnlyProblems() {}

    static ShadowApi over(ShadowApi routes) {
        return (ShadowApi) Proxy.newProxyInstance(
                ShadowApi.class.getClassLoader(),
                new Class<?>[] {ShadowApi.class},
                (proxy, method, arguments) -> call(routes, method, arguments));
    }

    private static Object call(ShadowApi routes, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(routes, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException() instanceof RuntimeException failure
                    ? translated(failure)
                    : e.getTargetException();
        }
    }

    /** A failure of the client as a problem; any other as it is. */
    static RuntimeException translated(RuntimeException failure) {
        return switch (failure) {
            case ResourceAccessException noAnswer ->
                new ShadowProblem(
                        ProblemType.TARGET_UNAVAILABLE,
                        "shadow-api did not answer (%s)".formatted(root(noAnswer)),
                        noAnswer);
            // The connection may also end while the body is being written, and then the converter is the one to notice.
            case HttpMessageNotWritableException cut
            when isBrokenConnection(cut) ->
                new ShadowProblem(
                        ProblemType.TARGET_UNAVAILABLE,
                        "shadow-api went away in the middle of a request (%s)".formatted(root(cut)),
                        cut);
            case RestClientException unreadable ->
                new ShadowProblem(
                        ProblemType.TARGET_UNAVAILABLE,
                        "the answer of shadow-api cannot be read (%s); both sides must be of one version"
                                .formatted(root(unreadable)),
                        unreadable);
            default -> failure;
        };
    }

    private static boolean isBrokenConnection(Throwable failure) {
        return rootOf(failure) instanceof IOException;
    }

    private static String root(Throwable failure) {
        return rootOf(failure).getClass().getSimpleName();
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root;
    }
}
