import type { SplitAnswer } from '../../src/ledger/answer.ts'
import type {
  ConfirmedRecord,
  LinesRecord,
  Posting,
  RecalculationRecord,
  ReversalRecord,
  SplitRecord,
} from '../../src/ledger/record.ts'
import { fen, formatYuan } from '../../src/money/fen.ts'

/** 2025-03-01. */
export const DAY = 20_148

/** Line id, what the fund pays, what the insurer pays, what the patient has; fen. */
export type HandLine = readonly [id: string, fund: number, insurer: number, patient: number]

interface Occasion {
  readonly stay: string
  readonly person: string
  /** Fields of setlinfo that came with the bill. */
  readonly carried?: Readonly<Record<string, string>>
}

/** A split between a fund, an insurer and the patient, whose account pays 1.00 yuan. */
export function answerOf(
  lines: readonly HandLine[],
  { stay, person, carried = {} }: Occasion,
): SplitAnswer {
  const sum = (index: 1 | 2 | 3) => lines.reduce((total, line) => total + line[index], 0)
  const yuan = (amount: number) => formatYuan(fen(amount))
  const [fund, insurer, patient] = [sum(1), sum(2), sum(3)]
  return {
    total: fund + insurer + patient,
    payers: [
      { id: 'pool', kind: 'basic', amount: fund },
      { id: 'insurer', kind: 'commercial', policyId: 'POL-1', amount: insurer },
    ],
    lines: lines.map(([id, ...paid]) => {
      const [first, second, rest] = paid
      return [id, first + second + rest, rest, [first, second], []]
    }),
    classification: [0, 0, 0, fund + insurer + patient],
    deductibleUsed: 0,
    packageAdjustment: 0,
    patient: {
      total: fen(patient),
      account: { current: fen(100), history: fen(0), family: fen(0), given: fen(0) },
      cash: fen(patient - 100),
    },
    fixed: [],
    setlinfo: {
      insutype: '310',
      ...carried,
      mdtrt_id: stay,
      psn_no: person,
      medfee_sumamt: yuan(fund + insurer + patient),
      fund_pay_sumamt: yuan(fund),
      acct_pay: yuan(100),
      psn_cash_pay: yuan(insurer + patient - 100),
    },
    setldetail: [],
    warnings: [],
  }
}

/** The postings of `lines`, for a hospital that keeps all of it but line `m`, which a maker is paid. */
export function postingsOf(lines: readonly HandLine[]): readonly Posting[] {
  const sums = new Map<string, Posting>()
  for (const [id, fund, insurer, patient] of lines) {
    const payee = id === 'm' ? 'supplier:maker' : 'provider:H1'
    const parts = [
      ['payer:pool', payee, fund],
      ['payer:insurer', payee, insurer],
      ['patient', payee, patient],
    ] as const
    for (const [from, to, amount] of parts) {
      const before = sums.get(`${from} ${to}`)?.[2] ?? 0
      if (amount + before > 0) sums.set(`${from} ${to}`, [from, to, amount + before])
    }
  }
  return [...sums.values()]
}

export function turned(postings: readonly Posting[]): readonly Posting[] {
  return postings.map(([from, to, amount]) => [to, from, amount])
}

function request(id: string, operation: string) {
  return { hospital: 'H1', id, operation, fingerprint: '00' }
}

export function splitRecord(
  seq: number,
  lines: readonly HandLine[],
  more: Partial<SplitRecord> & { readonly carried?: Readonly<Record<string, string>> } = {},
): SplitRecord {
  const { carried = {}, ...stated } = more
  const occasion = { stay: stated.stay ?? 'V1', person: stated.person ?? 'P1', carried }
  return {
    kind: 'settlement',
    operation: 'settle',
    seq,
    at: seq,
    day: DAY,
    request: request(`r${seq}`, 'settle'),
    hospital: 'H1',
    stay: occasion.stay,
    person: occasion.person,
    bill: billOf(lines, occasion.stay),
    settlementDay: DAY,
    register: { person: [1, 0], hospital: [1, 1] },
    jurisdiction: 'demo',
    ruleSet: 'hash',
    semantics: 1,
    before: [],
    contributions: [],
    sharedPolicies: [],
    answer: answerOf(lines, occasion),
    postings: postingsOf(lines),
    lineIds: lines.map(([id]) => id),
    unique: [],
    confirmed: true,
    digest: '00',
    ...stated,
  }
}

export function billOf(lines: readonly HandLine[], stay: string) {
  const tagged = lines.map(([id]) => ({ id, tags: id === 'm' ? ['supplier:maker'] : [] }))
  return { visit: { id: stay }, lines: tagged }
}

export function confirmedRecord(seq: number, split: SplitRecord, setlId: string): ConfirmedRecord {
  return {
    kind: 'confirmed',
    seq,
    at: seq,
    day: DAY + 1,
    request: request(`r${seq}`, 'confirm'),
    settlement: split.seq,
    platform: { setlinfo: { setl_id: setlId, clr_optins: '430199', clr_type: '21' } },
    postings: split.postings,
    unique: [],
  }
}

export function reversalRecord(
  seq: number,
  split: SplitRecord,
  more: Partial<ReversalRecord> = {},
): ReversalRecord {
  const { hospital, stay, person } = split
  return {
    kind: 'reversal',
    seq,
    at: seq,
    day: DAY + 2,
    request: request(`r${seq}`, 'reverse'),
    settlement: split.seq,
    hospital,
    stay,
    person,
    contributions: [],
    postings: turned(split.postings),
    ...more,
  }
}

/** A recalculation to `lines`; its postings are what it must net. */
export function recalculationRecord(
  seq: number,
  split: SplitRecord,
  lines: readonly HandLine[],
  postings: readonly Posting[],
): RecalculationRecord {
  const { hospital, stay, person } = split
  return {
    kind: 'recalculation',
    seq,
    at: seq,
    day: DAY + 1,
    request: request(`r${seq}`, 'recalculate'),
    settlement: split.seq,
    hospital,
    person,
    run: { with: 'then' },
    register: split.register,
    ruleSet: split.ruleSet,
    semantics: split.semantics,
    before: [],
    contributions: [],
    postings,
    answer: answerOf(lines, { stay, person }),
    digest: '00',
  }
}

export function linesRecord(seq: number, lines: readonly HandLine[], stay: string): LinesRecord {
  const added = billOf(lines, stay).lines
  return { kind: 'lines', seq, at: seq, day: DAY, hospital: 'H1', stay, added, withdrawn: [] }
}
