-- Everything here is removed with "drop schema shadow cascade"; schema provenance stays behind on purpose.
-- Codes used by several tables, kept small because they are written once per event:
--   side        1 CONSUMER, 2 VERIFIER
--   operation   of a source row: 1 INSERT, 2 UPDATE, 3 DELETE, 4 TRUNCATE
--   disposition 1 APPLIED, 2 NO_OP, 3 FILTERED, 4 PARKED

-- Schema provenance may be there already, left by an earlier migration; its rows and numbers go on.

create schema if not exists shadow;
create schema if not exists provenance;

comment on schema shadow is 'Working state of shadow-write; dropped when the migration is over';
comment on schema provenance is 'Who wrote a row of the target; outlives the migration';

create table if not exists provenance.source_table (
    id   smallint generated always as identity primary key,
    name text not null unique
);
comment on table provenance.source_table is 'Small numbers for source tables (schema.name)';

create table if not exists provenance.target_model (
    id   smallint generated always as identity primary key,
    name text not null unique
);
comment on table provenance.target_model is 'Small numbers for target models of the contract';

create table if not exists provenance.transaction (
    commit_lsn      pg_lsn      not null,
    xid             bigint      not null,
    committed_at    timestamptz not null,
    applied_at      timestamptz not null default now(),
    change_index    integer     not null,
    write_index     smallint    not null,
    operation       smallint    not null check (operation between 1 and 2),
    channel         smallint    not null check (channel between 1 and 3),
    model           smallint    not null,
    source_table    smallint    not null,
    source_key      text        not null,
    idempotency_key text,
    payload_digest  bytea,
    primary key (commit_lsn, change_index, write_index, operation)
);
comment on table provenance.transaction is
    'One write that changed a target row; several writes of one source change differ in write_index, and the two halves of a key change in operation';
comment on column provenance.transaction.commit_lsn is 'start of the commit record of the source transaction';
comment on column provenance.transaction.operation is '1 UPSERT, 2 REMOVE';
comment on column provenance.transaction.channel is
    '1 cdc_shadow, 2 cdc_backfill (one row for all rows that a loaded range gave a model; its source_key is the range), 3 single_write';
comment on column provenance.transaction.write_index is
    'place among the writes of the source table in the contract; below 0 for single writes, counted down';
comment on column provenance.transaction.committed_at is 'by the source''s clock';
comment on column provenance.transaction.applied_at is 'by the target''s clock';
comment on column provenance.transaction.idempotency_key is 'for channels that bring their own; that of the stream is derived from the key';
comment on column provenance.transaction.payload_digest is 'of what was written under an own key, so that the same key with other content is refused';

create unique index if not exists transaction_idempotency_key
    on provenance.transaction (channel, model, operation, idempotency_key)
    where idempotency_key is not null;

create or replace view provenance.readable_transaction as
select case t.channel when 1 then 'cdc_shadow' when 2 then 'cdc_backfill' else 'single_write' end as channel,
       coalesce(t.idempotency_key,
                'stream:' || (t.commit_lsn - '0/0'::pg_lsn)::text || ':' || t.change_index || ':' || t.write_index)
           as idempotency_key,
       m.name as model,
       case t.operation when 1 then 'UPSERT' else 'REMOVE' end as operation,
       s.name as source_table,
       t.source_key,
       t.commit_lsn,
       t.change_index,
       t.write_index,
       t.xid,
       t.committed_at,
       t.applied_at
  from provenance.transaction t
  join provenance.target_model m on m.id = t.model
  join provenance.source_table s on s.id = t.source_table;
comment on view provenance.readable_transaction is 'provenance.transaction with names instead of numbers and with the textual key';

-- The dictionaries belong to provenance, which needs them for ever; shadow only looks.
create view shadow.source_table as select id, name from provenance.source_table;
create view shadow.target_model as select id, name from provenance.target_model;
comment on view shadow.source_table is 'provenance.source_table, for queries within shadow';
comment on view shadow.target_model is 'provenance.target_model, for queries within shadow';

create table shadow.pk_map (
    source_table smallint not null,
    target_model smallint not null,
    changed_lsn  pg_lsn   not null,
    source_key   text     collate "C" not null,
    target_key   text     collate "C" not null,
    state        text     not null check (state in ('current', 'archived')),
    primary key (source_table, source_key, target_model)
);
comment on table shadow.pk_map is
    'Where a source row ended up; written when the mapping appears or changes its state, not with every event';
