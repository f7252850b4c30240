create table orders (id bigint primary key, article text not null);
insert into orders values (1, 'a lamp');
