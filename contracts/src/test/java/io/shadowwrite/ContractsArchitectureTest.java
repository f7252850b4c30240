package io.shadowwrite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ContractsArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("io.shadowwrite");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.shadowwrite.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a package that needs its user cannot be understood by itself")
                .check(CLASSES);
    }

    @Test
    void theContractDoesNotKnowHowValuesAreSpelled() {
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite.contract..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.shadowwrite.canonical..")
                .because("spelling is defined on the contract's types and not the other way round")
                .check(CLASSES);
    }
}
