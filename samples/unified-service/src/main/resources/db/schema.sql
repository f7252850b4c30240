-- The tables of this service; run once by whoever creates the database.

create schema unified;

create type unified.party_type as enum ('organisation', 'person', 'branch');
create type unified.party_status as enum ('active', 'blocked', 'inactive');

create table unified.tag (
  tag_id uuid primary key,
  slug text not null,
  label character varying(60) not null,
  color text
);

-- History: one row per version, the current one has no end.
create table unified.party (
  party_id uuid not null,
  parent_party_id uuid,
  legacy_number text not null,
  type unified.party_type not null,
  status unified.party_status not null,
  name text not null,
  display_name text not null,
  email text,
  country_code text,
  founded_on date,
  employees integer,
  payment_term interval,
  aliases text[],
  attributes jsonb,
  segment text,
  is_vip boolean not null,
  created_at timestamp with time zone not null,
  modified_at timestamp with time zone not null,
  search_rank real,
  source_system text not null,
  merged_into uuid,
  is_archived boolean not null default false,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (party_id, valid_from)
);
create unique index party_current on unified.party (party_id) where valid_to is null;
