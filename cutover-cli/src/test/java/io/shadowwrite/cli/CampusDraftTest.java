package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A university: text and composite keys, keys that are shared, partitions, two references to one table, and odd names. */
@PostgresTest
@Timeout(60)
class CampusDraftTest {

    private static final String SOURCE = """
            CREATE SCHEMA campus;
            CREATE TYPE campus.grade AS ENUM ('A', 'B', 'C', 'F');
            CREATE DOMAIN campus.credits AS smallint CHECK (VALUE BETWEEN 0 AND 60);
            CREATE DOMAIN campus.mail AS text;
            CREATE TABLE campus.person (
              person_no text PRIMARY KEY, "Vorname" text, "Größe" numeric, mail campus.mail, born date, photo bytea, extra json
            );
            CREATE TABLE campus.professor (
              person_no text PRIMARY KEY REFERENCES campus.person, chair varchar(40) NOT NULL, hired timestamptz NOT NULL
            );
            CREATE TABLE campus.course (
              code varchar(12) PRIMARY KEY, title text NOT NULL, credits campus.credits NOT NULL, held_by text REFERENCES campus.professor,
              parent_code varchar(12) REFERENCES campus.course
            );
            CREATE TABLE campus.prerequisite (
              course_code varchar(12) REFERENCES campus.course, required_code varchar(12) REFERENCES campus.course,
              PRIMARY KEY (course_code, required_code)
            );
            CREATE TABLE campus.room (building char(3), floor smallint, door int, seats int NOT NULL, PRIMARY KEY (building, floor, door));
            ALTER TABLE campus.room REPLICA IDENTITY FULL;
            CREATE TABLE campus.session (
              id int PRIMARY KEY, course_code varchar(12) NOT NULL REFERENCES campus.course,
              building char(3) NOT NULL, floor smallint NOT NULL, door int NOT NULL, starts timestamptz NOT NULL, lasts interval,
              FOREIGN KEY (building, floor, door) REFERENCES campus.room
            );
            CREATE TABLE campus.enrolment (
              person_no text REFERENCES campus.person, course_code varchar(12) REFERENCES campus.course, term char(5),
              grade campus.grade, PRIMARY KEY (person_no, course_code, term)
            );
            CREATE TABLE campus.attendance (
              session_id int REFERENCES campus.session, day date, present boolean NOT NULL, PRIMARY KEY (session_id, day)
            ) PARTITION BY RANGE (day);
            CREATE TABLE campus.attendance_2026 PARTITION OF campus.attendance FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE campus.fee (
              fee_id bigint PRIMARY KEY, person_no text NOT NULL REFERENCES campus.person, amount numeric(8,2) NOT NULL,
              valid_from timestamptz NOT NULL, valid_to timestamptz
            );
            CREATE TABLE campus.users (id int PRIMARY KEY);
            CREATE TABLE campus."Users" (id int PRIMARY KEY);
            CREATE TABLE campus.loan (isbn text, no int, person_no text REFERENCES campus.person, PRIMARY KEY (isbn, no));
            """;

