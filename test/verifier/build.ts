import type {
  BenefitStep,
  CellAmounts,
  ClassifyStep,
  ExplanationStep,
  LayerStep,
} from '../../src/adjudication/explanation.ts'
import type { SettledPayer, Settlement } from '../../src/adjudication/settlement.ts'
import { fen } from '../../src/money/fen.ts'
import { CATEGORIES } from '../../src/rules/category.ts'
import type { PackKind } from '../../src/rules/kind.ts'

export function cells(amounts: Readonly<Record<number, number>>): CellAmounts {
  const entries = Object.entries(amounts)
  return { cells: entries.map(([cell]) => Number(cell)), amounts: entries.map(([, part]) => part) }
}

export const NONE = cells({})
export const NO_SPREADS = {
  firstShare: NONE,
  deductible: NONE,
  overCap: NONE,
  payment: NONE,
  extra: NONE,
}

export function classify(line: number, parts: Partial<ClassifyStep>): ClassifyStep {
  const { ownPay = 0, overLimit = 0, preSelfPay = 0, inScope = 0 } = parts
  return {
    step: 'classify',
    line,
    lineId: `${line + 1}`,
    name: '费用',
    amount: ownPay + overLimit + preSelfPay + inScope,
    by: 'bill',
    ...parts,
    ownPay,
    overLimit,
    preSelfPay,
    inScope,
  }
}

export function layer(payer: number, kind: PackKind, pack: string): LayerStep {
  const titles = { titleZh: pack, titleEn: pack }
  return { step: 'layer', kind, pack, hash: 'h', ...titles, year: '2023', segment: 0, payer }
}

/** A benefit on all of `selected` at one rate, whose numbers a test then states itself. */
export function benefit(
  payer: number,
  pack: string,
  selected: CellAmounts,
  stated: Partial<BenefitStep>,
): BenefitStep {
  const gross = selected.amounts.reduce((sum, part) => sum + part, 0)
  return {
    step: 'benefit',
    pack,
    benefit: 'main',
    titleZh: '保障',
    titleEn: 'benefit',
    clause: '一',
    payer,
    basic: false,
    of: 'residual',
    selected,
    weights: [],
    firstShares: [],
    weighted: selected,
    gross,
    base: gross,
    ratedBase: gross,
    rounding: 'band',
    bands: [],
    rated: 0,
    limits: [],
    served: gross,
    overCap: 0,
    coinsurance: 0,
    stopLoss: 0,
    payment: 0,
    spread: NO_SPREADS,
    counters: [],
    ...stated,
  }
}

interface StatedPayer {
  readonly id: string
  readonly kind: PackKind
  readonly pack?: string
}

interface StatedLine {
  readonly paid: readonly number[]
  readonly residual: readonly number[]
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, amount) => left + amount, 0)
}

/** A settlement of `explanation` with hand-stated `lines`; only sums are formed here. */
export function settled(
  payers: readonly StatedPayer[],
  lines: readonly StatedLine[],
  explanation: readonly ExplanationStep[],
  stated: Partial<Settlement> = {},
): Settlement {
  const classified = explanation.filter((step) => step.step === 'classify')
  const part = (name: 'ownPay' | 'overLimit' | 'preSelfPay' | 'inScope') =>
    fen(sum(classified.map((step) => step[name])))
  const patient = sum(lines.flatMap(({ residual }) => residual))
  const column = (index: number) => fen(sum(lines.map(({ residual }) => residual[index] ?? 0)))
  return {
    kind: 'settlement',
    semantics: 1,
    stayId: 'V',
    settlementDay: 19_500,
    total: fen(sum(classified.filter(({ by }) => by !== 'package').map(({ amount }) => amount))),
    payers: payers.map((payer, index): SettledPayer => ({
      ...payer,
      given: payer.pack === undefined,
      amount: fen(sum(lines.map(({ paid }) => paid[index] ?? 0))),
    })),
    lines: lines.map(({ paid, residual }, index) => {
      const step = classified[index] ?? classify(index, {})
      return {
        id: step.lineId,
        amount: fen(step.amount),
        classification: {
          ownPay: fen(step.ownPay),
          overLimit: fen(step.overLimit),
          preSelfPay: fen(step.preSelfPay),
          inScope: fen(step.inScope),
        },
        paid: paid.map((amount) => fen(amount)),
        patient: fen(sum(residual)),
        residual: residual.map((amount) => fen(amount)),
      }
    }),
    classification: {
      ownPay: part('ownPay'),
      overLimit: part('overLimit'),
      preSelfPay: part('preSelfPay'),
      inScope: part('inScope'),
    },
    residual: {
      deductible: column(CATEGORIES.indexOf('deductible')),
      coinsurance: column(CATEGORIES.indexOf('coinsurance')),
      overCap: column(CATEGORIES.indexOf('overCap')),
      inScope: column(CATEGORIES.indexOf('inScope')),
      preSelfPay: column(CATEGORIES.indexOf('preSelfPay')),
      overLimit: column(CATEGORIES.indexOf('overLimit')),
      ownPay: column(CATEGORIES.indexOf('ownPay')),
    },
    deductibleUsed: fen(0),
    packageAdjustment: fen(0),
    patient: {
      total: fen(patient),
      account: { current: fen(0), history: fen(0), family: fen(0), given: fen(0) },
      cash: fen(patient),
    },
    fixed: [],
    counters: [],
    packs: payers.flatMap(({ pack }) => (pack === undefined ? [] : [{ id: pack, hash: 'h' }])),
    profile: { id: 'p', hash: 'h' },
    confirmed: true,
    setlinfo: {},
    setldetail: [],
    warnings: [],
    explanation: [...explanation],
    ...stated,
  }
}
