package io.shadowwrite.testsupport;

import io.shadowwrite.testsupport.PostgresServer.Role;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Resolves the parameters of {@link PostgresTest}. Servers live in the root store and databases in the store of the test
 * that asked, so JUnit closes each at the right time, after every {@code @AfterEach}.
 */
final class PostgresExtension implements ExecutionCondition, ParameterResolver {

    /** How long what a test used may take to close by itself, as ISO-8601 duration; 5 s by default. */
    static final String LEAK_GRACE = "io.shadowwrite.leak-grace";

    private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private record DatabaseOf(Role role) {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String ci = System.getenv("CI");
        boolean mayBeSkipped = ci == null || ci.isBlank();
        return mayBeSkipped && PostgresProvider.find().isEmpty()
                ? ConditionEvaluationResult.disabled(PostgresProvider.ADVICE)
                : ConditionEvaluationResult.enabled("PostgreSQL is wanted here");
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Database.class
                && parameter.isAnnotated(Source.class) != parameter.isAnnotated(Target.class);
    }

    @Override
    public Database resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Role role = parameter.isAnnotated(Source.class) ? Role.SOURCE : Role.TARGET;
        Store store = context.getStore(NAMESPACE);
        return store.computeIfAbsent(new DatabaseOf(role), key -> freshDatabase(context, role), FreshDatabase.class)
                .database();
    }

    private static FreshDatabase freshDatabase(ExtensionContext context, Role role) {
        Duration grace =
                context.getConfigurationParameter(LEAK_GRACE, Duration::parse).orElse(Duration.ofSeconds(5));
        return FreshDatabase.on(server(context, role), "test_" + NUMBER.incrementAndGet(), grace);
    }

    private static PostgresServer server(ExtensionContext context, Role role) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(role, PostgresServer::start, PostgresServer.class);
    }
}
