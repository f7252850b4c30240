package io.shadowwrite.system.mutation;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.system.Checkout;
import io.shadowwrite.system.bench.verify.Sides;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.Tick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/** Two equal databases, a few rows of the target that may be damaged and are restored, and receipts of their events. */
final class Ground implements AutoCloseable {

    private static final int BUCKET_BITS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final LogSequenceNumber BASELINE = LogSequenceNumber.valueOf("0/1");

    private final Sides sides;
    private final Database target;
    private final Tick tick;
    private final List<Victim> contacts = new ArrayList<>();
    private final List<Victim> parties = new ArrayList<>();

    Ground(long rows) {
        this.sides = Sides.of(Checkout.HOME, rows);
        this.target = sides.target();
        target.execute(
                "drop index unified.contact_current",
                "insert into shadow.reader_position (side, position, received, flushed, state)"
                        + " select s, '0/1', '0/1', '0/1', 'STREAMING' from generate_series(1, 2) s",
                "create schema kept");
        choose(contacts, "contact", "contact_id");
        choose(parties, "party", "party_id");
        keep("contact", "contact_id", contacts);
        keep("party", "party_id", parties);
        target.execute(
                "create table kept.pk_map as select * from shadow.pk_map where target_key in (%s)".formatted(keys()),
                "create table shadow.event_ledger_of_test partition of shadow.event_ledger"
                        + " for values from ('0/0') to ('FFFFFFFF/FFFFFFFF')",
                """
                insert into shadow.event_ledger
                       (commit_lsn, xid, digest0, digest1, change_index, side, source_table, operation, disposition, source_key)
                select '0/100'::pg_lsn + n * 8, n, n * 7919, n * 104729, 0, side, source_table, 1,
                       case side when 1 then 1 end, source_key
                  from (select row_number() over () as n, k.* from (select distinct source_table, source_key from kept.pk_map) k) e,
                       generate_series(1, 2) side""",
                "create table kept.event_ledger as select * from shadow.event_ledger");
        this.tick = new Tick(
                sides.contract(),
                new BarrierPin(
                        new SourceConnection(
                                sides.source().jdbcUrl(),
                                sides.source().user(),
                                sides.source().password()),
                        new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                        new QuietReaders(target),
                        new PinSettings(2, PATIENCE, PATIENCE, PATIENCE, PATIENCE, PATIENCE),
                        Progress.SILENT),
                new TickSettings(BASELINE, BUCKET_BITS, 1_000, 200, false, PATIENCE),
                Clock.systemUTC(),
                Progress.SILENT);
    }

    /** First and last by key, first and last by bucket, and two from the middle. */
    private void choose(List<Victim> victims, String table, String column) {
        String bucket = RowHash.SERVER.bucket("'{\"" + column + "\":\"' || " + column + " || '\"}'", BUCKET_BITS);
        String current = "select %s from unified.%s where valid_to is null and %s order by "
                .formatted(column, table, table.equals("contact") ? "phone is not null" : "attributes is not null");
        for (String order : List.of(
                column,
                column + " desc",
                bucket + ", " + column,
                bucket + " desc, " + column,
                column + " offset 100",
                column + " desc offset 100")) {
            String id = requireNonNull(target.queryForString(current + order + " limit 1"));
            Victim found = new Victim(column, id, "");
            victims.add(new Victim(column, id, sourceKey(table, found)));
        }
    }

    private String sourceKey(String table, Victim victim) {
        String model = table.equals("contact") ? "Contact" : "Party";
        return requireNonNull(
                target.queryForString(
                        "select source_key from shadow.pk_map where target_key = ?"
                                + " and target_model = (select id from shadow.target_model where name = ?)",
                        victim.key(),
                        model),
                "no mapping of a row");
    }

    private void keep(String table, String column, List<Victim> victims) {
        target.execute("create table kept.%1$s as select * from unified.%1$s where %2$s in (%3$s)"
                .formatted(table, column, ids(victims)));
    }

    private static String ids(List<Victim> victims) {
        return victims.stream()
                .flatMap(victim -> List.of(victim.id(), victim.stranger()).stream())
                .map(id -> "'" + id + "'")
                .collect(Collectors.joining(", "));
    }

    private String keys() {
        List<Victim> all = new ArrayList<>(contacts);
        all.addAll(parties);
        return all.stream().map(victim -> "'" + victim.key() + "'").collect(Collectors.joining(", "));
    }

    /** Rows that may be damaged: at the ends of the keys, at the ends of the buckets, and two between. */
    List<Victim> contacts() {
        return contacts;
    }

    List<Victim> parties() {
        return parties;
    }

    List<Victim> victims(String table) {
        return switch (table) {
            case "contact" -> contacts;
            case "party" -> parties;
            default -> throw new IllegalArgumentException("no victims in " + table);
        };
    }

    /** One verification of everything. */
    TickResult tick() {
        return guardedTick();
    }

    /** With the index that no clean tick does without, unless what is damaged are two versions of a key. */
    private TickResult guardedTick() {
        target.execute("""
                do $$
                begin
                    create unique index contact_current on unified.contact (contact_id) where valid_to is null;
                exception when unique_violation then
                    null;
                end $$
                """);
        try {
            return tick.run();
        } finally {
            target.execute("drop index if exists unified.contact_current");
        }
    }

    /** One verification of the damaged target, which is whole again afterwards. */
    TickResult tickAfter(List<String> damage) {
        try {
            target.execute(damage.toArray(String[]::new));
            return guardedTick();
        } finally {
            restore();
        }
    }

    private void restore() {
        target.execute(
                "delete from unified.contact where contact_id in (%s)".formatted(ids(contacts)),
                "insert into unified.contact select * from kept.contact",
                "delete from unified.party where party_id in (%s)".formatted(ids(parties)),
                "insert into unified.party select * from kept.party",
                "delete from shadow.pk_map where target_key in (%s)".formatted(keys()),
                "delete from shadow.pk_map m using kept.pk_map k where m.source_table = k.source_table"
                        + " and m.source_key = k.source_key and m.target_model = k.target_model",
                "insert into shadow.pk_map select * from kept.pk_map",
                "delete from shadow.event_ledger",
                "insert into shadow.event_ledger select * from kept.event_ledger");
    }

    @Override
    public void close() {
        sides.close();
    }
}
