package io.shadowwrite.system.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.shadowwrite.system.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of docs/architecture.md that Maven cannot hold, and those it holds, once more where they are read. */
class WallsTest {

    private static final Map<String, String> PROGRAMS = programs();
    private static final Pattern SETTABLE =
            Pattern.compile("java\\.time\\.(Clock\\.(system|tick)\\w*|InstantSource\\.system|\\w+\\.now)"
                    + "|java\\.lang\\.System\\.currentTimeMillis|java\\.util\\.Date\\.<init>");

    /** When a change arrived, a run began, a permit was asked for, a thing was removed; and an id that sorts by time. */
    private static final Set<String> CHRONICLERS = Set.of(
            "io.shadowwrite.consumer.delivery.DeliveryConfiguration",
            "io.shadowwrite.verifier.VerifierJob",
            "io.shadowwrite.verifier.FailedRun",
            "io.shadowwrite.verifier.CutoverRun",
            "io.shadowwrite.cli.DecommissionExecuteCommand",
            "io.shadowwrite.cli.cutover.Cutover",
            "io.shadowwrite.cli.cutover.AuditId");

    private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(classFolders());

    @Test
    void seesTheClassesOfEveryModule() {
        assertThat(Checkout.modules())
                .filteredOn(module -> Files.isDirectory(module.resolve("src/main/java")))
                .allSatisfy(
                        module -> assertThat(module.resolve("target/classes")).isDirectory());
        assertThat(CLASSES.size()).isGreaterThan(150);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.shadowwrite.(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle of packages can only be read, tested and removed as a whole")
                .check(CLASSES);
    }

    @Test
    void theVerifierSharesNothingWithTheMover() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shadowwrite.verification..", "io.shadowwrite.verifier..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.shadowwrite.transform..")
                .because("a shared interpreter would pass its own bugs")
                .check(CLASSES);
    }

    @Test
    void theSlotReaderKnowsNoContractRules() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shadowwrite.slotreader..", "io.shadowwrite.delivery..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.shadowwrite.transform..")
                .because("a receipt says that a change existed, never what it becomes")
                .check(CLASSES);
    }

    @Test
    void theReplicationStreamUsesNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite.replication..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.shadowwrite..").and(not(resideInAPackage("io.shadowwrite.replication.."))))
                .because("it serves every reader alike")
                .check(CLASSES);
    }

    @Test
    void theReplicationStreamUsesNoSpring() {
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite.replication..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .because("a library that owns a thread and a connection is started and stopped by whoever uses it")
                .check(CLASSES);
    }

    /** The exceptions say or measure when something was; no wait, bound or decision of ours depends on it. */
    @Test
    void nobodyWaitsByAClockThatCanBeSet() {
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite..")
                .and()
                .resideOutsideOfPackages("io.shadowwrite.system..", "io.shadowwrite.testsupport..")
                .and(not(describe("tell when something was", each -> CHRONICLERS.contains(each.getName()))))
                .should()
                .accessTargetWhere(describe("a clock that can be set is read", WallsTest::readsAClockThatCanBeSet))
                .because("a clock that is turned back would make a wait as long as it was turned")
                .check(CLASSES);
    }

    @Test
    void whoeverTellsTheTimeIsStillThere() {
        assertThat(CLASSES)
                .filteredOn(each -> CHRONICLERS.contains(each.getName()))
                .hasSize(CHRONICLERS.size())
                .allMatch(each -> each.getAccessesFromSelf().stream().anyMatch(WallsTest::readsAClockThatCanBeSet));
    }

    private static boolean readsAClockThatCanBeSet(JavaAccess<?> access) {
        return SETTABLE.matcher(access.getTargetOwner().getName() + "." + access.getName())
                .matches();
    }

    @Test
    void transformIsPure() {
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite.transform..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.sql..", "javax.sql..", "java.net..", "java.io..", "org.springframework..")
                        .or(assignableTo(Clock.class)))
                .because("the same change must become the same writes whenever and wherever it is read again")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite.transform..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .because("time in the target comes from the source's commit")
                .check(CLASSES);
    }

    @Test
    void onlyTheApiMigratesTheTarget() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.shadowwrite.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.flywaydb..")
                .because("one program changes the schema, the others look at the start")
                .check(CLASSES);
    }

    @Test
    void programsMeetOnlyOverHttpAndInTheDatabase() {
        PROGRAMS.forEach((program, ownPackage) -> noClasses()
                .that()
                .resideInAPackage(ownPackage)
                .should()
                .dependOnClassesThat(resideInAnyPackage(packagesOfOtherPrograms(program)))
                .because("programs are deployed, killed and replaced one by one")
                .check(CLASSES));
    }

    @Test
    void everythingIsInjectedThroughConstructors() {
        noFields()
                .should()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .orShould()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .orShould()
                .beAnnotatedWith("jakarta.inject.Inject")
                .because("an object that exists is complete")
                .check(CLASSES);
    }

    @Test
    void nothingIsNamedAfterWhatItIsNot() {
        classes()
                .should()
                .haveNameNotMatching(".*(Utils?|Helpers?|Managers?)(\\$.*)?")
                .because("a function belongs to the type it is about")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysItsSentence() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path module : Checkout.modules()) {
            Path sources = module.resolve("src/main/java");
            try (Stream<Path> files = Files.isDirectory(sources) ? Files.walk(sources) : Stream.empty()) {
                for (Path folder : files.filter(WallsTest::holdsJava).toList()) {
                    if (!saysItsSentence(folder.resolve("package-info.java"))) {
                        silent.add(Checkout.HOME.relativize(folder).toString());
                    }
                }
            }
        }

        assertThat(silent)
                .as("packages without a sentence and @NullMarked in package-info.java")
                .isEmpty();
    }

    private static boolean holdsJava(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean saysItsSentence(Path packageInfo) throws IOException {
        if (!Files.exists(packageInfo)) {
            return false;
        }
        String text = Files.readString(packageInfo);
        return text.contains("@NullMarked") && text.startsWith("/**");
    }

    private static List<Path> classFolders() {
        return Checkout.modules().stream()
                .map(module -> module.resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
    }

    private static String[] packagesOfOtherPrograms(String program) {
        return PROGRAMS.entrySet().stream()
                .filter(other -> !other.getKey().equals(program))
                .map(Map.Entry::getValue)
                .toArray(String[]::new);
    }

    private static Map<String, String> programs() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("shadow-api", "io.shadowwrite.api..");
        programs.put("consumer-service", "io.shadowwrite.consumer..");
        programs.put("slot-reader-service", "io.shadowwrite.slotreader..");
        programs.put("verifier-job", "io.shadowwrite.verifier..");
        programs.put("backfill-job", "io.shadowwrite.backfill..");
        programs.put("cutover-cli", "io.shadowwrite.cli..");
        return programs;
    }
}
