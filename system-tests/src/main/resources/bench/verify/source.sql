-- Rows for the worked contract: one partner in ten rows, the others contacts and addresses that refer to one.

create schema bench;

create procedure bench.fill(total bigint) language plpgsql as $$
declare
  partners constant bigint := greatest(total / 10, 1);
  contacts constant bigint := total * 45 / 100;
  addresses constant bigint := greatest(total - partners - contacts, 0);
begin
  insert into partners.currency values ('EUR', 'Euro', 2, null);
  insert into partners.country
  values ('DE', 'Germany', 'EUR', true, '{+49}'), ('AT', 'Austria', 'EUR', true, '{+43}');
  insert into partners.partner
         (id, parent_id, kind, status, name, trade_name, email, country_code, founded_on, employees, risk_class,
          credit_limit_cents, payment_term, aliases, attributes, created_at, modified_at, search_rank)
  select g, case when g % 10 = 0 then g / 10 end, case when g % 10 = 0 then 'BRANCH' else 'COMPANY' end::partners.partner_kind,
         case when g % 50 = 0 then 'B' else 'A' end, 'Partner number ' || g, case when g % 3 = 0 then ' Trade name ' || g end,
         ' Office' || g || '@Example.org', case when g % 4 = 0 then 'AT' else 'DE' end, date '1950-01-01' + (g % 25000)::int,
         g % 5000, g % 4, case when g % 5 = 0 then g * 100 end, interval '30 days', array['A' || g, 'known as ' || g],
         jsonb_build_object('segment', 'S' || g % 7, 'score', g), timestamptz '2020-01-01 00:00:00+00' + g * interval '1.1 s',
         timestamp '2021-01-01' + g * interval '1.000123 s', g / 7.0
    from generate_series(1, partners) g;
  insert into partners.partner_contact
  select md5(g::text)::uuid, g % partners + 1, case when g % 2 = 0 then 'Ms' else 'Mr' end, 'First' || g % 1000, 'Last' || g,
         'Someone.' || g || '@Example.org ', '+49 30 ' || g, date '1960-01-01' + (g % 15000)::int, '08:00', '17:30',
         array['de', 'en'], array[1, 2, 3, 4, 5], case when g % 3 = 0 then 'Y' else 'N' end
    from generate_series(1, contacts) g;
  insert into partners.partner_address
  select g % partners + 1, g / partners, case g % 3 when 0 then 'BILL' when 1 then 'SHIP' else 'HQ' end, 'Long street of town ' || g % 999,
         g % 200, lpad((g % 99999)::text, 5, '0'), 'Town ' || g % 5000, case when g % 4 = 0 then 'AT' else 'DE' end,
         (g % 180000) / 1000.0 - 90, (g % 360000) / 1000.0 - 180
    from generate_series(1, addresses) g;
end
$$;
