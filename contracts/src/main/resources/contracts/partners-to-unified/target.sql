-- The unified database: what replaces the Partners/Reference database. Nothing in here knows of the migration.

create schema unified;

create type unified.party_type as enum ('organisation', 'person', 'branch');
create type unified.party_status as enum ('active', 'blocked', 'inactive');
create type unified.agreement_status as enum ('draft', 'active', 'suspended', 'ended');
create type unified.document_type as enum ('letter', 'invoice', 'certificate', 'scan', 'contract');

-- Reference data, overwritten in place.

create table unified.currency (
  code character(3) primary key,
  name text not null,
  minor_units integer not null,
  retired_on date
);

create table unified.country (
  iso_code character(2) primary key,
  name text not null,
  currency_code character(3) not null references unified.currency (code),
  eu_member boolean not null,
  calling_codes text[]
);

create table unified.tag (
  tag_id uuid primary key,
  slug text not null,
  label character varying(60) not null,
  color text
);

create table unified.price_list (
  price_list_id uuid primary key,
  code text not null,
  title text,
  currency_code character(3) not null references unified.currency (code),
  audience text not null
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

create table unified.credit_line (
  credit_line_id uuid not null,
  party_id uuid not null,
  credit_limit numeric(20, 2) not null,
  risk text,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (credit_line_id, valid_from)
);
create unique index credit_line_current on unified.credit_line (credit_line_id) where valid_to is null;

create table unified.tax_registration (
  tax_registration_id uuid not null,
  party_id uuid not null,
  country_code character(2) not null,
  vat_number text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (tax_registration_id, valid_from)
);
create unique index tax_registration_current on unified.tax_registration (tax_registration_id) where valid_to is null;

create table unified.contact (
  contact_id uuid not null,
  party_id uuid not null,
  full_name text not null,
  last_name text not null,
  email text,
  phone text,
  birthday date,
  call_from time without time zone,
  call_until time without time zone,
  languages text[],
  weekdays integer[],
  is_primary boolean not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (contact_id, valid_from)
);
create unique index contact_current on unified.contact (contact_id) where valid_to is null;

create table unified.address (
  address_id uuid not null,
  party_id uuid not null,
  position integer not null,
  usage text,
  street text not null,
  postal_code text,
  city text not null,
  country_code character(2),
  latitude double precision,
  longitude double precision,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (address_id, valid_from)
);
create unique index address_current on unified.address (address_id) where valid_to is null;

create table unified.document (
  document_id uuid not null,
  party_id uuid not null,
  type unified.document_type not null,
  title text not null,
  body text,
  properties jsonb,
  language text,
  envelope json,
  checksum bytea,
  pages bigint,
  received_at timestamp with time zone not null,
  is_archived boolean not null default false,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (document_id, valid_from)
);
create unique index document_current on unified.document (document_id) where valid_to is null;

create table unified.note (
  note_id uuid not null,
  party_id uuid not null,
  is_public boolean not null,
  author text not null,
  body text not null,
  written_at timestamp with time zone not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (note_id, valid_from)
);
create unique index note_current on unified.note (note_id) where valid_to is null;

-- The account keeps the identity it always had.
create table unified.bank_account (
  account_id uuid not null,
  party_id uuid not null,
  iban text not null,
  bic character varying(11),
  holder text,
  currency_code character(3) not null,
  balance numeric(38, 9) not null,
  overdraft numeric,
  opened_on date not null,
  closed_on date,
  is_verified boolean not null,
  fingerprint bytea,
  is_archived boolean not null default false,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (account_id, valid_from)
);
create unique index bank_account_current on unified.bank_account (account_id) where valid_to is null;

-- Other names for the validity, because not every team says valid_from.
create table unified.credit_rating (
  rating_id uuid not null,
  party_id uuid not null,
  agency text not null,
  grade text,
  probability double precision,
  rated_at timestamp with time zone not null,
  evidence bytea,
  recorded_from timestamp with time zone not null,
  recorded_to timestamp with time zone,
  primary key (rating_id, recorded_from)
);
create unique index credit_rating_current on unified.credit_rating (rating_id) where recorded_to is null;

create table unified.agreement (
  agreement_id uuid not null,
  number text not null,
  party_id uuid not null,
  status unified.agreement_status not null,
  subject text,
  signed_at timestamp with time zone,
  volume numeric(16, 2),
  terms jsonb,
  format_version smallint not null,
  is_migrated boolean not null,
  is_archived boolean not null default false,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (agreement_id, valid_from)
);
create unique index agreement_current on unified.agreement (agreement_id) where valid_to is null;

create table unified.agreement_term (
  agreement_term_id uuid not null,
  agreement_id uuid not null,
  starts_on date not null,
  ends_on date,
  notice_period interval,
  auto_renew boolean,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (agreement_term_id, valid_from)
);
create unique index agreement_term_current on unified.agreement_term (agreement_term_id) where valid_to is null;

-- Composite key: the agreement's identity and the line number as it was.
create table unified.agreement_line (
  agreement_id uuid not null,
  line_no integer not null,
  product_code text not null,
  quantity numeric(12, 3) not null,
  unit_price numeric,
  discount double precision,
  options jsonb,
  remark text,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (agreement_id, line_no, valid_from)
);
create unique index agreement_line_current on unified.agreement_line (agreement_id, line_no) where valid_to is null;

create table unified.price (
  price_id uuid not null,
  price_list_id uuid not null,
  product_code character varying(30) not null,
  priced_on date not null,
  amount numeric(20, 2) not null,
  tax_rate numeric(6, 4),
  changed_at timestamp with time zone not null,
  remark text,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  primary key (price_id, valid_from)
);
create unique index price_current on unified.price (price_id) where valid_to is null;

-- Junctions.

create table unified.party_tag (
  party_id uuid not null,
  tag_id uuid not null references unified.tag (tag_id) deferrable initially deferred,
  tagged_at timestamp with time zone not null,
  weight numeric(5, 2),
  primary key (party_id, tag_id)
);
create index on unified.party_tag (tag_id);

create table unified.party_price_list (
  party_id uuid not null,
  price_list_id uuid not null references unified.price_list (price_list_id) deferrable initially deferred,
  primary key (party_id, price_list_id)
);
create index on unified.party_price_list (price_list_id);
