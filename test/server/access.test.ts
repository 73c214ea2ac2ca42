import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FRAME_OPERATIONS, type FrameOperation } from '../../src/protocol/frames/operations.ts'
import {
  newSecret,
  secretAuthenticator,
  type CredentialRecord,
} from '../../src/server/secret-authenticator.ts'
import { LockOut } from '../../src/server/lock-out.ts'
import { addressKey } from '../../src/server/remote-address.ts'
import { ROLES } from '../../src/server/principal.ts'
import { accepted } from '../conformance/rules.ts'
import { billOf } from '../workers/town.ts'
import { NOW, ServedTown } from './served-town.ts'
import { codesOf, type TerminalClient } from './terminal-client.ts'

let town: ServedTown
beforeAll(async () => {
  town = await ServedTown.open()
})
afterAll(async () => {
  await town.close()
})

describe('hello', () => {
  it.each(FRAME_OPERATIONS.filter((op) => op !== 'hello'))('comes before %s', async (op) => {
    const client = await town.connect()
    expect(codesOf(await client.ask('1', op, {}))).toEqual(['HELLO_FIRST'])
    expect(await client.closed).toEqual({ code: 4003, reason: 'HELLO_FIRST' })
  })

  it('is said once', async () => {
    const client = await town.login()
    const again = await client.ask('2', 'hello', { credential: town.credential('operator') })
    expect(codesOf(again)).toEqual(['HELLO_REPEATED'])
    const supplement = await client.ask('3', 'supplement', {})
    expect(codesOf(supplement)).toEqual(['OPERATION_NOT_YOURS'])
  })

  it.each([
    ['no credential', {}],
    ['a credential that is no text', { credential: { id: 'terminal-H' } }],
    ['a member it does not know', { credential: 'x.y', hospital: 'K' }],
    ['records that are not true or false', { credential: 'x.y', records: 'yes' }],
  ])('is refused with %s', async (_, body) => {
    const client = await town.connect()
    expect(codesOf(await client.ask('1', 'hello', body))).toEqual(['FRAME_MALFORMED'])
    expect(await client.closed).toEqual({ code: 4000, reason: 'FRAME_MALFORMED' })
  })

  it('asks for inline records on MessagePack only', async () => {
    const client = await town.connect()
    const body = { credential: town.credential('terminal-H'), records: true }
    expect(codesOf(await client.ask('1', 'hello', body))).toEqual(['FRAME_MALFORMED'])
  })
})

