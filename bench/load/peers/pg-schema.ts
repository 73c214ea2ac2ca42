/**
 * The ledger somebody would otherwise build: a settlement a row, unique by hospital and request; its postings; a balance for each account.
 * One call of the function is one transaction and one round trip. Balances have a row for each connection, as those do who know that one
 * row for a fund would make everybody wait for everybody's commit.
 */
export const PG_SCHEMA = `
create table settlement (
  id bigint generated always as identity primary key,
  hospital text not null,
  request text not null,
  person text not null,
  total bigint not null,
  patient bigint not null,
  at timestamptz not null default now(),
  unique (hospital, request)
);
create table posting (
  settlement bigint not null references settlement,
  place smallint not null,
  debit text not null,
  credit text not null,
  amount bigint not null check (amount > 0),
  primary key (settlement, place)
);
create table balance (
  account text not null,
  shard smallint not null,
  amount bigint not null,
  primary key (account, shard)
);
create function settle(
  a_hospital text, a_request text, a_person text, a_total bigint, a_patient bigint, a_shard smallint,
  a_debits text[], a_credits text[], a_amounts bigint[],
  out settled bigint, out repeat boolean
) language plpgsql as $$
declare was_total bigint;
begin
  repeat := false;
  insert into settlement (hospital, request, person, total, patient)
    values (a_hospital, a_request, a_person, a_total, a_patient)
    on conflict (hospital, request) do nothing
    returning id into settled;
  if settled is null then
    select id, total into settled, was_total from settlement
      where hospital = a_hospital and request = a_request;
    if was_total <> a_total then raise 'the request differs'; end if;
    repeat := true;
    return;
  end if;
  insert into posting
    select settled, one.place, one.debit, one.credit, one.amount
    from unnest(a_debits, a_credits, a_amounts) with ordinality as one (debit, credit, amount, place);
  insert into balance as held
    select side.account, a_shard, sum(side.amount)
    from unnest(a_debits, a_credits, a_amounts) as one (debit, credit, amount),
      lateral (values (one.debit, -one.amount), (one.credit, one.amount)) as side (account, amount)
    group by side.account
    order by side.account
    on conflict (account, shard) do update set amount = held.amount + excluded.amount;
end $$;
`

/** Calls it; prepared once a connection. */
export const PG_SETTLE = {
  name: 'settle',
  text: 'select settled, repeat from settle($1, $2, $3, $4, $5, $6, $7, $8, $9)',
} as const
