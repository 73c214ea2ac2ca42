import { openEngine, type Engine } from '../../../src/engine/open-engine.ts'
import type { Store } from '../../../src/engine/ports.ts'
import type { Operation } from '../../../src/engine/request.ts'
import type { RegistryEntry } from '../../../src/ledger/record.ts'
import { given } from '../../store/places.ts'
import { smallRules } from './small-rules.ts'

type Tree = Readonly<Record<string, unknown>>

const HOSPITALS = ['H1', 'H2'] as const
export const SMALL_DAY = Date.UTC(2024, 4, 6, 2)
const DAY_MS = 86_400_000

/** Writes a history with every kind of record into `store`: the same bytes whenever it is called. */
export async function writeSmallHistory(store: Store): Promise<void> {
  let now = SMALL_DAY
  const engine = given(await openEngine({ store, clock: () => (now += 1_000), onDefect: raise }))
  await install(engine)
  const session = new Session(engine)
  const settled = await settleSome(session)
  now += DAY_MS
  await session.ask('closeDay', '', { day: '2024-05-06' })
  await changeSome(session, settled)
  await suspendAndRollBack(engine)
  await session.settle('P3', { stay: 'V9', without: ['P3-citizen'] })
  const asked = { principal: 'terminal-1', role: 'terminal', outcome: 'asked' } as const
  given(await engine.audit([{ ...asked, action: 'find', subject: 'P3' }]))
  await engine.close()
}

function raise(error: unknown): never {
  throw error
}

async function install(engine: Engine): Promise<void> {
  const { profile, packs } = smallRules()
  given(await engine.rules.publish({ profile, packs }))
  for (const { id, hash, effective } of packs) {
    if (id === 'small/group') given(await engine.rules.shadow(profile.id, hash))
    if (id === 'small/group') continue
    const from = effective.from
    given(await engine.rules.activate({ jurisdiction: profile.id, pack: hash, from }))
  }
  given(await engine.registry('first.csv', [...HOSPITALS.map(hospital), ...people('1')]))
  given(await engine.registry('second.csv', [person('P2', '2'), { ...person('P5', '1') }]))
  given(await engine.registry('third.csv', [{ kind: 'person', id: 'P5', entry: null }]))
}

async function suspendAndRollBack(engine: Engine): Promise<void> {
  const { profile, packs } = smallRules()
  const citizen = packs.find(({ id }) => id === 'small/citizen')?.hash ?? ''
  given(await engine.rules.suspend(profile.id, citizen))
  given(await engine.rules.rollBack({ jurisdiction: profile.id, pack: 'small/afterwards' }))
}

function hospital(id: string): RegistryEntry {
  return { kind: 'hospital', id, entry: { id, facts: { level: '2' } } }
}

function people(tier: string): readonly RegistryEntry[] {
  return ['P1', 'P2', 'P3', 'P4'].map((id) => person(id, tier))
}

function person(id: string, tier: string): RegistryEntry {
  const policy = (product: string, more: Tree = {}) => ({
    id: `${id}-${product}`,
    product: `small/${product}`,
    start: '2024-01-01',
    end: '2024-12-31',
    ...more,
  })
  const shared = policy('citizen', { id: 'SHARED', shared: true })
  const entry = {
    id,
    jurisdiction: 'small',
    familyId: id < 'P3' ? 'F1' : `F-${id}`,
    facts: { tier },
    identities: [],
    coverage: [{ from: '2023-01-01' }],
    policies: [id < 'P3' ? shared : policy('citizen'), policy('family')],
  }
  return { kind: 'person', id, entry }
}

type SettleMore = Tree & { readonly stay: string; readonly operation?: Operation }