describe('credentials', () => {
  it('all fail in the same words', async () => {
    const served = await ServedTown.open()
    const right = served.credential('terminal-H')
    const secret = right.slice(right.lastIndexOf('.'))
    const answers = new Set<string>()
    for (const credential of [
      right.slice(0, -1),
      `${right}A`,
      `terminal-K${secret}`,
      `nobody${secret}`,
      secret,
      'terminal-H',
      '__proto__.x',
    ]) {
      const client = await served.connect()
      const reply = await client.ask('1', 'hello', { credential })
      expect(await client.closed).toEqual({ code: 4006, reason: 'CREDENTIAL_WRONG' })
      answers.add(JSON.stringify(reply))
    }
    expect([...answers].map((text) => JSON.parse(text) as object)).toMatchObject([
      { id: '1', ok: false, problems: [{ code: 'CREDENTIAL_WRONG', number: 1006, details: {} }] },
    ])
    await served.close()
  })

  it('lock a principal at an address after too many failures, for a time, and nobody else', async () => {
    const served = await ServedTown.open({ limits: { failedLogins: 3, lockMs: 30_000 } })
    const hello = async (credential: string) => {
      const client = await served.connect()
      return client.ask('1', 'hello', { credential })
    }
    for (const secret of ['a', 'b', 'c']) {
      expect(codesOf(await hello(`terminal-H.${secret}`))).toEqual(['CREDENTIAL_WRONG'])
    }
    const locked = await hello(served.credential('terminal-H'))
    expect(codesOf(locked)).toEqual(['LOGIN_LOCKED'])
    expect(locked.retryAfterMs).toBe(30_000)
    expect((await hello(served.credential('terminal-K'))).ok).toBe(true)
    served.time.now = NOW + 29_999
    expect(codesOf(await hello(served.credential('terminal-H')))).toEqual(['LOGIN_LOCKED'])
    served.time.now = NOW + 30_000
    expect((await hello(served.credential('terminal-H'))).ok).toBe(true)
    await served.close()
  })

  it('lock an address after many failures, whoever it says it is', async () => {
    const served = await ServedTown.open({
      limits: { failedLogins: 3, failedLoginsPerAddress: 5, lockMs: 30_000 },
    })
    const hello = async (credential: string) => {
      const client = await served.connect()
      return codesOf(await client.ask('1', 'hello', { credential }))
    }
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      expect(await hello(`${name}.guess`)).toEqual(['CREDENTIAL_WRONG'])
    }
    expect(await hello(served.credential('operator'))).toEqual(['LOGIN_LOCKED'])
    served.time.now = NOW + 30_000
    expect(await hello(served.credential('operator'))).toEqual([])
    await served.close()
  })

  it('that fail are remembered up to a bound, the oldest forgotten first', () => {
    const locks = new LockOut(2, { lockMs: 100, failuresKept: 2 }, () => 0)
    for (const name of ['a', 'a', 'b', 'b']) locks.failed(name)
    expect(['a', 'b'].map((name) => locks.lockedMs(name))).toEqual([100, 100])
    locks.failed('c')
    expect(['a', 'b', 'c'].map((name) => locks.lockedMs(name))).toEqual([0, 100, 0])
  })

  it('are valid in their time, and two secrets of one principal side by side', () => {
    const older = newSecret('t')
    const newer = newSecret('t')
    const principal = { id: 't', role: 'terminal', hospital: 'H' } as const
    const time = { now: 0 }
    const records = [
      { ...principal, secretHash: older.secretHash, until: 200 },
      { ...principal, secretHash: newer.secretHash, from: 100 },
    ]
    const authenticator = accepted(
      secretAuthenticator(records, () => time.now),
      'records',
    )
    const valid = (now: number) => {
      time.now = now
      return [older, newer].map(({ credential }) => authenticator.authenticate(credential)?.id)
    }
    expect(valid(99)).toEqual(['t', undefined])
    expect(valid(100)).toEqual(['t', 't'])
    expect(valid(200)).toEqual([undefined, 't'])
    expect(older.credential).not.toBe(newer.credential)
  })

  it.each([
    ['a terminal without a hospital', { role: 'terminal' }, '[0].hospital'],
    ['an operator with a hospital', { role: 'operator', hospital: 'H' }, '[0].hospital'],
    ['a secret in place of its hash', { role: 'operator', secretHash: 'x' }, '[0].secretHash'],
    ['an id with a blank', { role: 'operator', id: 'a b' }, '[0].id'],
    ['a day that is no instant', { role: 'operator', until: 0.5 }, '[0].until'],
  ])('are refused in a list with %s', (_, record, where) => {
    const { secretHash } = newSecret('x')
    const whole = { id: 'x', secretHash, ...record } as CredentialRecord
    const result = secretAuthenticator([whole], () => 0)
    expect(result).toMatchObject({
      ok: false,
      problems: [{ code: 'CREDENTIAL_RECORD_WRONG', where }],
    })
  })

  it('count an IPv4 address however it comes, and an IPv6 network as one', () => {
    const bytes = (...octets: number[]) => Uint8Array.from(octets).buffer
    const zeros = Array.from({ length: 10 }, () => 0)
    expect(addressKey(bytes(192, 0, 2, 1))).toBe('192.0.2.1')
    expect(addressKey(bytes(...zeros, 255, 255, 192, 0, 2, 1))).toBe('192.0.2.1')
    const network = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 1]
    const one = addressKey(bytes(...network, 0, 0, 0, 0, 0, 0, 0, 1))
    expect(one).toBe(addressKey(bytes(...network, 9, 9, 9, 9, 9, 9, 9, 9)))
    expect(one).not.toBe(addressKey(bytes(0x20, 1, 0xd, 0xb8, 0, 0, 0, 2, ...zeros.slice(0, 8))))
  })
})

