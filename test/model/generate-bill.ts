import type { Chance } from '../hostile/chance.ts'
import { isoDay } from './days.ts'
import type { Tree } from './model-split.ts'

/** A stay or visit as its hospital knows it. */
export interface Stay {
  readonly id: string
  readonly person: string
  readonly hospital: string
  readonly visit: Tree
  readonly startDay: number
  readonly endDay: number
  /** Lines made for it so far. */
  lines: number
}

const OUTPATIENT_PERCENT = 40

export function newStay(
  chance: Chance,
  { id, person, hospital }: Pick<Stay, 'id' | 'person' | 'hospital'>,
  today: number,
): Stay {
  const isOutpatient = chance.below(100) < OUTPATIENT_PERCENT
  const endDay = today - chance.below(3)
  const startDay = isOutpatient ? endDay : endDay - 1 - chance.below(6)
  const visit = {
    id,
    kind: isOutpatient ? 'outpatient' : 'inpatient',
    start: isoDay(startDay),
    ...(!isOutpatient && { end: isoDay(endDay) }),
  }
  return { id, person, hospital, visit, startDay, endDay, lines: 0 }
}

/** Lines of a stay, mostly new ones; seldom one that may have been settled already. */
export function newLines(chance: Chance, stay: Stay, count: number): readonly Tree[] {
  const lines: Tree[] = []
  for (let made = 0; made < count; made += 1) {
    const isOld = stay.lines > 0 && chance.below(100) < 13
    const number = isOld ? 1 + chance.below(stay.lines) : (stay.lines += 1)
    const id = `L${number}`
    if (lines.some((line) => line['id'] === id)) continue
    const { startDay, endDay } = stay
    lines.push({
      id,
      code: chance.oneOf(['A1', 'A2', 'B1']),
      ...amounts(chance),
      ...(chance.below(3) === 0 && {
        date: isoDay(startDay + chance.below(endDay - startDay + 1)),
      }),
      ...(chance.below(9) === 0 && { tags: ['supplier:SUP', '特药'] }),
    })
  }
  return lines
}

function amounts(chance: Chance): Tree {
  const parts: Record<string, string> = {
    inScope: yuan(chance.below(chance.oneOf([20_000, 60_000, 120_000]))),
  }
  if (chance.below(2) === 0) parts['preSelfPay'] = yuan(chance.below(20_000))
  if (chance.below(3) === 0) parts['ownPay'] = yuan(chance.below(30_000))
  if (chance.below(5) === 0) parts['overLimit'] = yuan(chance.below(5_000))
  return parts
}

/** A bill of these lines (`undefined`: those sent beforehand), and now and then something wrong or unusual with it. */
export function newBill(
  chance: Chance,
  stay: Stay,
  lines: readonly Tree[] | undefined,
  today: number,
): Tree {
  const own = lines === undefined ? { staged: true } : { lines }
  const isPlain = chance.below(100) < 70
  return {
    person: isPlain ? { id: stay.person } : personOf(chance, stay),
    visit: stay.visit,
    ...own,
    ...(isPlain ? {} : extras(chance, today)),
    ...(lines !== undefined && money(chance, lines)),
  }
}

/** Whether a bill has nothing unusual, and will most likely be settled. */
export function isPlainBill(bill: Tree): boolean {
  return Object.keys(bill).every((key) => PLAIN.includes(key))
}

const PLAIN = ['person', 'visit', 'lines', 'staged', 'account', 'deposit', 'given']

function personOf(chance: Chance, { person }: Stay): Tree {
  const one = chance.below(100)
  if (one < 2) return { id: 'P404' }
  if (one < 4) return { id: chance.oneOf(['P1', 'P2', 'P3', 'P4', 'P5']) }
  if (one < 6) return { id: person, insutype: '390' }
  if (one < 9) return { id: person, insutype: '310' }
  if (one === 10) return { id: person, identities: ['低保'] }
  return { id: person }
}

function extras(chance: Chance, today: number): Tree {
  const one = chance.below(100)
  if (one < 12) return { settlementDate: isoDay(today - 2 + chance.below(4)) }
  if (one < 15) return { settlementDate: isoDay(today + chance.oneOf([-5, 5])) }
  if (one < 24) return { account: { current: yuan(chance.below(20_000)) } }
  if (one < 30) return { deposit: yuan(chance.below(90_000)) }
  if (one < 33) return { without: [chance.oneOf(['C1', 'SH', 'G2'])] }
  if (one === 33) return { hospital: { level: 3 } }
  if (one === 34) return { policies: [] }
  if (one === 35) return { familyId: 'F1' }
  if (one === 36) return { unheard: 'of' }
  return {}
}

/** Totals, and layers that the platform has settled. */
function money(chance: Chance, lines: readonly Tree[]): Tree {
  const one = chance.below(100)
  const total = lines.reduce((sum, line) => sum + amountOf(line), 0)
  if (one < 10) return { total: yuan(total) }
  if (one === 11) return { total: yuan(total + 1) }
  if (one >= 28) return {}
  const inScope = lines.reduce((sum, line) => sum + Math.round(Number(line['inScope']) * 100), 0)
  const amount = Math.floor((inScope * chance.below(80)) / 100)
  return {
    given: {
      payments: [{ kind: 'basic', amount: yuan(amount) }],
      settlementId: `PLAT${chance.below(6)}`,
      ...(chance.below(10) > 0 && {
        deductible: yuan(Math.min(5_000, inScope - amount)),
        overCap: '0.00',
      }),
      ...(chance.below(8) === 0 && { hospitalShare: yuan(Math.min(100, total - amount)) }),
      ...(chance.below(4) === 0 && { confirmed: true }),
    },
  }
}

function amountOf(line: Tree): number {
  return ['inScope', 'preSelfPay', 'ownPay', 'overLimit']
    .map((part) => Math.round(Number(line[part] ?? 0) * 100))
    .reduce((sum, amount) => sum + amount, 0)
}

export function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