comment on column shadow.pk_map.source_key is 'canonical key JSON; compared byte by byte, which costs a fraction of a language''s rules';
comment on column shadow.pk_map.target_key is 'canonical key JSON';
comment on column shadow.pk_map.changed_lsn is 'commit LSN of the change that made or ended the mapping';

create index pk_map_target on shadow.pk_map (target_model, target_key);
comment on index shadow.pk_map_target is 'a removed target row archives its mapping; a difference found in the target is traced to its source row';

create table shadow.event_ledger (
    commit_lsn   pg_lsn      not null,
    xid          bigint      not null,
    digest0      bigint      not null,
    digest1      bigint      not null,
    recorded_at  timestamptz not null default now(),
    change_index integer     not null,
    side         smallint    not null,
    source_table smallint    not null,
    operation    smallint    not null,
    disposition  smallint,
    source_key   text        not null,
    primary key (side, commit_lsn, change_index)
) partition by range (commit_lsn);
comment on table shadow.event_ledger is
    'One receipt of one source change by one reader; partitions of fixed LSN width are made by the API ahead of use, so that retention is a DROP';
comment on column shadow.event_ledger.side is '1 CONSUMER, 2 VERIFIER';
comment on column shadow.event_ledger.operation is '1 INSERT, 2 UPDATE, 3 DELETE, 4 TRUNCATE';
comment on column shadow.event_ledger.disposition is '1 APPLIED, 2 NO_OP, 3 FILTERED, 4 PARKED; null for the verifier, which judges nothing';

create table shadow.attestation (
    from_lsn     pg_lsn      not null,
    to_lsn       pg_lsn      not null,
    side         smallint    not null,
    source_table smallint    not null,
    operation    smallint    not null,
    events       bigint      not null,
    sum0         numeric     not null,
    sum1         numeric     not null,
    run_id       uuid        not null,
    recorded_at  timestamptz not null default now(),
    primary key (from_lsn, to_lsn, side, source_table, operation),
    check (from_lsn < to_lsn)
);
comment on table shadow.attestation is
    'Count and digest sums of one side over one closed LSN window on which both sides agreed; kept when the receipts are dropped';

create table shadow.conservation (
    id            smallint    primary key default 1 check (id = 1),
    from_lsn      pg_lsn      not null,
    below_lsn     pg_lsn      not null,
    dropped_below pg_lsn      not null default '0/0',
    decoded       bigint      not null default 0,
    applied       bigint      not null default 0,
    no_op         bigint      not null default 0,
    filtered      bigint      not null default 0,
    parked        bigint      not null default 0,
    checked_at    timestamptz,
    check (dropped_below <= below_lsn),
    check (from_lsn <= below_lsn),
    check (decoded = applied + no_op + filtered + parked)
) with (fillfactor = 20);
comment on table shadow.conservation is
    'What became of the changes of all source transactions in [from_lsn, below_lsn) but for those in shadow.unconserved, so that telling it needs no look at the receipts';
comment on column shadow.conservation.dropped_below is 'receipts below it are gone; their attestations stay';
comment on column shadow.conservation.decoded is 'receipts of the slot reader; the others count those of the consumer';

create table shadow.unconserved (
    commit_lsn pg_lsn      primary key,
    decoded    bigint      not null,
    applied    bigint      not null,
    no_op      bigint      not null,
    filtered   bigint      not null,
    parked     bigint      not null,
    detail     text        not null,
    checked_at timestamptz not null default clock_timestamp()
);
comment on table shadow.unconserved is
    'A source transaction of which not every change has exactly one disposition; it goes when it is found whole';

create table shadow.backfill_state (
    id                     smallint    primary key default 1 check (id = 1),
    phase                  text        not null check (phase in ('LOADING', 'DISCARDING', 'STREAMING')),
    verifier_done          boolean     not null default false,
    snapshot               text,
    snapshot_at            timestamptz,
    source_schema          text,
    migration_id           text        not null,
    consumer_slot          text        not null,
    consumer_baseline      pg_lsn      not null,
    verifier_slot          text        not null,
    verifier_baseline      pg_lsn      not null,
    system_identifier      text        not null,
    timeline               integer     not null,
    options_hash           text        not null,
    contract_hash          text        not null,
    required_ticks         integer     not null check (required_ticks > 0),
    gap_policy             text        not null check (gap_policy in ('RESET', 'HOLD')),
    tick_clock             text        not null check (tick_clock in ('SOURCE', 'SIMULATED')),
    ledger_partition_bytes bigint      not null check (ledger_partition_bytes > 0),
    opened_at              timestamptz not null default now(),
    consumer_epoch         bigint      not null default 0,
    consumer_instance      text,
    hold_holder            text,
    hold_kind              text check (hold_kind in ('VERIFIER', 'GATE')),
    hold_halt_at           pg_lsn,
    hold_expires_at        timestamptz,
    hold_lost_micros       bigint,
    fence_kind             text,
    fence_holder           text,
    fence_at               timestamptz,
    writes_beside          bigint      not null default 0,
    check ((hold_holder is null) = (hold_kind is null)),
    check ((fence_kind is null) = (fence_holder is null) and (fence_kind is null) = (fence_at is null)),
    check (phase <> 'STREAMING' or verifier_done),
    check (phase = 'STREAMING' or (snapshot is not null and snapshot_at is not null))
) with (fillfactor = 20);
comment on table shadow.backfill_state is
    'The migration window, frozen when it opens, and what orders the consumer: its epoch and the hold. One row; its lock serialises writers, sessions and holds';