describe('a terminal', () => {
  let settlement: unknown
  beforeAll(async () => {
    const client = await town.login('terminal-H')
    const settled = await client.ask('own', 'settle', { bill: billOf('B1', 'own', 400) })
    settlement = settled.answer?.['settlement']
  })

  it.each(['find', 'explain', 'reverse', 'resettle', 'confirm', 'cancel'] as const)(
    'does not see the settlement of another hospital with %s',
    async (op) => {
      const other = await town.login('terminal-K')
      const rest = op === 'resettle' ? { bill: { lines: [] } } : {}
      const platform = op === 'confirm' ? { platform: { setlinfo: {} } } : {}
      const reply = await other.ask(`foreign-${op}`, op, { settlement, ...rest, ...platform })
      const unknown = await other.ask(`absent-${op}`, op, {
        settlement: 'S000000999999',
        ...rest,
        ...platform,
      })
      expect(codesOf(reply)).toEqual(['SETTLEMENT_UNKNOWN'])
      // Word for word what is said of one that does not exist.
      const named = JSON.stringify(reply.problems).replaceAll(String(settlement), 'S000000999999')
      expect(named).toBe(JSON.stringify(unknown.problems))
    },
  )

  it('does not find it by person or request id either', async () => {
    const other = await town.login('terminal-K')
    const byPerson = await other.ask('1', 'find', { person: 'B1', day: '2024-06-10' })
    const byRequest = await other.ask('2', 'find', { requestId: 'own' })
    expect([byPerson.answer, byRequest.answer]).toEqual([{ settlements: [] }, { settlements: [] }])
  })

  it('acts for its own hospital whatever the bill says', async () => {
    const other = await town.login('terminal-K')
    const bill = { ...billOf('B2', 'claims', 100), hospital: { id: 'H' } }
    const reply = await other.ask('claims', 'settle', { bill })
    const mine = await other.ask('mine', 'find', { requestId: 'claims' })
    const hospitals = mine.answer?.['settlements'] as readonly { hospital: string }[]
    expect(reply.ok ? hospitals.map(({ hospital }) => hospital) : ['K']).toEqual(['K'])
    const theirs = await (await town.login('terminal-H')).ask('1', 'find', { requestId: 'claims' })
    expect(theirs.answer).toEqual({ settlements: [] })
  })

  it('has request ids of its own: another hospital may use the same', async () => {
    const other = await town.login('terminal-K')
    const reply = await other.ask('own', 'settle', { bill: billOf('B3', 'own', 100) })
    expect([reply.ok, reply.repeat]).toEqual([true, false])
  })

  it('hears of its own reversals, an operator of all, another hospital of none', async () => {
    const topics = ['settlement.reversed']
    const mine = await town.login('terminal-H')
    const other = await town.login('terminal-K')
    const operator = await town.login('operator')
    for (const client of [mine, other, operator]) {
      expect((await client.ask('sub', 'subscribe', { topics })).answer).toEqual({ topics })
    }
    const client = await town.login('terminal-H')
    const bill = billOf('B4', 'heard', 100)
    const first = (await client.ask('heard', 'settle', { bill })).answer
    const again = await client.ask('again', 'resettle', {
      settlement: first?.['settlement'],
      bill: { lines: bill.lines.slice(0, 1) },
    })
    const reversal = await client.ask('back', 'reverse', {
      settlement: again.answer?.['settlement'],
    })
    await client.ask('back', 'reverse', { settlement: again.answer?.['settlement'] })
    const heard = async (from: TerminalClient) => {
      await from.ask('end', 'ping', {})
      return from.received.filter(({ event }) => event !== undefined)
    }
    const events = [
      {
        event: 'settlement.reversed',
        settlement: first?.['settlement'],
        hospital: 'H',
        replacedBy: again.answer?.['settlement'],
      },
      {
        event: 'settlement.reversed',
        settlement: again.answer?.['settlement'],
        hospital: 'H',
        reversal: reversal.answer?.['reversal'],
      },
    ]
    expect(await heard(mine)).toMatchObject(events)
    expect(await heard(operator)).toMatchObject(events)
    expect(await heard(other)).toEqual([])
  })

  it.each([
    [{}, 'FRAME_MALFORMED'],
    [{ topics: 'settlement.reversed' }, 'FRAME_MALFORMED'],
    [{ topics: [] }, 'FRAME_MALFORMED'],
    [{ topics: ['engine.draining'], hospital: 'K' }, 'FRAME_MALFORMED'],
    [{ topics: ['engine.draining', 'pack.deleted'] }, 'TOPIC_UNKNOWN'],
    [{ topics: [{ topic: 1 }] }, 'TOPIC_UNKNOWN'],
  ])('subscribes to %j: %s', async (body, code) => {
    const client = await town.login()
    expect(codesOf(await client.ask('s', 'subscribe', body))).toEqual([code])
  })
})

/** Which roles have an operation, written apart from the server's own table. */
const ALLOWED: Readonly<Record<FrameOperation, string>> = {
  hello: 'toia',
  ping: 'toia',
  subscribe: 'to',
  explain: 'to',
  quote: 't',
  settle: 't',
  prepare: 't',
  confirm: 't',
  cancel: 't',
  unresolved: 'to',
  'lines.add': 't',
  'lines.withdraw': 't',
  reverse: 't',
  resettle: 't',
  find: 'to',
  dayTotals: 't',
  supplement: 'o',
  recalculate: 'o',
  closeDay: 'o',
  'platform.confirm': 'o',
}

describe.each(ROLES)('the role %s', (role) => {
  const id = role === 'terminal' ? 'terminal-H' : role
  it.each(FRAME_OPERATIONS)('may %s or is refused', async (op) => {
    const client = await town.login(id)
    // A body that no operation takes: what is allowed gets as far as its own refusal of it.
    const codes = codesOf(await client.ask('1', op, { nothing: 'of the kind' }))
    expect(codes).toHaveLength(1)
    const isRefused = codes[0] === 'OPERATION_NOT_YOURS'
    expect(isRefused).toBe(!ALLOWED[op].includes(role.slice(0, 1)))
  })
})
