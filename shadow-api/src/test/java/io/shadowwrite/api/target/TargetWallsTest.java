package io.shadowwrite.api.target;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.contract.TargetModel;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Who may write target rows. A statement needs the name of a table, and only the contract has it; so whoever asks for it is
 * named here, and whoever uses those that write.
 */
class TargetWallsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("io.shadowwrite.api");

    @Test
    void theNameOfATargetTableIsForStatementsOfThreePackagesAndToTellWhoseRefusalItIs() {
        assertThat(usersOf(TargetModel.class, Set.of("table")))
                .containsExactly(
                        "load.LoadPasses",
                        "load.LoadedTable",
                        "read.KeyOrder",
                        "read.RowSql",
                        "target.ModelSql",
                        "target.Reaches",
                        "target.TargetContents",
                        "write.DeferredRefusal");
    }

    @Test
    void whatIsReadIsReadOnConnectionsThatCannotWrite() {
        noClasses()
                .that()
                .resideInAPackage("io.shadowwrite.api.read..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ShadowDatabase.class)
                .because("whoever knows a target table and does not apply changes must not be able to change it")
                .check(CLASSES);
    }

    @Test
    void statementsThatWriteTargetRowsAreMadeForOneClassOnly() {
        assertThat(usersOf(
                        ModelSql.class,
                        Set.of(
                                "closeAhead",
                                "close",
                                "reopen",
                                "insertVersions",
                                "amend",
                                "delete",
                                "overwrite",
                                "upsert")))
                .containsExactly("target.ModelTable");
    }

    @Test
    void targetRowsAreWrittenByTheEngineOnly() {
        assertThat(usersOf(ModelTable.class, Set.of("closeAhead", "write", "delete")))
                .containsExactly("write.BatchApplier", "write.BatchFold", "write.StrictOrder");
    }

    /** Classes that call or refer to one of these methods, without the package that all have in common. */
    private static Set<String> usersOf(Class<?> owner, Set<String> methods) {
        Set<String> users = new TreeSet<>();
        for (JavaClass user : CLASSES) {
            for (JavaAccess<?> access : user.getAccessesFromSelf()) {
                boolean other = !access.getOriginOwner().isEquivalentTo(owner);
                if (other
                        && access.getTargetOwner().isAssignableTo(owner)
                        && methods.contains(access.getTarget().getName())) {
                    users.add(user.getName().replace("io.shadowwrite.api.", ""));
                }
            }
        }
        return users;
    }
}