comment on column shadow.backfill_state.phase is 'LOADING: nothing of the stream is applied; DISCARDING: what was loaded is taken away; STREAMING';
comment on column shadow.backfill_state.verifier_done is 'what was loaded has been found equal, or there was nothing to load';
comment on column shadow.backfill_state.snapshot is 'name of the exported snapshot that was loaded, at consumer_baseline; null when there was nothing to load';
comment on column shadow.backfill_state.snapshot_at is 'the source''s clock before the snapshot; loaded rows are valid from there';
comment on column shadow.backfill_state.source_schema is 'SHA-256 over the mapped tables'' columns, keys and replica identities when the window was registered';
comment on column shadow.backfill_state.gap_policy is 'what an hour without a verdict does to the run of clean hours: RESET ends it, HOLD neither ends nor extends it';
comment on column shadow.backfill_state.tick_clock is 'whose hours the ticks stand for; SIMULATED ones prove nothing but that the programs work';
comment on column shadow.backfill_state.writes_beside is
    'how often others than the stream have written target rows; a batch that was applied ahead of its turn looks whether any did meanwhile';
comment on column shadow.backfill_state.hold_halt_at is 'nothing with a commit LSN at or above it is applied; null: nothing at all';
comment on column shadow.backfill_state.fence_kind is
    'what the writers of the source are paused with, told before it is engaged; null when it is released, or none was';
comment on column shadow.backfill_state.hold_lost_micros is 'of shadow.clock when it was taken; what it has lost since shortens the hold';
comment on column shadow.backfill_state.hold_expires_at is 'by the target''s clock; null: until resumed, or decided if a permit holds';

create table shadow.clock (
    id          smallint    primary key default 1 check (id = 1),
    seen        timestamptz not null default clock_timestamp(),
    lost_micros bigint      not null default 0 check (lost_micros >= 0)
) with (fillfactor = 20);
comment on table shadow.clock is
    'What is known of the target''s clock, looked at whenever a reader reports, so that a clock that is set back gives nobody time. One row';
comment on column shadow.clock.seen is 'the time when it was looked at last';
comment on column shadow.clock.lost_micros is 'by how much it went back, all times together';
insert into shadow.clock default values;

create table shadow.forgotten_window (
    migration_id      text        not null,
    consumer_baseline pg_lsn      not null,
    consumer_epoch    bigint      not null,
    forgotten_at      timestamptz not null default clock_timestamp()
);
comment on table shadow.forgotten_window is 'A window that was taken away before it streamed; epochs of later ones go on from its last';

create table shadow.load_range (
    id           integer     not null generated always as identity unique,
    source_table smallint    not null,
    pass         smallint    not null,
    from_page    bigint      not null,
    below_page   bigint,
    rows         bigint,
    written      bigint,
    loaded_at    timestamptz not null default clock_timestamp(),
    primary key (source_table, pass, from_page)
);
comment on table shadow.load_range is
    'A range of a source table that was loaded, so that the same range again loads nothing; writing its row is also what keeps the window from changing its phase meanwhile';
comment on column shadow.load_range.id is 'change_index of its rows in provenance.transaction';
comment on column shadow.load_range.rows is 'source rows in the range; null only inside of the transaction that loads it';

create table shadow.reader_position (
    side        smallint    primary key check (side between 1 and 2),
    position    pg_lsn      not null,
    received    pg_lsn      not null,
    flushed     pg_lsn      not null,
    state       text        not null,
    reason      text,
    reported_at timestamptz,
    streamed_at timestamptz,
    silences    bigint      not null default 0
) with (fillfactor = 20);
comment on table shadow.reader_position is
    'How far each reader is. Every source transaction with a commit LSN below position is durable here for this side, none at or above it is';

