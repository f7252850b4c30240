-- What the benchmark's rows become: two tables with history, two plain ones.

create schema mirror;

create table mirror.customer (
  customer_id uuid not null,
  legacy_id bigint not null,
  name text not null,
  email text,
  credit numeric(18, 2) not null,
  status text not null,
  modified_at timestamp with time zone not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (customer_id, valid_from)
);
create unique index customer_current on mirror.customer (customer_id) where valid_to is null;

create table mirror.purchase (
  purchase_id uuid not null,
  customer_id uuid not null,
  state text not null,
  total numeric(12, 2) not null,
  remark text,
  modified_at timestamp with time zone not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (purchase_id, valid_from)
);
create unique index purchase_current on mirror.purchase (purchase_id) where valid_to is null;

create table mirror.stock (
  id bigint primary key,
  sku text not null,
  quantity integer not null,
  location text not null,
  modified_at timestamp with time zone not null
);

create table mirror.movement (
  id bigint primary key,
  stock_id bigint not null,
  quantity integer not null,
  amount numeric(12, 2) not null,
  note text,
  booked_at timestamp with time zone not null
);

create table mirror.marker (
  id bigint primary key
);