    private static final String TARGET = """
            CREATE SCHEMA "Uni";
            CREATE TYPE "Uni".grade AS ENUM ('A', 'B', 'C', 'D', 'F');
            CREATE DOMAIN "Uni".mail AS text;
            CREATE TABLE "Uni"."People" (
              "personId" uuid, "personNo" text NOT NULL, vorname text, "größe" numeric, mail "Uni".mail, born date, photo bytea, extra jsonb,
              "validFrom" timestamptz, "validTo" timestamptz, PRIMARY KEY ("personId", "validFrom")
            );
            CREATE UNIQUE INDEX ON "Uni"."People" ("personId") WHERE "validTo" IS NULL;
            CREATE TABLE "Uni"."Professors" ("personId" uuid PRIMARY KEY, chair varchar(40) NOT NULL, hired timestamptz NOT NULL);
            CREATE TABLE "Uni"."Courses" (
              id uuid PRIMARY KEY, code varchar(12) NOT NULL UNIQUE, title text NOT NULL, credits smallint NOT NULL,
              "heldBy" uuid REFERENCES "Uni"."Professors", "parentId" uuid REFERENCES "Uni"."Courses"
            );
            CREATE TABLE "Uni"."Prerequisites" (
              "courseId" uuid REFERENCES "Uni"."Courses", "requiredCode" uuid REFERENCES "Uni"."Courses", PRIMARY KEY ("courseId", "requiredCode")
            );
            CREATE TABLE "Uni"."Rooms" (
              "roomId" uuid PRIMARY KEY, building text NOT NULL, floor int NOT NULL, door int NOT NULL, seats int NOT NULL
            );
            CREATE TABLE "Uni"."Sessions" (
              id int PRIMARY KEY, "courseId" uuid NOT NULL REFERENCES "Uni"."Courses", "roomId" uuid NOT NULL REFERENCES "Uni"."Rooms",
              starts timestamptz NOT NULL, lasts interval
            );
            CREATE TABLE "Uni"."Enrolments" (
              "personId" uuid NOT NULL, "courseId" uuid NOT NULL REFERENCES "Uni"."Courses", term char(5) NOT NULL, grade "Uni".grade,
              "validFrom" timestamptz NOT NULL, "validTo" timestamptz
            );
            CREATE UNIQUE INDEX ON "Uni"."Enrolments" ("personId", "courseId", term) WHERE "validTo" IS NULL;
            CREATE INDEX ON "Uni"."Enrolments" ("personId", "courseId", term);
            CREATE TABLE "Uni"."Attendances" (
              "sessionId" int REFERENCES "Uni"."Sessions", day date, present boolean NOT NULL, PRIMARY KEY ("sessionId", day)
            ) PARTITION BY HASH ("sessionId");
            CREATE TABLE "Uni".attendances_0 PARTITION OF "Uni"."Attendances" FOR VALUES WITH (MODULUS 1, REMAINDER 0);
            CREATE TABLE "Uni"."Fees" (
              "feeId" bigint, "personId" uuid NOT NULL, amount numeric(8,2) NOT NULL, valid_from timestamptz NOT NULL, valid_to timestamptz,
              PRIMARY KEY ("feeId")
            );
            CREATE UNIQUE INDEX ON "Uni"."Fees" ("feeId") WHERE valid_to IS NULL;
            CREATE TABLE "Uni"."USER" (id int PRIMARY KEY);
            CREATE TABLE "Uni"."Loans" ("loanNo" bigint PRIMARY KEY, isbn text NOT NULL);
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void tellsKeysThatAreSharedComposedCopiedAndDerived(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target);

        assertThat(draft.err().lines().filter(line -> !line.startsWith("TODO ")))
                .containsExactly(
                        "campus.attendance -> Uni.Attendances: the same name but for singular and plural; crud, key sessionId, day copied",
                        "campus.course -> Uni.Courses: the same name but for singular and plural; crud, key id derived",
                        "  heldBy from held_by: foreign key Courses_heldBy_fkey",
                        "  parentId from parent_code: foreign key Courses_parentId_fkey",
                        "campus.enrolment -> Uni.Enrolments: the same name but for singular and plural; scd2, key personId, courseId, term composed",
                        "campus.fee -> Uni.Fees: the same name but for singular and plural; crud, key feeId copied",
                        "  personId from person_no: foreign key to campus.person",
                        "campus.person -> Uni.People: the same name but for singular and plural; scd2, key personId derived",
                        "  personNo from person_no: the same name but for case and separators",
                        "  vorname from Vorname: the same name but for case and separators",
                        "  größe from Größe: the same name but for case and separators",
                        "campus.prerequisite -> Uni.Prerequisites: the same name but for singular and plural; junction, key courseId, requiredCode composed",
                        "campus.professor -> Uni.Professors: the same name but for singular and plural; crud, key personId composed",
                        "campus.room -> Uni.Rooms: the same name but for singular and plural; crud, key roomId derived",
                        "campus.session -> Uni.Sessions: the same name but for singular and plural; crud, key id copied",
                        "  courseId from course_code: foreign key Sessions_courseId_fkey",
                        "  roomId from building, floor, door: foreign key Sessions_roomId_fkey");
    }

    @Test
    void saysParentsKeysInColumnsOfTheChild(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target);

        assertThat(draft.at("/sources/campus.professor/writes/0/key")).isEqualTo("""
                        {"personId":{"reference":{"table":"campus.person","model":"People","columns":{"person_no":"person_no"}}}}""");
        assertThat(draft.at("/sources/campus.course/writes/0/set/heldBy")).isEqualTo("""
                        {"reference":{"table":"campus.person","model":"People","columns":{"person_no":"held_by"}}}""");
        assertThat(draft.at("/sources/campus.session/writes/0/set/roomId/reference/columns"))
                .isEqualTo("""
                        {"building":"building","floor":"floor","door":"door"}""");
        assertThat(draft.at("/sources/campus.prerequisite/writes/0/key/requiredCode/reference/columns"))
                .isEqualTo("{\"code\":\"required_code\"}");
        assertThat(draft.contract().model("Prerequisites")).isInstanceOf(TargetModel.Junction.class);
        assertThat(draft.contract().model("Enrolments"))
                .isInstanceOfSatisfying(
                        TargetModel.Scd2.class,
                        history -> assertThat(history.key()).containsExactly("personId", "courseId", "term"));
    }

    @Test
    void takesValidityThatTheSourceHasTooForItsOwnData(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target);

        assertThat(draft.contract().model("Fees")).isInstanceOf(TargetModel.Crud.class);
        assertThat(draft.at("/sources/campus.fee/writes/0/set/valid_to")).isEqualTo("{\"column\":\"valid_to\"}");
        assertThat(draft.contract().source(new QualifiedName("campus", "room")))
                .isInstanceOfSatisfying(
                        SourceTable.Mapped.class,
                        room -> assertThat(room.identity()).isEqualTo(SourceTable.Identity.FULL));
    }

    @Test
    void listsWhatPeopleHaveToDecide(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target);

        draft.assertThatEveryTodoHasItsPlace();
        assertThat(draft.todos())
                .containsExactly(
                        "/sources/campus.Users: the names do not decide whether campus.Users goes to [Uni.USER]; say --match",
                        "/sources/campus.loan: campus.loan belongs to Uni.Loans, but nothing makes its key [loanNo] of [isbn, no]; write the key, or change one of them",
                        "/sources/campus.users: the names do not decide whether campus.users goes to [Uni.USER]; say --match",
                        "/models: no table of the source feeds Uni.USER; if one should, say --match SCHEMA.TABLE=Uni.USER");
    }

    private Drafted draft(Database source, Database target, String... more) {
        source.runScript(SOURCE);
        target.runScript(TARGET);
        return Drafted.of(directory, source, target, more);
    }
}
