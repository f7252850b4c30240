-- What the benchmark writes: four tables of ordinary business rows, and one that marks the end of a backlog.

create schema bench;

create table bench.customer (
  id bigint primary key,
  name text not null,
  email text,
  credit_cents bigint not null,
  status character(1) not null,
  modified_at timestamp with time zone not null
);

create table bench.purchase (
  id bigint primary key,
  customer_id bigint not null,
  state text not null,
  total numeric(12, 2) not null,
  remark text,
  modified_at timestamp with time zone not null
);

create table bench.stock (
  id bigint primary key,
  sku text not null,
  quantity integer not null,
  location text not null,
  modified_at timestamp with time zone not null
);

create table bench.movement (
  id bigint primary key,
  stock_id bigint not null,
  quantity integer not null,
  amount numeric(12, 2) not null,
  note text,
  booked_at timestamp with time zone not null
);

create table bench.marker (
  id bigint primary key
);

create sequence bench.key start 1000001;

-- Rows to update: the same number in every table that workload A updates.
create procedure bench.seed(rows integer) language sql as $$
  insert into bench.customer
  select n, 'Customer ' || n, 'customer' || n || '@example.org', n * 100, 'A', clock_timestamp() from generate_series(1, rows) n;
  insert into bench.purchase
  select n, 1 + n % rows, 'open', n + 0.25, 'delivered to the back door', clock_timestamp() from generate_series(1, rows) n;
  insert into bench.stock
  select n, 'SKU-' || n, 1000, 'hall ' || n % 20, clock_timestamp() from generate_series(1, rows) n;
$$;

-- Transactions of three updates and one insert over four tables.
create procedure bench.workload_a(transactions integer, rows integer) language plpgsql as $$
declare
  a_customer integer;
  a_purchase integer;
  a_stock integer;
begin
  for n in 1 .. transactions loop
    a_customer := 1 + floor(random() * rows);
    a_purchase := 1 + floor(random() * rows);
    a_stock := 1 + floor(random() * rows);
    update bench.customer c set credit_cents = credit_cents + 1, modified_at = clock_timestamp() where c.id = a_customer;
    update bench.purchase p set total = total + 0.01, state = case n % 2 when 0 then 'paid' else 'sent' end,
           modified_at = clock_timestamp() where p.id = a_purchase;
    update bench.stock s set quantity = quantity - 1, modified_at = clock_timestamp() where s.id = a_stock;
    insert into bench.movement
    values (nextval('bench.key'), a_stock, 1, n % 1000 + 0.99, 'booked by the benchmark', clock_timestamp());
    commit;
  end loop;
end $$;

-- Transactions of one insert, in turn into a table with history and into a plain one.
create procedure bench.workload_b(transactions integer) language plpgsql as $$
begin
  for n in 1 .. transactions loop
    if n % 2 = 0 then
      insert into bench.movement
      values (nextval('bench.key'), n, 1, n % 1000 + 0.99, 'booked by the benchmark', clock_timestamp());
    else
      insert into bench.purchase
      values (nextval('bench.key'), n, 'open', n % 1000 + 0.25, 'delivered to the back door', clock_timestamp());
    end if;
    commit;
  end loop;
end $$;

-- Large transactions of inserts, in turn into a table with history and into a plain one.
create procedure bench.workload_c(transactions integer, inserts integer) language plpgsql as $$
begin
  for n in 1 .. transactions loop
    if n % 2 = 0 then
      insert into bench.movement
      select nextval('bench.key'), i, 1, i % 1000 + 0.99, 'booked by the benchmark', clock_timestamp()
        from generate_series(1, inserts) i;
    else
      insert into bench.purchase
      select nextval('bench.key'), i, 'open', i % 1000 + 0.25, 'delivered to the back door', clock_timestamp()
        from generate_series(1, inserts) i;
    end if;
    commit;
  end loop;
end $$;
