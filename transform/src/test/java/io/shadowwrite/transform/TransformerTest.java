package io.shadowwrite.transform;

import static io.shadowwrite.transform.Fixture.COMMIT;
import static io.shadowwrite.transform.Fixture.apply;
import static io.shadowwrite.transform.Fixture.delete;
import static io.shadowwrite.transform.Fixture.insert;
import static io.shadowwrite.transform.Fixture.row;
import static io.shadowwrite.transform.Fixture.summary;
import static io.shadowwrite.transform.Fixture.table;
import static io.shadowwrite.transform.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.canonical.DerivedKey;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.EventDigest;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class TransformerTest {

    private final Transformer transformer = new Transformer(Fixture.contract("""
            {"version": 1, "name": "people",
             "models": {
               "Person": {"kind": "scd2", "table": "t.person", "key": ["person_id"],
                 "columns": {"person_id": "uuid", "name": "text", "boss_id": "uuid", "doc": "text"},
                 "valid_from": "valid_from", "valid_to": "valid_to"},
               "Vip": {"kind": "crud", "table": "t.vip", "key": ["id"], "columns": {"id": "bigint", "name": "text"}},
               "Note": {"kind": "crud", "table": "t.note", "key": ["note_id"],
                 "columns": {"note_id": "uuid", "body": "text"}},
               "Slug": {"kind": "crud", "table": "t.slug", "key": ["slug"],
                 "columns": {"slug": "text", "body": "text"}},
               "Score": {"kind": "crud", "table": "t.score", "key": ["id"],
                 "columns": {"id": "bigint", "score": "numeric"}},
               "Member": {"kind": "junction", "table": "t.member", "key": ["person_id", "mate_id", "team"],
                 "columns": {"person_id": "uuid", "mate_id": "uuid", "team": "text"}}},
             "sources": {
               "s.person": {
                 "columns": {"id": "bigint", "name": "text", "boss": "bigint", "level": "integer", "doc": "text"},
                 "key": ["id"], "identity": "default",
                 "writes": [
                   {"model": "Person", "key": {"person_id": {"derived": true}},
                    "set": {"name": {"trim": {"column": "name"}},
                      "boss_id": {"reference": {"table": "s.person", "model": "Person", "columns": {"id": "boss"}}},
                      "doc": {"column": "doc"}}},
                   {"model": "Vip", "when": {"column": "level", "op": ">", "value": 8},
                    "key": {"id": {"column": "id"}}, "set": {"name": {"column": "name"}}}]},
               "s.note": {
                 "columns": {"id": "bigint", "kind": "text", "body": "text"}, "key": ["id"], "identity": "full",
                 "filter": {"column": "kind", "op": "=", "value": "PUBLIC"},
                 "writes": [{"model": "Note", "key": {"note_id": {"derived": true}},
                   "set": {"body": {"column": "body"}}}]},
               "s.slug": {
                 "columns": {"id": "bigint", "slug": "text", "body": "text"}, "key": ["id"], "identity": "full",
                 "writes": [{"model": "Slug", "key": {"slug": {"lower": {"column": "slug"}}},
                   "set": {"body": {"column": "body"}}}]},
               "s.score": {
                 "columns": {"id": "bigint", "score": "numeric"}, "key": ["id"], "identity": "full",
                 "filter": {"column": "score", "op": ">", "value": 5},
                 "writes": [{"model": "Score", "key": {"id": {"column": "id"}}, "set": {"score": {"column": "score"}}}]},
               "s.member": {
                 "columns": {"person": "bigint", "mate": "bigint", "team": "text"}, "key": ["team", "person", "mate"],
                 "identity": "default",
                 "writes": [{"model": "Member", "key": {
                     "person_id": {"reference": {"table": "s.person", "model": "Person", "columns": {"id": "person"}}},
                     "mate_id": {"reference": {"table": "s.person", "model": "Person", "columns": {"id": "mate"}}},
                     "team": {"column": "team"}}, "set": {}}]},
               "s.log": {"unmapped": "not migrated"}}}
            """));

    @Test
    void knowsWhichColumnsDecideWhatARowBecomes() {
        assertThat(transformer.inputs(table("s.person"))).containsExactly("boss", "doc", "id", "level", "name");
        assertThat(transformer.inputs(table("s.note"))).containsExactly("body", "id", "kind");
        assertThat(transformer.inputs(table("s.unheard"))).isEmpty();
    }

    @Test
    void insertUpsertsEveryWriteWhoseConditionHolds() {
        ChangeWrites change = apply(transformer, insert("s.person", person("4", " Ann ", "2", "9", "text")));

        assertThat(summary(change))
                .containsExactly(
                        "0 UPSERT Person {person_id=%s} {name=Ann, boss_id=%s, doc=text}"
                                .formatted(personId(4), personId(2)),
                        "1 UPSERT Vip {id=4} {name= Ann }");
        assertThat(change.sourceTable()).isEqualTo("s.person");
        assertThat(change.sourceKey()).isEqualTo("{\"id\":4}");
        assertThat(change.operation()).isEqualTo(Operation.INSERT);
        assertThat(change.changeIndex()).isEqualTo(3);
        assertThat(change.inScope()).isTrue();
    }

    @Test
    void insertLeavesOutAWriteWhoseConditionFails() {
        ChangeWrites change = apply(transformer, insert("s.person", person("4", "Ann", null, "8", "text")));

        assertThat(summary(change))
                .containsExactly(
                        "0 UPSERT Person {person_id=%s} {name=Ann, boss_id=null, doc=text}".formatted(personId(4)));
    }

    @Test
    void digestIsTheOneOfTheEvent() {
        RowChange event = insert("s.person", person("4", "Ann", null, "8", "text"));
        EventDigest digest = EventDigest.of(Fixture.COMMIT, event);

        assertThat(apply(transformer, event).digest())
                .hasSize(32)
                .isEqualTo(
                        HexFormat.of().toHexDigits(digest.h0()) + HexFormat.of().toHexDigits(digest.h1()));
    }

    @Test
    void unmappedTableLeavesAnEntryWithoutWrites() {
        ChangeWrites change = apply(transformer, insert("s.log", row("anything", "x")));

        assertThat(change.inScope()).isFalse();
        assertThat(change.sourceKey()).isEmpty();
        assertThat(change.writes()).isEmpty();
        assertThat(change.digest()).hasSize(32);
    }

    @Test
    void truncationOfAnUnmappedTableIsOutOfScopeToo() {
        RowChange truncate = new RowChange.Truncate(3, table("s.log"), table("s.log"));

        assertThat(apply(transformer, truncate).operation()).isEqualTo(Operation.TRUNCATE);
    }

    @Test
    void updateAsksForRemovalWhereTheConditionFailsAndTheOldRowIsUnknown() {
        ChangeWrites change =
                apply(transformer, update("s.person", person("4", "Ann", null, "8", "text"), row("id", "4")));

        assertThat(summary(change))
                .containsExactly(
                        "0 UPSERT Person {person_id=%s} {name=Ann, boss_id=null, doc=text}".formatted(personId(4)),
                        "1 REMOVE Vip {id=4} {}");
    }

    @Test
    void updateLeavesOutWhatItCannotComputeFromTheColumnsSent() {
        Row sent = row("id", "4", "boss", null, "level", "1", "name", "Ann");

        ShadowWrite write = apply(transformer, update("s.person", sent, row("id", "4")))
                .writes()
                .getFirst();

        assertThat(write.values()).containsOnlyKeys("name", "boss_id");
        assertThat(write.carryFrom()).isNull();
    }

    @Test
    void keyChangeRemovesTheOldKeyAndCarriesAbsentColumnsFromIt() {
        Row sent = row("id", "5", "boss", null, "level", "1", "name", "Ann");

        ChangeWrites change = apply(transformer, update("s.person", sent, row("id", "4")));

        assertThat(change.sourceKey()).isEqualTo("{\"id\":5}");
        assertThat(summary(change))
                .containsExactly(
                        "0 REMOVE Person {person_id=%s} {}".formatted(personId(4)),
                        "0 UPSERT Person {person_id=%s} {name=Ann, boss_id=null} from {person_id=%s}"
                                .formatted(personId(5), personId(4)),
                        "1 REMOVE Vip {id=4} {}");
    }

    @Test
    void keyChangeWithEveryColumnSentCarriesNothing() {
        ChangeWrites change =
                apply(transformer, update("s.person", person("5", "Ann", null, "9", "d"), row("id", "4")));

        assertThat(change.writes())
                .extracting(ShadowWrite::action)
                .containsExactly(Action.REMOVE, Action.UPSERT, Action.REMOVE, Action.UPSERT);
        assertThat(change.writes()).allMatch(write -> write.carryFrom() == null);
    }

    @Test
    void deleteRemovesEveryWriteByTheOldKey() {
        ChangeWrites change = apply(transformer, delete("s.person", row("id", "4")));

        assertThat(change.sourceKey()).isEqualTo("{\"id\":4}");
        assertThat(summary(change))
                .containsExactly("0 REMOVE Person {person_id=%s} {}".formatted(personId(4)), "1 REMOVE Vip {id=4} {}");
    }

    @Test
    void fullIdentityTellsWhetherTheOldRowWasInScope() {
        Row inside = row("id", "1", "kind", "PUBLIC", "body", "b");
        Row outside = row("id", "1", "kind", "SECRET", "body", "b");
        Row never = row("id", "1", "kind", null, "body", "b");

        assertThat(actions(update("s.note", outside, never))).isEmpty();
        assertThat(actions(update("s.note", inside, outside))).containsExactly(Action.UPSERT);
        assertThat(actions(update("s.note", outside, inside))).containsExactly(Action.REMOVE);
        assertThat(actions(update("s.note", inside, inside))).containsExactly(Action.UPSERT);
        assertThat(actions(delete("s.note", outside))).isEmpty();
        assertThat(actions(delete("s.note", inside))).containsExactly(Action.REMOVE);
    }

    @Test
    void anOldNumberThatLooksLikeNullMayHaveBeenNanAndInScope() {
        Row special = row("id", "1", "score", null);
        Row outside = row("id", "1", "score", "3");

        assertThat(actions(update("s.score", outside, special))).containsExactly(Action.REMOVE);
        assertThat(actions(delete("s.score", special))).containsExactly(Action.REMOVE);
        assertThat(actions(delete("s.score", outside))).isEmpty();
    }

    @Test
    void fullIdentityGivesTheColumnsThatTheNewRowDoesNotCarry() {
        Row old = row("id", "1", "kind", "PUBLIC", "body", "stored out of line");

        ChangeWrites change = apply(transformer, update("s.note", row("id", "1", "kind", "PUBLIC"), old));

        assertThat(change.writes().getFirst().values()).isEqualTo(Map.of("body", "stored out of line"));
    }

    @Test
    void keyChangeOfARowThatWasOutOfScopeOnlyCreates() {
        Row outside = row("id", "1", "kind", "SECRET", "body", "b");
        Row inside = row("id", "2", "kind", "PUBLIC", "body", "b");

        assertThat(actions(update("s.note", inside, outside))).containsExactly(Action.UPSERT);
        assertThat(actions(update("s.note", outside, inside))).containsExactly(Action.REMOVE);
    }

    @Test
    void targetKeyMayChangeWhileTheSourceKeyStays() {
        RowChange renamed =
                update("s.slug", row("id", "1", "slug", "New"), row("id", "1", "slug", "Old", "body", "text"));
        RowChange respelled =
                update("s.slug", row("id", "1", "slug", "OLD"), row("id", "1", "slug", "Old", "body", "text"));

        assertThat(summary(apply(transformer, renamed)))
                .containsExactly("0 REMOVE Slug {slug=old} {}", "0 UPSERT Slug {slug=new} {body=text}");
        assertThat(summary(apply(transformer, respelled))).containsExactly("0 UPSERT Slug {slug=old} {body=text}");
    }

    @Test
    void junctionKeyIsMadeOfReferences() {
        ChangeWrites change = apply(transformer, insert("s.member", row("person", "4", "mate", "5", "team", "a\"b")));

        assertThat(change.sourceKey()).isEqualTo("{\"mate\":5,\"person\":4,\"team\":\"a\\\"b\"}");
        assertThat(summary(change))
                .containsExactly(
                        "0 UPSERT Member {person_id=%s, mate_id=%s, team=a\"b} {}".formatted(personId(4), personId(5)));
    }

    @Test
    void keyColumnThatWasNotSentIsTheOldOne() {
        RowChange change =
                update("s.member", row("person", "4", "mate", "5"), row("person", "4", "mate", "5", "team", "a"));

        assertThat(apply(transformer, change).sourceKey()).isEqualTo("{\"mate\":5,\"person\":4,\"team\":\"a\"}");
    }

    @Test
    void keepsTheKeysAndTheReceiptOfAChangeThatHasNoWrites() {
        RowChange moved = update("s.person", person("5", "Ann", null, "9", "d"), row("id", "4"));

        ChangeWrites bare = transformer.withoutWrites(COMMIT, moved);
        ChangeWrites whole = transformer.transform(COMMIT, moved);

        assertThat(bare.writes()).isEmpty();
        assertThat(bare)
                .isEqualTo(new ChangeWrites(
                        whole.changeIndex(),
                        whole.sourceTable(),
                        "{\"id\":5}",
                        "{\"id\":4}",
                        whole.operation(),
                        whole.digest(),
                        true,
                        List.of()));
    }

    @Test
    void keepsAnEmptyKeyWhereNoRowCanBeRead() {
        RowChange truncate = new RowChange.Truncate(3, table("s.person"), table("s.person"));
        RowChange unknown = insert("s.unheard_of", row("x", "1"));

        assertThat(transformer.withoutWrites(COMMIT, truncate).sourceKey()).isEmpty();
        assertThat(transformer.withoutWrites(COMMIT, truncate).inScope()).isTrue();
        assertThat(transformer.withoutWrites(COMMIT, unknown).inScope()).isTrue();
        assertThat(transformer
                        .withoutWrites(COMMIT, insert("s.log", row("x", "1")))
                        .inScope())
                .isFalse();
    }

    @Test
    void namesTheKeyThatAChangeReplaced() {
        Row sent = person("5", "Ann", null, "9", "d");

        assertThat(apply(transformer, update("s.person", sent, row("id", "4"))).formerKey())
                .isEqualTo("{\"id\":4}");
        assertThat(apply(transformer, update("s.person", sent, row("id", "5"))).formerKey())
                .isNull();
        assertThat(apply(transformer, insert("s.person", sent)).formerKey()).isNull();
    }

    @Test
    void transactionKeepsEveryChangeInItsOrder() {
        RowChange first = new RowChange.Insert(0, table("s.log"), table("s.log"), row("x", "1"));
        RowChange second =
                new RowChange.Insert(1, table("s.person"), table("s.person"), person("4", "Ann", null, "1", "d"));
        RowChange third = new RowChange.Delete(2, table("s.person"), table("s.person"), row("id", "4"));
        Instant committed = Instant.parse("2026-01-01T00:00:00.000001Z");
        LogSequenceNumber end = LogSequenceNumber.valueOf(7040L);

        TransactionWrites writes = transformer.transform(new SourceTransaction(
                77, Fixture.COMMIT, end, committed, List.of(first, second, third), List.of(), 100));

        assertThat(writes.changes()).extracting(ChangeWrites::changeIndex).containsExactly(0, 1, 2);
        assertThat(writes.commitLsn()).isEqualTo(Fixture.COMMIT);
        assertThat(writes.endLsn()).isEqualTo(end);
        assertThat(writes.xid()).isEqualTo(77);
        assertThat(writes.committedAt()).isEqualTo(committed);
    }

    @Test
    void partitionGoesByTheNameOfItsRoot() {
        RowChange change =
                new RowChange.Insert(0, table("s.person"), table("s.person_7"), person("4", "Ann", null, "1", "d"));

        assertThat(apply(transformer, change).sourceTable()).isEqualTo("s.person");
    }

    private List<Action> actions(RowChange change) {
        return apply(transformer, change).writes().stream()
                .map(ShadowWrite::action)
                .toList();
    }

    private static Row person(String id, String name, @Nullable String boss, String level, String doc) {
        return row("id", id, "name", name, "boss", boss, "level", level, "doc", doc);
    }

    private static String personId(long id) {
        return DerivedKey.of(new QualifiedName("s", "person"), "{\"id\":" + id + "}", "Person")
                .toString();
    }
}
