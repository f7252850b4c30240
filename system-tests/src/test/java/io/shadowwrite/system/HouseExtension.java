package io.shadowwrite.system;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands one {@link House}, the same to every class of this JVM that asks, to constructors and tests; it is built on first
 * use and torn down when the last test is over. Classes come in any order, and other JVMs have houses of their own at the
 * same time: a class brings the rows it needs, and leaves the house streaming, drained and clean.
 */
public final class HouseExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(HouseExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == House.class;
    }

    @Override
    public House resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Built built = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .computeIfAbsent(Built.class, _ -> Built.now(), Built.class);
        if (built.house() == null) {
            throw new IllegalStateException("the house could not be built", built.failure());
        }
        return built.house();
    }

    /** The house, or why there is none, so that nobody tries again. */
    private record Built(@Nullable House house, @Nullable Throwable failure) implements AutoCloseable {

        static Built now() {
            try {
                return new Built(
                        House.streaming("house-" + ProcessHandle.current().pid()), null);
            } catch (RuntimeException | AssertionError e) {
                return new Built(null, e);
            }
        }

        @Override
        public void close() {
            if (house != null) {
                house.close();
            }
        }
    }
}
