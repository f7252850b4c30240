package io.shadowwrite.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.api.audit.AuditController;
import io.shadowwrite.api.audit.Audits;
import io.shadowwrite.api.audit.Decisions;
import io.shadowwrite.api.audit.Permits;
import io.shadowwrite.api.clock.TargetClock;
import io.shadowwrite.api.conservation.ConservationCheck;
import io.shadowwrite.api.conservation.ConservationReport;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.ShadowSchema;
import io.shadowwrite.api.deadletter.DeadLetterController;
import io.shadowwrite.api.deadletter.DeadLetters;
import io.shadowwrite.api.deadletter.SelectionController;
import io.shadowwrite.api.hold.Fences;
import io.shadowwrite.api.hold.HoldController;
import io.shadowwrite.api.hold.Holds;
import io.shadowwrite.api.ledger.Attestations;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerController;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.ledger.ReceiptIntake;
import io.shadowwrite.api.load.LoadController;
import io.shadowwrite.api.lookup.KeyMapController;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.position.PositionController;
import io.shadowwrite.api.position.Positions;
import io.shadowwrite.api.problem.ProblemAdvice;
import io.shadowwrite.api.problem.UnknownRouteController;
import io.shadowwrite.api.read.ProbeController;
import io.shadowwrite.api.read.ReadAssembly;
import io.shadowwrite.api.read.ReadController;
import io.shadowwrite.api.receipt.ReceiptController;
import io.shadowwrite.api.retention.LedgerReport;
import io.shadowwrite.api.retention.ReceiptRetention;
import io.shadowwrite.api.security.TokenFilter;
import io.shadowwrite.api.security.Tokens;
import io.shadowwrite.api.single.SingleWriteController;
import io.shadowwrite.api.start.ContractLoading;
import io.shadowwrite.api.status.StatusController;
import io.shadowwrite.api.status.StatusMetrics;
import io.shadowwrite.api.status.StatusReport;
import io.shadowwrite.api.target.TargetContents;
import io.shadowwrite.api.target.TargetInspection;
import io.shadowwrite.api.verifierrun.Findings;
import io.shadowwrite.api.verifierrun.RunController;
import io.shadowwrite.api.verifierrun.RunReads;
import io.shadowwrite.api.verifierrun.Runs;
import io.shadowwrite.api.verifierrun.Streak;
import io.shadowwrite.api.window.WindowController;
import io.shadowwrite.api.window.WindowOpening;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.ShadowWriteController;
import io.shadowwrite.api.write.WriteAssembly;
import io.shadowwrite.contract.Contract;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Adds /shadow/* to a servlet application, with its own connections, schema, JSON and tokens; nothing of the host is
 * replaced or configured. {@code shadow.disabled=true} removes all of it.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "shadow.disabled", havingValue = "false", matchIfMissing = true)
@EnableConfigurationProperties(ShadowApiProperties.class)
@Import(ProblemAdvice.class)
public class ShadowApiAutoConfiguration {

    /** Read here and not through a placeholder in a file, because a host brings its own file. */
    @Bean
    Tokens shadowTokens(ShadowApiProperties properties, Environment environment) {
        ShadowApiProperties.Api api = properties.api();
        return new Tokens(
                setOr(api.token(), environment, Tokens.SERVICE_VARIABLE),
                setOr(api.operatorToken(), environment, Tokens.OPERATOR_VARIABLE));
    }

    private static String setOr(String set, Environment environment, String variable) {
        return set.isEmpty() ? environment.getProperty(variable, "") : set;
    }

    @Bean
    Contract shadowContract(ShadowApiProperties properties) {
        return ContractLoading.read(properties.contract().location());
    }

    @Bean(destroyMethod = "close")
    ShadowDatabase shadowDatabase(ShadowApiProperties properties, Contract contract) {
        ShadowApiProperties.Target target = properties.target();
        ShadowDatabase database = new ShadowDatabase(
                new ShadowDatabase.Settings(target.url(), target.user(), target.password(), target.poolSize()));
        try {
            ShadowSchema.migrate(database);
            TargetInspection.inspect(contract, database);
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Bean
    Dictionary shadowDictionary(ShadowDatabase database) {
        return new Dictionary(database);
    }

    @Bean
    LedgerPartitions shadowLedgerPartitions(ShadowDatabase database) {
        return new LedgerPartitions(database);
    }

    @Bean
    Ledger shadowLedger(ShadowDatabase database, Dictionary dictionary, ApiMetrics metrics) {
        return new Ledger(database, dictionary, metrics);
    }

    @Bean
    Windows shadowWindows(ShadowDatabase database) {
        return new Windows(database);
    }

    @Bean
    TargetContents shadowTargetContents(Contract contract, ShadowDatabase database) {
        return new TargetContents(contract, database);
    }

    @Bean
    WindowOpening shadowWindowOpening(
            ShadowApiProperties properties,
            Contract contract,
            ShadowDatabase database,
            Windows windows,
            TargetContents contents) {
        WindowOpening.Served served = new WindowOpening.Served(
                properties.migrationId(),
                contract.sha256(),
                properties.ledger().partitionSize().toBytes());
        return new WindowOpening(database, windows, contents, served);
    }

    @Bean
    WindowController shadowWindowController(WindowOpening opening, Windows windows) {
        return new WindowController(opening, windows);
    }

    @Bean
    LoadController shadowLoadController(
            ShadowApiProperties properties,
            Contract contract,
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            WindowOpening opening,
            TargetContents contents) {
        return LoadController.of(
                contract,
                database,
                windows,
                dictionary,
                opening,
                contents,
                properties.target().poolSize());
    }

    @Bean
    Positions shadowPositions(ShadowDatabase database) {
        return new Positions(database);
    }

    @Bean
    Runs shadowRuns(ShadowDatabase database, Windows windows, Dictionary dictionary) {
        return new Runs(
                database,
                windows,
                dictionary,
                new Findings(database),
                new Attestations(database, dictionary),
                new Streak(database));
    }

    @Bean
    HoldController shadowHoldController(ShadowDatabase database, Windows windows, ConservationCheck conservation) {
        return new HoldController(
                new Holds(database, windows, new Decisions(database)), new Fences(database, windows), conservation);
    }

    @Bean
    ConservationCheck shadowConservationCheck(ShadowDatabase database) {
        return new ConservationCheck(database);
    }

    @Bean
    PositionController shadowPositionController(
            ShadowApiProperties properties,
            ShadowDatabase database,
            Windows windows,
            Positions positions,
            ConservationCheck conservation) {
        ReceiptRetention retention =
                new ReceiptRetention(database, properties.retention().receipts());
        return new PositionController(windows, positions, new TargetClock(database), conservation, retention);
    }

    @Bean
    LedgerController shadowLedgerController(
            ShadowDatabase database,
            Windows windows,
            Positions positions,
            Dictionary dictionary,
            LedgerPartitions partitions,
            Ledger ledger,
            ConservationCheck conservation) {
        return new LedgerController(
                windows, positions, new ReceiptIntake(database, windows, dictionary, partitions, ledger), conservation);
    }

    @Bean
    RunController shadowRunController(ShadowDatabase database, Runs runs) {
        return new RunController(runs, new RunReads(database), new Findings(database));
    }

    @Bean
    Permits shadowPermits(ShadowApiProperties properties, ShadowDatabase database) {
        return new Permits(database, properties.cutover().requiredApprovals());
    }

    @Bean
    Audits shadowAudits(ShadowDatabase database, Windows windows, Permits permits) {
        return new Audits(database, windows, new Streak(database), permits);
    }

    @Bean
    AuditController shadowAuditController(Audits audits) {
        return new AuditController(audits);
    }

    @Bean
    StatusReport shadowStatusReport(ShadowDatabase database, Windows windows, Positions positions, Permits permits) {
        return new StatusReport(
                database,
                windows,
                positions,
                new ConservationReport(database),
                new LedgerReport(database),
                new RunReads(database),
                new Streak(database),
                permits);
    }

    @Bean
    StatusController shadowStatusController(StatusReport report) {
        return new StatusController(report);
    }

    @Bean
    StatusMetrics shadowStatusMetrics(
            ObjectProvider<MeterRegistry> registries, ShadowDatabase database, StatusReport report) {
        return new StatusMetrics(registry(registries), database, report);
    }

    @Bean
    ApiMetrics shadowApiMetrics(ObjectProvider<MeterRegistry> registries) {
        return new ApiMetrics(registry(registries));
    }

    /** A host without metrics, or with several registries and none that leads, gets its requests answered all the same. */
    private static MeterRegistry registry(ObjectProvider<MeterRegistry> registries) {
        return registries.getIfUnique(SimpleMeterRegistry::new);
    }

    @Bean
    WriteAssembly shadowWriteAssembly(Contract contract, ShadowDatabase database, Dictionary dictionary) {
        return new WriteAssembly(contract, database, dictionary);
    }

    @Bean
    ShadowWriteController shadowWriteController(
            ShadowApiProperties properties,
            WriteAssembly assembly,
            Windows windows,
            LedgerPartitions partitions,
            Ledger ledger,
            DeadLetters deadLetters,
            ApiMetrics metrics) {
        return assembly.controller(
                windows,
                partitions,
                ledger,
                deadLetters.parking(),
                metrics,
                properties.write().batchesAhead());
    }

    @Bean
    DeadLetters shadowDeadLetters(
            ShadowApiProperties properties,
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            WriteAssembly assembly) {
        return new DeadLetters(
                database,
                windows,
                dictionary,
                assembly.targetWriter(),
                properties.deadLetters().mostOpen());
    }

    @Bean
    DeadLetterController shadowDeadLetterController(DeadLetters deadLetters) {
        return deadLetters.controller();
    }

    @Bean
    SelectionController shadowSelectionController(DeadLetters deadLetters) {
        return deadLetters.selectionController();
    }

    @Bean
    SingleWriteController shadowSingleWriteController(
            Contract contract,
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            WriteAssembly assembly) {
        return new SingleWriteController(contract, database, windows, dictionary, assembly.targetWriter());
    }

    @Bean(destroyMethod = "close")
    ReadDatabase shadowReadDatabase(ShadowApiProperties properties, ShadowDatabase reachable) {
        ShadowApiProperties.Target target = properties.target();
        ShadowApiProperties.Read read = properties.read();
        return new ReadDatabase(
                new ShadowDatabase.Settings(target.url(), target.user(), target.password(), target.poolSize()),
                new ReadDatabase.Limits(read.poolSize(), read.statementTimeout(), read.scanTimeout()));
    }

    @Bean
    ReadController shadowReadController(Contract contract, ReadDatabase reads) {
        return ReadAssembly.controller(contract, reads);
    }

    @Bean
    ReceiptController shadowReceiptController(ReadDatabase reads) {
        return new ReceiptController(reads);
    }

    @Bean
    ProbeController shadowProbeController(ReadDatabase reads, Contract contract) {
        return new ProbeController(reads, contract);
    }

    @Bean
    KeyMapController shadowKeyMapController(Contract contract, ReadDatabase reads) {
        return new KeyMapController(contract, reads);
    }

    @Bean
    FilterRegistrationBean<TokenFilter> shadowTokenFilter(
            ObjectProvider<Tokens> tokens, ObjectProvider<ApiMetrics> metrics) {
        // Asked for late: filters are made while the web server starts, whose log would bury a refusal of the tokens.
        FilterRegistrationBean<TokenFilter> registration = new FilterRegistrationBean<>(
                new TokenFilter(SingletonSupplier.of(tokens::getObject), SingletonSupplier.of(metrics::getObject)));
        registration.addUrlPatterns("/shadow/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        return registration;
    }

    @Bean
    UnknownRouteController shadowUnknownRouteController(ObjectProvider<RequestMappingHandlerMapping> mappings) {
        return new UnknownRouteController(mappings);
    }

    @Bean
    WebMvcConfigurer shadowWebMvc(Tokens tokens, ApiMetrics metrics) {
        return new ShadowWebMvc(tokens, metrics);
    }
}