/** Asks one engine, each time under a new request id; a refusal is an error. */
class Session {
  readonly #engine: Engine
  #requests = 0
  #lines = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async ask(operation: Operation, hospitalId: string, body: Tree): Promise<Tree> {
    this.#requests += 1
    const requestId = `R${this.#requests}`
    const reply = await this.#engine.submit({ operation, hospital: hospitalId, requestId, body })
    if (reply.kind === 'answer') return reply.answer
    throw new Error(`${operation} ${requestId} ${JSON.stringify(reply.problems)}`)
  }

  /** Members of `more` that are not of the request belong to the bill. */
  async settle(id: string, more: SettleMore, at = 'H1'): Promise<Tree> {
    const { stay, operation = 'settle', invoice, without, ...stated } = more
    const visit = { id: stay, kind: 'inpatient', start: '2024-05-01', end: '2024-05-05' }
    const bill = { person: { id }, visit, lines: this.lines(3), ...stated }
    return this.ask(operation, at, { bill, invoice, without })
  }

  lines(count: number): readonly Tree[] {
    return Array.from({ length: count }, () => {
      this.#lines += 1
      const id = `L${this.#lines}`
      const yuan = 40 + ((this.#lines * 137) % 400)
      return this.#lines % 3 === 0
        ? { id, name: '自费', date: '2024-05-03', ownPay: `${yuan}.50` }
        : { id, name: '药品', date: '2024-05-03', inScope: `${yuan}.25` }
    })
  }
}

/** Settlements of four persons; prepared ones that are confirmed, cancelled, left. Gives the ids of the settled ones by stay. */
async function settleSome(session: Session): Promise<ReadonlyMap<string, unknown>> {
  const settled = new Map<string, unknown>()
  for (const stay of ['V1', 'V2', 'V3', 'V4']) {
    settled.set(stay, (await session.settle('P1', { stay }))['settlement'])
  }
  settled.set(
    'W1',
    (await session.settle('P2', { stay: 'W1', invoice: 'I-1' }, 'H2'))['settlement'],
  )
  const given = { payments: [{ kind: 'basic', amount: '10.00' }], settlementId: 'PLATFORM-1' }
  settled.set('X1', (await session.settle('P3', { stay: 'X1', given }))['settlement'])
  const [confirmed, cancelled] = [
    await session.settle('P3', { stay: 'X2', operation: 'prepare' }),
    await session.settle('P4', { stay: 'Y1', operation: 'prepare', invoice: 'I-2' }),
  ]
  await session.settle('P4', { stay: 'Y2', operation: 'prepare' })
  const setlinfo = { ...(confirmed['setlinfo'] as Tree), setl_id: 'PLATFORM-2' }
  const { settlement } = confirmed
  await session.ask('confirm', 'H1', { settlement, platform: { setlinfo } })
  await session.ask('cancel', 'H1', { settlement: cancelled['settlement'], reason: '平台拒绝' })
  await session.ask('platform.confirm', 'H1', { settlement: settled.get('X1'), evidence: '3202' })
  return settled
}

/** Lines sent beforehand, reversals, a resettlement, a supplement, a recalculation. */
async function changeSome(session: Session, settled: ReadonlyMap<string, unknown>): Promise<void> {
  const lines = session.lines(4)
  const [first, second, third, fourth] = lines.map(({ id }) => id)
  await session.ask('lines.add', 'H1', { stay: 'Z1', lines })
  await session.ask('lines.add', 'H1', {
    stay: 'Z1',
    lines: [...lines.slice(0, 1), ...session.lines(1)],
  })
  await session.ask('lines.add', 'H1', { stay: 'Z1', lines: lines.slice(0, 1) })
  await session.ask('lines.withdraw', 'H1', { stay: 'Z1', ids: [fourth] })
  await session.settle('P4', { stay: 'Z1', staged: [first, third], lines: undefined })
  await session.ask('reverse', 'H1', { settlement: settled.get('V1'), reason: '退费' })
  await session.ask('resettle', 'H1', {
    settlement: settled.get('V2'),
    bill: { lines: session.lines(2) },
    invoice: 'I-3',
  })
  await session.ask('recalculate', '', { person: 'P1' })
  await session.ask('supplement', 'H1', {
    person: 'P1',
    settlements: [settled.get('V3'), settled.get('V4')],
    packs: ['small/afterwards'],
  })
  await session.ask('reverse', 'H2', { settlement: settled.get('W1') })
  await session.settle('P4', { stay: 'Z1', staged: [second], lines: undefined })
}
