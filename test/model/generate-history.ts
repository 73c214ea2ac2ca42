import { Chance } from '../hostile/chance.ts'
import { dayOf, dayOfIso, isoDay, startOf } from './days.ts'
import { newBill, newLines } from './generate-bill.ts'
import type { History, RequestStep, Step } from './history.ts'
import {
  hospitalOf,
  idOf,
  PERSONS,
  remember,
  request,
  someMade,
  someStay,
  today,
  writtenOtherwise,
  type Memory,
} from './history-memory.ts'
import type { Tree } from './model-split.ts'
import { CHANGES } from './register.ts'
import { PLACES } from './rules.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Maker = (memory: Memory) => Step | undefined

const MAKERS: readonly (readonly [weight: number, make: Maker])[] = [
  [24, settle],
  [4, quote],
  [3, settleQuoted],
  [9, prepare],
  [8, confirm],
  [4, cancel],
  [12, reverse],
  [6, resettle],
  [6, supplement],
  [8, recalculate],
  [6, addLines],
  [5, withdrawLines],
  [3, settleStaged],
  [3, find],
  [2, dayTotals],
  [2, unresolved],
  [3, closeDay],
  [5, platformConfirm],
  [9, again],
  [12, clock],
  [3, registry],
  [3, activate],
  [1, rollBack],
  [1, suspend],
]
const WEIGHTS = MAKERS.reduce((sum, [weight]) => sum + weight, 0)

/** 8 to 18 steps that `seed` decides wholly. */
export function generateHistory(seed: number): History {
  const chance = new Chance(seed)
  const start = startOf(dayOfIso('2025-12-28') + chance.below(6)) + chance.below(DAY)
  const memory: Memory = {
    chance,
    steps: [],
    stays: [],
    made: [],
    staged: new Set(),
    quoted: [],
    person: chance.oneOf(PERSONS),
    clock: start,
    latest: start,
    requests: 0,
  }
  const count = 8 + chance.below(11)
  while (memory.steps.length < count) {
    const step = makerOf(chance.below(WEIGHTS))(memory)
    if (step === undefined) continue
    const isTogether = step.kind === 'request' && chance.below(100) < 22
    memory.steps.push(isTogether ? { ...step, isTogether } : step)
  }
  return { seed, start, steps: memory.steps }
}

function makerOf(at: number): Maker {
  let left = at
  for (const [weight, make] of MAKERS) {
    if (left < weight) return make
    left -= weight
  }
  return settle
}

function settle(memory: Memory): Step {
  return splitStep(memory, 'settle')
}

function prepare(memory: Memory): Step {
  return splitStep(memory, 'prepare')
}

function splitStep(memory: Memory, operation: 'settle' | 'prepare'): Step {
  const { chance } = memory
  const stay = someStay(memory)
  const bill = newBill(
    chance,
    stay,
    newLines(chance, stay, 1 + chance.below(chance.oneOf([1, 2, 2, 5]))),
    today(memory),
  )
  remember(memory, stay, operation, bill)
  return request(memory, operation, stay.hospital, { bill, ...around(memory) })
}

/** What may stand beside a bill. */
function around({ chance, latest }: Memory): Tree {
  const one = chance.below(100)
  if (one < 10) return { invoice: `INV${chance.below(5)}` }
  if (one < 14) return { notAfter: latest + chance.oneOf([-1, 0, 2 * MINUTE]) }
  if (one < 16) return { expect: { patient: '1.23', payers: {} } }
  return {}
}

function quote(memory: Memory): Step {
  const { chance } = memory
  const stay = someStay(memory)
  const isStaged = memory.staged.has(stay) && chance.below(2) === 0
  const lines = isStaged ? undefined : newLines(chance, stay, 1 + chance.below(3))
  const bill = newBill(chance, stay, lines, today(memory))
  memory.quoted.push({ step: memory.steps.length, stay, bill })
  const without = chance.below(8) === 0 ? { without: ['G1'] } : {}
  return request(memory, 'quote', stay.hospital, { bill, ...without })
}

/** What was quoted is settled, with the totals that were shown or others. */
function settleQuoted(memory: Memory): Step | undefined {
  const { chance } = memory
  const quoted = chance.anyOf(memory.quoted)
  if (quoted === undefined) return undefined
  const { step, stay, bill } = quoted
  remember(memory, stay, 'settle', bill)
  const expect = { $expect: step, add: chance.below(6) === 0 ? 1 : 0 }
  return request(memory, 'settle', stay.hospital, { bill, expect })
}

function settleStaged(memory: Memory): Step | undefined {
  const { chance } = memory
  const stay = chance.anyOf([...memory.staged])
  if (stay === undefined) return undefined
  const bill = newBill(chance, stay, undefined, today(memory))
  const ids = [`L${stay.lines}`, `L${Math.max(1, stay.lines - 1)}`]
  const staged = chance.below(3) === 0 ? { staged: [...new Set(ids)] } : {}
  const operation = chance.below(4) === 0 ? 'prepare' : 'settle'
  remember(memory, stay, operation, bill)
  return request(memory, operation, stay.hospital, { bill: { ...bill, ...staged } })
}

