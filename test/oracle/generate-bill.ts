import type { Bill, BillLine, GivenSettlement } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import { fen, type Fen } from '../../src/money/fen.ts'
import type { FactSheet } from '../../src/rules/facts.ts'
import { SOCIAL_KINDS, type PackKind } from '../../src/rules/kind.ts'
import type { Choices } from './choices.ts'
import { DAY_2023 } from './build.ts'

/** How large the bill is: the edges of exact arithmetic are 949,000 yuan and the safe range. */
export type Size = 'small' | 'ordinary' | 'edge' | 'huge'

export function someSize(choices: Choices): Size {
  return choices.of(
    'ordinary',
    'small',
    'ordinary',
    'ordinary',
    'edge',
    'small',
    'ordinary',
    'huge',
  )
}

function someAmount(choices: Choices, size: Size): Fen {
  switch (size) {
    case 'small':
      return fen(choices.below(12))
    case 'ordinary':
      return fen(
        choices.of(
          choices.below(100_000),
          choices.below(100) * 10_000,
          choices.below(5_000_000),
          choices.below(3),
        ),
      )
    case 'edge':
      return fen(94_900_000 + choices.below(2_000) - 1_000)
    case 'huge':
      return fen(9_000_000_000_000 / 12 - choices.below(1_000_000))
  }
}

/**
 * Why a bill of the history may be refused, if at all: one reason at most, because which of two is met first is not
 * defined.
 */
export type Flaw = 'none' | 'missing fact' | 'flat edges' | 'incomplete given'

/** What the scenario keeps simple because the specification leaves it open. */
export interface BillPlan {
  readonly size: Size
  readonly acrossYears: boolean
  /** Only lines that look alike to every line filter (package prices add a bare line). */
  readonly given: boolean
  readonly supplement: boolean
  readonly flaw: Flaw
}

export function someBill(choices: Choices, index: number, plan: BillPlan): Bill {
  const start = plan.acrossYears
    ? DAY_2023 + 350 + choices.below(14)
    : DAY_2023 + 40 + choices.below(200) + index * 30
  const days = choices.between(1, 25)
  const originals = choices.times(choices.between(1, 9), (at) =>
    someLine(choices, `${at + 1}`, start, days, plan.size),
  )
  const lines = originals.flatMap((line) => [line, ...someRefunds(choices, line)])
  const kind = choices.of('inpatient', 'inpatient', 'outpatient', 'daySurgery', 'chronic')
  const settlementDay = start + days + choices.of(0, 0, 1, 20)
  const missing = plan.flaw === 'missing fact'
  const stayId = choices.chance(20) ? 'V0' : `V${index}`
  return {
    stayId,
    visit: someVisit(choices, { stayId, kind, missing }, start, days),
    hospital: {
      id: 'H',
      level: choices.of(3, 2, 1),
      networks: choices.of(['A'], [], ['A', 'B']),
    },
    lines,
    settlementDay,
    accountUsed: choices.chance(60),
    account: {
      current: fen(choices.below(200_000)),
      history: fen(choices.below(50_000)),
      family: fen(choices.below(20_000)),
    },
    without: choices.chance(10) ? [choices.of('POL2', 'POL1')] : [],
    ...choices.maybe(20, 'deposit', () => fen(choices.below(3_000_000))),
    ...(plan.given && { given: someGiven(choices, lines, plan.flaw === 'incomplete given') }),
  }
}

function someVisit(
  choices: Choices,
  { stayId: id, kind, missing }: { stayId: string; kind: string; missing: boolean },
  start: number,
  days: number,
): FactSheet {
  return {
    id,
    kind,
    start,
    ...(missing && kind === 'outpatient' && choices.chance(60) ? {} : { end: start + days }),
    ...(missing && choices.chance(30) ? {} : { days }),
    referred: choices.chance(50),
    place: choices.of('local', 'otherCity', 'otherProvince'),
    diagnosis: choices.of('J18', 'C34', 'K35'),
    disease: choices.of('M1', 'M2'),
    accident: choices.chance(20),
    accidentId: choices.of('X1', 'X2'),
    transferChain: choices.of('T1', 'T2'),
    ...choices.maybe(10, 'admissionNo', () => choices.between(1, 4)),
  }
}

function someLine(choices: Choices, id: string, start: number, days: number, size: Size): BillLine {
  const amount = someAmount(choices, size)
  const ownPay = choices.of(0, 0, amount, choices.below(amount + 1))
  const overLimit = choices.of(0, 0, 0, choices.below(amount - ownPay + 1))
  const left = amount - ownPay - overLimit
  const preSelfPay = choices.of(0, 0, Math.floor(left / 10), choices.below(left + 1))
  const date = start + choices.below(days + 1)
  return {
    id,
    amount,
    day: date,
    quantity: choices.of(10_000, 20_000, 30_000, 5_000, 12_345),
    classification: {
      ownPay: fen(ownPay),
      overLimit: fen(overLimit),
      preSelfPay: fen(preSelfPay),
      inScope: fen(left - preSelfPay),
    },
    facts: {
      id,
      code: choices.of('A1', 'A2', 'XL01B', 'XL01C', 'B1'),
      chargeType: choices.of('09', '01', '05'),
      amount,
      date,
      imported: choices.chance(30),
      outside: choices.chance(20),
    },
  }
}

