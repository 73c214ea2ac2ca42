import type pg from 'pg'
import { assert } from '../../../src/assert.ts'
import { personId, personOf } from '../city-workload.ts'
import { latenciesOf, type Latencies } from '../wire/latencies.ts'
import { PG_SCHEMA, PG_SETTLE } from './pg-schema.ts'
import type { Postgres } from './postgres.ts'
import type { Transfer } from './transfers.ts'

export interface PgRun {
  readonly transfers: readonly Transfer[]
  readonly persons: number
  readonly count: number
  /** With one transaction in flight each. */
  readonly connections: number
  /** Balances of their own for each connection, or the same row for all. */
  readonly hasShards: boolean
}

export interface PgResult {
  readonly rate: number
  readonly latency: Latencies
  readonly postings: number
}

/** Numbers come as text where a double might not hold them. */
interface Called {
  readonly settled: string
  readonly repeat: boolean
}

const REPEATED = 100

/** Empty tables; what was in them is gone. */
export async function resetLedger(postgres: Postgres): Promise<void> {
  const client = await postgres.connect()
  await client.query('drop schema public cascade; create schema public')
  await client.query(PG_SCHEMA)
  await client.query('checkpoint')
  await client.end()
}

/** Books `count` settlements in empty tables, and checks that they and nothing else are there. */
export async function bookAll(postgres: Postgres, run: PgRun): Promise<PgResult> {
  await resetLedger(postgres)
  const clients: pg.Client[] = []
  for (let made = 0; made < run.connections; made += 1) clients.push(await postgres.connect())
  const took = new Float64Array(run.count)
  let next = 0
  const work = async (client: pg.Client, connection: number) => {
    while (next < run.count) {
      const index = next
      next += 1
      const begun = performance.now()
      const { repeat } = await call(client, run, index, connection)
      took[index] = performance.now() - begun
      assert(!repeat, 'each is booked for the first time')
    }
  }
  const begun = performance.now()
  await Promise.all(clients.map(work))
  const rate = run.count / ((performance.now() - begun) / 1000)
  const [first] = clients
  assert(first !== undefined, 'a connection')
  for (let index = 0; index < Math.min(REPEATED, run.count); index += 1) {
    assert((await call(first, run, index, 0)).repeat, 'the same request is booked once')
  }
  const postings = await checked(first, run)
  await Promise.all(clients.map(async (client) => client.end()))
  return { rate, latency: latenciesOf(took), postings: postings / run.count }
}

async function call(
  client: pg.Client,
  { transfers, persons, hasShards }: PgRun,
  index: number,
  connection: number,
): Promise<Called> {
  const { hospital, total, patient, debits, amounts } = at(transfers, index)
  const credits = debits.map(() => `provider:${hospital}`)
  const person = personId(personOf(index, persons))
  const shard = hasShards ? connection : 0
  const { rows } = await client.query<Called>({
    ...PG_SETTLE,
    values: [hospital, `R${index}`, person, total, patient, shard, debits, credits, amounts],
  })
  const [called] = rows
  assert(called !== undefined, 'a call has an answer')
  return called
}

function at(transfers: readonly Transfer[], index: number): Transfer {
  const found = transfers[index % transfers.length]
  assert(found !== undefined, 'there are transfers')
  return found
}

/** Balances are the postings, add up to nothing, and are what was sent. Gives the number of postings. */
async function checked(client: pg.Client, { transfers, count }: PgRun): Promise<number> {
  const expected = new Map<string, number>()
  let postings = 0
  for (let index = 0; index < count; index += 1) {
    const { hospital, total, debits, amounts } = at(transfers, index)
    postings += debits.length
    const provider = `provider:${hospital}`
    expected.set(provider, (expected.get(provider) ?? 0) + total)
    for (const [place, account] of debits.entries()) {
      expected.set(account, (expected.get(account) ?? 0) - (amounts[place] ?? 0))
    }
  }
  const { rows } = await client.query<{ readonly account: string; readonly amount: string }>(
    'select account, sum(amount) as amount from balance group by account',
  )
  assert(rows.length === expected.size, 'every account has a balance')
  for (const { account, amount } of rows) {
    assert(Number(amount) === expected.get(account), `the balance of ${account}`)
  }
  const { rows: counts } = await client.query<{ readonly n: string; readonly p: string }>(
    'select (select count(*) from settlement) as n, (select count(*) from posting) as p',
  )
  const { n, p } = counts[0] ?? { n: '', p: '' }
  assert(Number(n) === count && Number(p) === postings, 'each settlement is there once')
  return postings
}