function confirm(memory: Memory): Step | undefined {
  const { chance } = memory
  const made = someMade(memory, ({ operation }) => operation === 'prepare')
  if (made === undefined) return undefined
  const setlId = `PLAT${chance.below(5)}`
  const add = chance.below(6) === 0 ? 1 : 0
  const setlinfo = { $platform: made.step, setlId, add }
  return request(memory, 'confirm', hospitalOf(memory, made), {
    settlement: idOf(memory, made),
    platform: { setlinfo },
  })
}

function cancel(memory: Memory): Step | undefined {
  const made = someMade(
    memory,
    ({ operation }) => operation === 'prepare' || memory.chance.below(12) === 0,
  )
  if (made === undefined) return undefined
  made.isEnded = true
  return request(memory, 'cancel', hospitalOf(memory, made), { settlement: idOf(memory, made) })
}

function reverse(memory: Memory): Step | undefined {
  const made = someMade(memory)
  if (made === undefined) return undefined
  made.isEnded = true
  const reason = memory.chance.below(3) === 0 ? { reason: '退费' } : {}
  const body = { settlement: idOf(memory, made), ...reason }
  return request(memory, 'reverse', hospitalOf(memory, made), body)
}

function resettle(memory: Memory): Step | undefined {
  const { chance } = memory
  const made = someMade(memory, ({ operation }) => operation !== 'supplement')
  if (made === undefined) return undefined
  const { stay } = made
  const lines = [...newLines(chance, stay, 1 + chance.below(3))]
  const [first] = lines
  if (first !== undefined && chance.below(3) === 0) {
    // Part of a line is given back.
    const { preSelfPay: _p, ownPay: _o, overLimit: _l, ...rest } = first
    lines[0] = { ...rest, inScope: '300.00' }
    lines.push({
      ...rest,
      id: `${String(first['id'])}R`,
      refundOf: first['id'],
      inScope: '-120.50',
    })
  }
  const expect = chance.below(10) === 0 ? { expect: { $expect: made.step, add: 0 } } : {}
  made.isEnded = true
  remember(memory, stay, 'resettle', undefined)
  return request(memory, 'resettle', hospitalOf(memory, made), {
    settlement: idOf(memory, made),
    bill: { lines },
    ...expect,
  })
}

function supplement(memory: Memory): Step | undefined {
  const { chance } = memory
  const made = someMade(
    memory,
    ({ operation }) => operation !== 'supplement' || chance.below(15) === 0,
  )
  if (made === undefined) return undefined
  const { stay } = made
  const others = memory.made.filter(
    (one) =>
      one !== made &&
      !one.isEnded &&
      one.stay.person === stay.person &&
      one.operation !== 'supplement',
  )
  const second = chance.below(2) === 0 ? chance.anyOf(others) : undefined
  const sources = second === undefined ? [made] : [made, second]
  const place = stay.person.startsWith('P3') || stay.person === 'P4' ? 'strict' : 'keep'
  const packs =
    place === 'strict'
      ? ['strict/afterwards']
      : chance.oneOf([
          ['keep/afterwards'],
          ['keep/shadowless'],
          ['keep/afterwards', 'keep/shadowless'],
        ])
  const date = chance.below(4) === 0 ? { date: isoDay(today(memory) - chance.below(4)) } : {}
  remember(memory, stay, 'supplement', undefined)
  const hospital = chance.below(2) === 0 ? '' : hospitalOf(memory, made)
  return request(memory, 'supplement', hospital, {
    person: chance.below(30) === 0 ? 'P2' : stay.person,
    settlements: sources.map((one) => idOf(memory, one)),
    packs: chance.below(25) === 0 ? ['keep/unheard-of'] : packs,
    ...date,
  })
}

/** Mostly of somebody whose settlement was just taken back. */
function recalculate(memory: Memory): Step {
  const { chance } = memory
  const ended = memory.made.findLast(({ isEnded }) => isEnded)
  const isTheirs = ended !== undefined && chance.below(100) < 70
  const person = isTheirs ? ended.stay.person : chance.oneOf(['P1', 'P1', 'P2', 'P3'])
  const since = isoDay(today(memory) - chance.below(3))
  const run =
    chance.below(4) > 0 ? {} : { with: 'now', ...(chance.below(2) === 0 && { from: since }) }
  return request(memory, 'recalculate', '', { person, ...run })
}

function addLines(memory: Memory): Step {
  const { chance } = memory
  const stay = someStay(memory)
  memory.staged.add(stay)
  const lines = newLines(chance, stay, 1 + chance.below(chance.below(8) === 0 ? 5 : 3))
  return request(memory, 'lines.add', stay.hospital, { stay: stay.id, lines })
}

