package io.shadowwrite.api.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.ShadowSchema;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.testsupport.TcpProxy;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starting, refusing to start, and being switched off inside of a host. */
@PostgresTest
class StartTest {

    /** The usual command line with one argument in place of its namesake, or in addition. */
    private static String[] with(Database target, String argument) {
        String name = argument.substring(0, argument.indexOf('=') + 1);
        return Stream.concat(
                        Arrays.stream(TestApi.arguments(target)).filter(usual -> !usual.startsWith(name)),
                        Stream.of(argument))
                .toArray(String[]::new);
    }

    private static StartRefused refusal(ThrowingCallable start) {
        Throwable failure = catchThrowable(start);
        assertThat(failure).isNotNull();
        Throwable cause = failure;
        while (!(cause instanceof StartRefused) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return assertThat(cause)
                .asInstanceOf(InstanceOfAssertFactories.type(StartRefused.class))
                .actual();
    }

    @Test
    void namesEverythingInTheTargetThatDoesNotFit(@Target Database target) {
        target.execute("""
                create schema unified;
                create table unified.country (code text, name text, note text);
                create table unified.city (city_id bigint primary key, country_code text, size int not null);
                create table unified.partner (partner_id uuid, name text, score numeric(12, 2), doc json,
                                              valid_from timestamptz, valid_to text);
                create table unified.note (note_id uuid, body text, is_archived boolean,
                                           valid_from timestamptz, valid_to timestamptz, primary key (note_id, valid_from));
                """);

        StartRefused refused = refusal(() -> ShadowApiApplication.start(TestApi.arguments(target)));

        assertThat(refused.getExitCode()).isEqualTo(3);
        assertThat(refused.problems())
                .anySatisfy(problem ->
                        assertThat(problem).contains("CREATE UNIQUE INDEX ON \"unified\".\"country\" (\"code\");"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("ALTER TABLE \"unified\".\"partner\" ALTER COLUMN \"partner_id\" SET NOT NULL;"))
                .noneSatisfy(problem -> assertThat(problem).contains("key column city_id"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("column city_id")
                        .contains("type bigint")
                        .contains("uuid"))
                .anySatisfy(problem -> assertThat(problem).contains("has no column name"))
                .anySatisfy(
                        problem -> assertThat(problem).contains("column size").contains("NOT NULL"))
                .anySatisfy(problem ->
                        assertThat(problem).contains("column valid_to").contains("type text"))
                .anySatisfy(
                        problem -> assertThat(problem)
                                .contains(
                                        "CREATE UNIQUE INDEX ON \"unified\".\"note\" (\"note_id\") WHERE \"valid_to\" IS NULL;"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("CREATE INDEX ON \"unified\".\"partner\" (\"partner_id\", \"valid_from\");"))
                .anySatisfy(problem -> assertThat(problem).contains("table unified.presence does not exist"));
    }

    @Test
    void refusesKeysThatAreEqualThoughSpelledDifferently(@Target Database target) {
        target.execute("""
                create collation public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
                create schema unified;
                create table unified.country (code text collate public.any_case primary key, name text, note text);
                """);

        StartRefused refused = refusal(() -> ShadowApiApplication.start(TestApi.arguments(target)));

        assertThat(refused.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("key column code of unified.country has a collation that is not deterministic"));
    }

    @Test
    void saysThatTheTargetCannotBeReached(@Target Database target) {
        StartRefused refused = refusal(() ->
                ShadowApiApplication.start(with(target, "--shadow.target.url=jdbc:postgresql://127.0.0.1:1/nowhere")));

        assertThat(refused.getExitCode()).isEqualTo(4);
        assertThat(refused.getMessage()).contains("shadow.target.url");
    }

    @Test
    void saysThatTheTargetWentAwayWhileItWasMigrated(@Target Database target) {
        try (TcpProxy proxy = TcpProxy.to(target.port());
                ShadowDatabase database = new ShadowDatabase(new ShadowDatabase.Settings(
                        target.jdbcUrl().replace(":" + target.port(), ":" + proxy.port()),
                        target.user(),
                        target.password(),
                        2))) {
            proxy.refuse();

            StartRefused refused = refusal(() -> ShadowSchema.migrate(database));

            assertThat(refused.getExitCode()).isEqualTo(4);
            assertThat(refused.getMessage()).contains("went away");
        }
    }

    @Test
    void endsAsUnreachableWhereverInTheStartTheTargetGoesAway() {
        SQLException gone = new SQLException("gone", "08006");

        assertThat(StartRefused.exitCodeIn(new IllegalStateException(new RuntimeException(gone))))
                .isEqualTo(4);
        assertThat(StartRefused.exitCodeIn(new IllegalStateException(new SQLException("no such table", "42P01"))))
                .isZero();
    }

    @Test
    void saysThatTheTargetsAddressIsNone(@Target Database target) {
        StartRefused refused =
                refusal(() -> ShadowApiApplication.start(with(target, "--shadow.target.url=postgres://somewhere")));

        assertThat(refused.getExitCode()).isEqualTo(3);
        assertThat(refused.getMessage()).contains("jdbc:postgresql://");
    }

    @Test
    void refusesAContractThatIsNotThere(@Target Database target) {
        StartRefused refused = refusal(
                () -> ShadowApiApplication.start(with(target, "--shadow.contract.location=/nowhere/contract.json")));

        assertThat(refused.getExitCode()).isEqualTo(3);
        assertThat(refused.getMessage()).contains("/nowhere/contract.json");
    }

    @Test
    void refusesAKeyItDoesNotKnow(@Target Database target) {
        assertThatThrownBy(() -> ShadowApiApplication.start(with(target, "--shadow.api.tokn=x")))
                .hasRootCauseMessage("The elements [shadow.api.tokn] were left unbound.");
    }

    @Test
    void leavesNothingInAHostThatSwitchesItOff() {
        try (ConfigurableApplicationContext host =
                new SpringApplicationBuilder(Host.class).run("--server.port=0", "--shadow.disabled=true")) {
            assertThat(host.getBeanDefinitionNames()).noneMatch(name -> name.startsWith("shadow"));
        }
    }

    /** A service that happens to have the module on its class path. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Host {}
}
