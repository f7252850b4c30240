create schema unified;

create table unified.country (code text primary key, name text not null unique, note text);

create table unified.city (
    city_id      uuid primary key,
    country_code text references unified.country,
    name         varchar(10) not null
);

create table unified.partner (
    partner_id uuid        not null,
    name       text        not null,
    score      numeric(12, 2),
    doc        json,
    valid_from timestamptz not null,
    valid_to   timestamptz,
    primary key (partner_id, valid_from),
    check (valid_to > valid_from)
);
create unique index partner_current on unified.partner (partner_id) where valid_to is null;

create table unified.note (
    note_id     uuid        not null,
    body        text        not null,
    is_archived boolean     not null,
    valid_from  timestamptz not null,
    valid_to    timestamptz,
    primary key (note_id, valid_from),
    check (valid_to > valid_from)
);
create unique index note_current on unified.note (note_id) where valid_to is null;

create table unified.presence (
    partner_id uuid not null,
    city_id    uuid not null references unified.city,
    primary key (partner_id, city_id)
);