function withdrawLines(memory: Memory): Step | undefined {
  const { chance } = memory
  const stay = chance.anyOf([...memory.staged])
  if (stay === undefined) return undefined
  const ids = [`L${1 + chance.below(Math.max(1, stay.lines))}`]
  return request(memory, 'lines.withdraw', stay.hospital, { stay: stay.id, ids })
}

function find(memory: Memory): Step {
  const { chance } = memory
  const made = someMade(memory)
  const hospital = made === undefined ? 'H1' : hospitalOf(memory, made)
  const one = chance.below(3)
  if (made !== undefined && one === 0) {
    return request(memory, 'find', hospital, { settlement: idOf(memory, made) })
  }
  const step = made === undefined ? undefined : memory.steps[made.step]
  if (step?.kind === 'request' && step.requestId !== '' && one === 1) {
    return request(memory, 'find', hospital, { requestId: step.requestId })
  }
  const person = made?.stay.person ?? 'P1'
  return request(memory, 'find', hospital, {
    person,
    day: isoDay(today(memory) - chance.below(2)),
  })
}

function dayTotals(memory: Memory): Step {
  const { chance } = memory
  const day = isoDay(today(memory) - chance.below(3))
  return request(memory, 'dayTotals', chance.oneOf(['H1', 'H2']), { day })
}

function unresolved(memory: Memory): Step {
  return request(memory, 'unresolved', memory.chance.oneOf(['H1', 'H2', '']), {})
}

function closeDay(memory: Memory): Step {
  const back = memory.chance.oneOf([0, 1, 1, 1, 2])
  return request(memory, 'closeDay', '', { day: isoDay(today(memory) - back) })
}

function platformConfirm(memory: Memory): Step | undefined {
  const made =
    someMade(memory, ({ hasGiven }) => hasGiven) ??
    (memory.chance.below(3) === 0 ? someMade(memory) : undefined)
  if (made === undefined) return undefined
  return request(memory, 'platform.confirm', hospitalOf(memory, made), {
    settlement: idOf(memory, made),
    evidence: '3201',
  })
}

/** A request once more: the same, written otherwise, with other content, or with a new id. */
function again(memory: Memory): Step | undefined {
  const { chance, steps } = memory
  const requests = steps.filter((step): step is RequestStep => step.kind === 'request')
  // By operation first, or the rare ones would hardly ever come again.
  const operation = chance.anyOf([...new Set(requests.map((step) => step.operation))])
  const old = chance.anyOf(requests.filter((step) => step.operation === operation))
  if (old === undefined) return undefined
  const { isTogether: _, ...step } = old
  switch (chance.below(8)) {
    case 0:
    case 1:
      return step
    case 2:
    case 3:
      return { ...step, body: writtenOtherwise(step.body) }
    case 4:
      return { ...step, body: { ...step.body, notBefore: 1 } }
    case 5:
      return { ...step, body: { ...step.body, notAfter: memory.latest + DAY } }
    default:
      memory.requests += 1
      return { ...step, requestId: `R${memory.requests}` }
  }
}

function clock(memory: Memory): Step {
  const { chance, clock: now } = memory
  const one = chance.below(100)
  const at =
    one < 25
      ? now + chance.below(10 * MINUTE)
      : one < 45
        ? now + chance.oneOf([15 * MINUTE - 1, 15 * MINUTE, 16 * MINUTE, HOUR])
        : one < 60
          ? startOf(dayOf(now) + 1) - chance.oneOf([0, 1, 1000])
          : one < 82
            ? now + DAY + chance.below(DAY)
            : one < 95
              ? now - chance.oneOf([1, MINUTE, HOUR, DAY])
              : now + chance.oneOf([20, 21, 30, 31]) * DAY
  memory.clock = at
  memory.latest = Math.max(memory.latest, at)
  return { kind: 'clock', at }
}

function registry({ chance }: Memory): Step {
  const count = 1 + chance.below(2)
  return {
    kind: 'registry',
    changes: Array.from({ length: count }, () => chance.below(CHANGES.length)),
  }
}

function somePack({ chance }: Memory): { place: number; later: number } {
  const place = chance.below(PLACES.length)
  return { place, later: chance.below(PLACES[place]?.later.length ?? 1) }
}

function activate(memory: Memory): Step {
  const from = isoDay(today(memory) + memory.chance.oneOf([-40, -3, -1, 0, 0, 1]))
  return { kind: 'activate', ...somePack(memory), from }
}

function rollBack(memory: Memory): Step {
  return { kind: 'rollBack', ...somePack(memory) }
}

/** Mostly one that is held back is taken up again. */
function suspend({ chance, steps }: Memory): Step {
  const held = steps.findLast((step) => step.kind === 'suspend' || step.kind === 'resume')
  if (held?.kind === 'suspend' && chance.below(3) > 0) return { ...held, kind: 'resume' }
  const place = chance.below(PLACES.length)
  const pack = chance.below(PLACES[place]?.packs.length ?? 1)
  return { kind: chance.below(10) === 0 ? 'resume' : 'suspend', place, pack }
}