comment on column shadow.reader_position.streamed_at is 'when it last said that it streams';
comment on column shadow.reader_position.silences is 'how often it did not say so for a minute or longer, and then did again';

create table shadow.dead_letter (
    id            bigint      generated always as identity primary key,
    commit_lsn    pg_lsn      not null,
    end_lsn       pg_lsn      not null,
    xid           bigint      not null,
    committed_at  timestamptz not null,
    change_index  integer     not null,
    source_table  smallint    not null,
    operation     smallint    not null,
    source_key    text        not null,
    former_key    text,
    class         text        not null check (class in ('REJECTED', 'HALTING')),
    problem       text        not null,
    detail        text        not null,
    parked_behind bigint      references shadow.dead_letter,
    attempts      integer     not null default 0,
    state         text        not null default 'OPEN'
                              check (state in ('OPEN', 'RELEASED', 'REPLAYED', 'RESOLVED')),
    parked_at     timestamptz not null default clock_timestamp(),
    decided_at    timestamptz,
    decided_by    text,
    reason        text,
    note          text,
    writes        json,
    corrected     json,
    payload       text,
    unique (commit_lsn, change_index)
);
comment on table shadow.dead_letter is 'One change that could not be applied; no tick is clean while one is open';
comment on column shadow.dead_letter.operation is 'of the source row: 1 INSERT, 2 UPDATE, 3 DELETE, 4 TRUNCATE';
comment on column shadow.dead_letter.former_key is 'the key before the change, when the change gave the row another one';
comment on column shadow.dead_letter.problem is 'code of the latest refusal; PARKED_BEHIND when nobody tried yet';
comment on column shadow.dead_letter.parked_behind is 'the first letter of its row that was open when this one was parked; or a later one of its transaction, whose row has yet to leave the key that this change gives';
comment on column shadow.dead_letter.state is
    'OPEN: a hole; RELEASED: left to the stream, which has not passed it; REPLAYED: applied; RESOLVED: given up, never applied';
comment on column shadow.dead_letter.writes is 'as they came; null when the change could not be transformed';
comment on column shadow.dead_letter.corrected is 'what an operator wants applied in their place';
comment on column shadow.dead_letter.payload is 'what the decoder sent, as it came; null for a change parked behind another';

create index dead_letter_open on shadow.dead_letter (id) where state = 'OPEN';
comment on index shadow.dead_letter_open is 'counting and listing open letters, however many are closed';

create table shadow.parked_key (
    commit_lsn   pg_lsn   not null,
    letter_id    bigint   not null references shadow.dead_letter,
    change_index integer  not null,
    source_table smallint not null,
    open         boolean  not null default true,
    source_key   text     not null,
    primary key (source_table, source_key, commit_lsn, change_index)
);
comment on table shadow.parked_key is
    'The keys of letters that the stream must mind, few rows or none; while it is empty, a batch has nothing to look for';
comment on column shadow.parked_key.open is
    'false: the letter was given up before the stream came to it, which must still not apply it; later changes do not wait';

create table shadow.dead_letter_selection (
    id         uuid        primary key,
    letters    bigint[]    not null,
    created_at timestamptz not null default clock_timestamp()
);
comment on table shadow.dead_letter_selection is 'Letters that matched a filter once, frozen so that a bulk action hits nothing else';

create table shadow.verifier_run (
    run_id          uuid        primary key,
    ordinal         bigint      generated always as identity unique,
    mode            text        not null,
    tick_hour       timestamptz check (tick_hour = date_trunc('hour', tick_hour, 'UTC')),
    tick_clock      text        not null check (tick_clock in ('SOURCE', 'SIMULATED')),
    pin_kind        text        not null,
    pin_lsn         pg_lsn,
    started_at      timestamptz not null,
    finished_at     timestamptz,
    recorded_at     timestamptz not null default clock_timestamp(),
    verdict         text        not null check (verdict in ('CLEAN', 'DIRTY', 'INCONCLUSIVE')),
    reason          text        not null,
    events_attested bigint      not null,
    coverage        jsonb       not null,
    findings_total  bigint      not null,
    barrier_refused text,
    mark_xid        bigint,
    mark_lsn        pg_lsn,
    writes_beside   bigint,
    check ((mark_xid is null) = (mark_lsn is null)),
    check (finished_at is not null or verdict = 'INCONCLUSIVE')
);
comment on table shadow.verifier_run is
    'One comparison, from its beginning on; with a tick_hour it counts for the run of clean hours';