/** Takes back nothing, a half of every part, or everything. */
function someRefunds(choices: Choices, line: BillLine): BillLine[] {
  const whole = line.classification
  if (!choices.chance(20) || whole === undefined || line.amount === 0) return []
  const divisor = choices.of(2, 1, 3)
  const part = (amount: number) => fen(0 - Math.floor(amount / divisor))
  const classification = {
    ownPay: part(whole.ownPay),
    overLimit: part(whole.overLimit),
    preSelfPay: part(whole.preSelfPay),
    inScope: part(whole.inScope),
  }
  const amount = fen(Object.values(classification).reduce((so, one) => so + one, 0))
  if (amount === 0) return []
  const id = `${line.id}r`
  return [
    {
      id,
      refundOf: line.id,
      amount,
      day: line.day,
      quantity: part(line.quantity ?? 0),
      classification,
      facts: { ...line.facts, id, amount },
    },
  ]
}

function someGiven(
  choices: Choices,
  lines: readonly BillLine[],
  incomplete: boolean,
): GivenSettlement {
  const whole = lines.reduce((so, line) => so + line.amount, 0)
  const inScope = lines.reduce((so, line) => so + (line.classification?.inScope ?? 0), 0)
  const deductible = Math.min(choices.of(0, 80_000, 3), Math.floor(inScope / 4))
  const overCap = choices.of(0, 0, Math.floor(inScope / 5))
  const basic = choices.of(
    Math.floor((inScope - deductible - overCap) / 2),
    inScope - deductible - overCap,
    Math.floor((whole * 3) / 4),
    0,
  )
  const other = choices.of(0, Math.floor((whole - basic) / 3), whole - basic)
  const hospital = choices.of(0, 0, Math.floor((whole - basic - other) / 2))
  return {
    payments: [
      ...(choices.chance(10)
        ? []
        : [{ kind: 'basic', payerId: 'fund', amount: fen(basic) } as const]),
      { kind: choices.of('major-illness', 'commercial'), payerId: 'major', amount: fen(other) },
    ],
    kinds: choices.of<readonly PackKind[]>(SOCIAL_KINDS, ['basic', 'major-illness'], ['basic'], []),
    hospitalShare: fen(hospital),
    ...(!(incomplete && choices.chance(60)) && { deductible: fen(deductible) }),
    ...(!(incomplete && choices.chance(60)) && { overCap: fen(overCap) }),
    accountPaid: fen(choices.of(0, 0, 1_000, 500_000)),
    confirmed: true,
  }
}

/** An earlier settlement's patient cells instead of own lines. */
export function asSupplement(choices: Choices, bill: Bill, packs: readonly string[]): Bill {
  const lines = bill.lines
    .filter((line) => line.refundOf === undefined)
    .map((line): BillLine => {
      const whole = line.classification
      const inScope = whole?.inScope ?? 0
      const deductible = choices.below(inScope + 1)
      const overCap = choices.of(0, choices.below(inScope - deductible + 1))
      return {
        ...line,
        cells: {
          deductible: fen(deductible),
          overCap: fen(overCap),
          coinsurance: fen(inScope - deductible - overCap),
          preSelfPay: whole?.preSelfPay ?? fen(0),
          overLimit: whole?.overLimit ?? fen(0),
          ownPay: whole?.ownPay ?? fen(0),
        },
      }
    })
  return { ...bill, lines, supplement: { packs } }
}

export function someCoverage(choices: Choices, products: readonly string[]): Coverage {
  // Now and then somebody holds two policies of one product.
  const held = products.flatMap((one) => (choices.chance(15) ? [one, one] : [one]))
  return {
    person: {
      id: 'P',
      age: choices.of(40, 0, 17, 60, 70, 95),
      sex: choices.of('male', 'female'),
      insutype: choices.of('310', '390'),
      retired: choices.chance(40),
      identities: choices.of([], ['低保'], ['特困', '低保']),
      income: choices.of(3_000_000, 0, 12_345_67),
      tier: choices.of(1, 2),
    },
    familyId: 'F',
    policies: held.map((product, index) => ({
      id: `POL${index + 1}`,
      product,
      start: DAY_2023 + choices.of(0, 10, 100, -10, choices.below(360)),
      end: DAY_2023 + choices.of(729, 729, 364, 300 + choices.below(80)),
      preExisting: choices.chance(30),
      consecutiveYears: choices.below(4),
      groupId: 'G',
      ...choices.maybe(60, 'priority', () => choices.between(1, 2)),
    })),
  }
}
