create schema unified;

create table unified.partner (partner_id uuid primary key, source_id bigint not null, name text not null);