comment on column shadow.verifier_run.ordinal is 'the order in which beginnings and ends were stored, whatever the clock did';
comment on column shadow.verifier_run.barrier_refused is 'why the two sides were not pinned at one LSN; null when they were';
comment on column shadow.verifier_run.mark_xid is
    'no source transaction with this id or a later one committed below mark_lsn; bounds the search of the ledger by id';
comment on column shadow.verifier_run.tick_hour is
    'null for a run that is no tick, and for a second verdict on an hour; an inconclusive run gives none and keeps its hour';
comment on column shadow.verifier_run.writes_beside is
    'that of shadow.backfill_state when the run began; null when its beginning was not told';
comment on column shadow.verifier_run.finished_at is 'null: the run began, and nobody has told yet how it ended';
comment on column shadow.verifier_run.recorded_at is 'when its beginning was stored, and then its end';

create unique index verifier_run_tick_hour on shadow.verifier_run (tick_hour)
    where tick_hour is not null and verdict <> 'INCONCLUSIVE';
comment on index shadow.verifier_run_tick_hour is 'an hour is judged once';

create view shadow.settled_run as
select *
  from shadow.verifier_run
 where finished_at is not null
    or recorded_at < clock_timestamp() - interval '1 hour';
comment on view shadow.settled_run is
    'Runs that count: those that ended, and those that should have. One that is under way counts neither for nor against its hour';

create table shadow.finding (
    run_id        uuid    not null references shadow.verifier_run on delete cascade,
    ordinal       integer not null,
    finding_class text    not null,
    source_table  text    not null,
    model         text    not null,
    target_key    text    not null,
    columns       text[]  not null,
    source_image  jsonb,
    target_image  jsonb,
    original_class text,
    signature     text,
    primary key (run_id, ordinal),
    check ((finding_class = 'VERIFIER_RACE_WINDOW') = (original_class is not null))
);
comment on table shadow.finding is 'One difference that a run found; a run stores up to its cap';
comment on column shadow.finding.original_class is 'what a difference in the race window is, if it is one';
comment on column shadow.finding.signature is
    'a digest for each differing column, of model, key, class and both values, with spaces between; one that two runs in a row share makes the difference its original class';

create table shadow.cutover_audit (
    audit_id          uuid        primary key,
    ordinal           bigint      generated always as identity unique,
    decision          text        not null check (decision in ('PERMIT', 'BLOCK', 'FINISH')),
    fence_lsn         pg_lsn,
    final_lsn         pg_lsn,
    verifier_run_id   uuid,
    digests           jsonb       not null,
    blocking_findings jsonb       not null,
    approvals         jsonb       not null,
    permit_seconds    integer     check (permit_seconds between 1 and 1800),
    permit_expires_at timestamptz,
    clock_lost_micros bigint      not null,
    reader_silences   bigint,
    tick_clock        text        not null check (tick_clock in ('SOURCE', 'SIMULATED')),
    operator          text        not null,
    reason            text        not null,
    recorded_at       timestamptz not null default clock_timestamp(),
    check ((decision = 'PERMIT') = (permit_expires_at is not null)),
    check ((decision = 'PERMIT') = (permit_seconds is not null)),
    check (decision <> 'PERMIT' or fence_lsn is not null),
    check (decision = 'BLOCK' or final_lsn is not null),
    check (fence_lsn < final_lsn)
);
comment on table shadow.cutover_audit is 'One decision of the gate; never changed and never removed while the schema stands';
comment on column shadow.cutover_audit.ordinal is 'the order of the decisions, whatever the clock did';
comment on column shadow.cutover_audit.tick_clock is 'of the window: whose hours the run of clean hours was made of';
comment on column shadow.cutover_audit.fence_lsn is
    'end of the message that marks where writers were paused; no row change committed at or above it until the decision';
comment on column shadow.cutover_audit.permit_expires_at is 'by the target''s clock as it went then';
comment on column shadow.cutover_audit.reader_silences is
    'of the slot reader in shadow.reader_position at the decision; a permit that it was silent under is void for good';
comment on column shadow.cutover_audit.clock_lost_micros is 'of shadow.clock at the decision; what it has lost since then shortens the permit';

-- A trigger and not privileges, because the one role that writes here owns the table.
create function shadow.refuse_change() returns trigger
    language plpgsql as
$$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '55000';
end
$$;

create trigger append_only
    before update or delete or truncate on shadow.cutover_audit
    for each statement execute function shadow.refuse_change();

-- Also for a session that plays a replica.
alter table shadow.cutover_audit enable always trigger append_only;
