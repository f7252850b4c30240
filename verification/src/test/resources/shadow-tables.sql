-- What a tick reads of shadow-api's own tables.
create schema shadow;
create table shadow.source_table (id smallint primary key, name text not null unique);
create table shadow.target_model (id smallint primary key, name text not null unique);
create table shadow.reader_position (side smallint primary key, position pg_lsn not null);
create table shadow.event_ledger (
  commit_lsn pg_lsn not null, digest0 bigint not null, digest1 bigint not null, change_index integer not null,
  side smallint not null, source_table smallint not null, operation smallint not null,
  xid bigint not null default 3, source_key text not null default '',
  primary key (side, commit_lsn, change_index));
create table shadow.attestation (from_lsn pg_lsn not null, to_lsn pg_lsn not null);
create table shadow.pk_map (
  source_table smallint not null, target_model smallint not null, source_key text not null, target_key text not null,
  state text not null, changed_lsn pg_lsn not null default '0/1', primary key (source_table, source_key, target_model));
create table shadow.verifier_run (
  run_id uuid primary key default gen_random_uuid(), pin_lsn pg_lsn, verdict text not null default 'CLEAN',
  tick_hour timestamptz, tick_clock text not null default 'SOURCE', started_at timestamptz not null default clock_timestamp(),
  recorded_at timestamptz not null default clock_timestamp(),
  mark_xid bigint, mark_lsn pg_lsn);
create table shadow.finding (run_id uuid not null, finding_class text not null, signature text);
insert into shadow.source_table values (1, 'app.item'), (2, 'app.note');
insert into shadow.target_model values (1, 'Item');
insert into shadow.reader_position values (1, '0/1'), (2, '0/1');
