create schema lib;

create table lib.person (
    person_id  uuid        not null,
    name       text,
    score      numeric(12, 2),
    doc        json,
    photo      bytea,
    seen       timestamptz,
    ratio      double precision,
    active     boolean,
    valid_from timestamptz not null,
    valid_to   timestamptz,
    primary key (person_id, valid_from)
);
create unique index person_current on lib.person (person_id) where valid_to is null;

create table lib.memo (
    id          bigint      not null,
    body        text,
    is_archived boolean     not null,
    valid_from  timestamptz not null,
    valid_to    timestamptz,
    primary key (id, valid_from)
);
create unique index memo_current on lib.memo (id) where valid_to is null;

create table lib.tag (code text primary key, label text);

create table lib.account (id bigint primary key, amount numeric(20, 4));

create table lib.place (country text, no integer, name text, primary key (country, no));

-- Not the order of the contract's key.
create table lib.link (person_id uuid, other_id uuid, primary key (other_id, person_id));
