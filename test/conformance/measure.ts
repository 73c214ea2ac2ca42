import type { Settlement } from '../../src/adjudication/settlement.ts'
import { parseYuan } from '../../src/money/fen.ts'
import { CATEGORIES } from '../../src/rules/category.ts'
import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../../src/rules/read/source-node.ts'

/** Settlements looked at together and the counters after them. */
export interface Measured {
  readonly settlements: readonly Settlement[]
  readonly counters: ReadonlyMap<string, number>
}

/**
 * The amount that an expression of a conformance file names, in fen, summed over the settlements: `{ payer: id }`,
 * `{ kind: basic }`, `{ benefit: [pack, benefit] }`, `{ residual: [category, …] }`, `{ patient: total }` and so on.
 */
export function measure(node: SourceNode, measured: Measured): number {
  const [entry] = entriesOf(node)
  const { key, value } = must(entry, `${node.where}: an expression has one key`)
  const parts = () => itemsOf(value).map((item) => measure(item, measured))
  switch (key) {
    case 'yuan':
      return yuanOf(value)
    case 'add':
      return sum(parts())
    case 'subtract': {
      const [first = 0, ...others] = parts()
      return first - sum(others)
    }
    case 'divide':
      return divided(value, measured)
    case 'counter':
      return measured.counters.get(textOf(value)) ?? 0
    default:
      return sum(measured.settlements.map((settlement) => amountOf(settlement, key, value)))
  }
}

function divided(node: SourceNode, measured: Measured): number {
  const [amount, count] = itemsOf(node)
  const quotient =
    measure(must(amount, 'divide: an amount'), measured) /
    Number(textOf(must(count, 'divide: a count')))
  if (!Number.isInteger(quotient)) throw new Error(`${node.where}: not a whole number of fen`)
  return quotient
}

function amountOf(settlement: Settlement, key: string, value: SourceNode): number {
  switch (key) {
    case 'payer':
      return paid(settlement, (payer) => payer.id === textOf(value))
    case 'kind':
      return paid(settlement, (payer) => payer.kind === textOf(value))
    case 'funds':
      return paid(settlement, () => true)
    case 'benefit':
      return sum(stepsOf(settlement, value).map((step) => step.payment))
    case 'band':
      return bandOf(settlement, value)
    case 'banded':
      return sum(stepsOf(settlement, value).flatMap(({ bands }) => bands.map(widthOf)))
    case 'fixed':
      return sum(
        settlement.fixed.filter(({ pack }) => pack === textOf(value)).map(({ amount }) => amount),
      )
    case 'packageAdjustment':
      return settlement.packageAdjustment
    case 'residual':
      return sum(textsOf(value).map((name) => residualOf(settlement, name)))
    case 'classification':
      return sum(textsOf(value).map((name) => partOf(settlement, name)))
    case 'line':
      return lineOf(settlement, value)
    case 'patient':
      return patientOf(settlement, textOf(value))
    default:
      throw new Error(`${value.where}: ${key} measures nothing`)
  }
}

function paid(
  { payers }: Settlement,
  wanted: (payer: Settlement['payers'][number]) => boolean,
): number {
  return sum(payers.filter(wanted).map(({ amount }) => amount))
}

function stepsOf({ explanation }: Settlement, value: SourceNode) {
  const [pack, benefit] = textsOf(value)
  return explanation.flatMap((step) =>
    step.step === 'benefit' && step.pack === pack && step.benefit === benefit ? [step] : [],
  )
}

/** `[pack, benefit, n]`: what its n-th band paid, before any limit. */
function bandOf(settlement: Settlement, value: SourceNode): number {
  const index = Number(textsOf(value)[2]) - 1
  return sum(stepsOf(settlement, value).map(({ bands }) => bands[index]?.payment ?? 0))
}

/** What of the base lies in the band. */
function widthOf({ from, to }: { readonly from: number; readonly to: number }): number {
  return to - from
}

function residualOf(settlement: Settlement, name: string): number {
  const category = CATEGORIES.find((known) => known === name)
  return settlement.residual[must(category, `${name} is no category`)]
}

const PARTS = ['ownPay', 'overLimit', 'preSelfPay', 'inScope'] as const

function partOf(settlement: Settlement, name: string): number {
  return settlement.classification[
    must(
      PARTS.find((known) => known === name),
      `${name} is no part`,
    )
  ]
}

/** `[line, patient]`: what the patient owes on one line. */
function lineOf(settlement: Settlement, value: SourceNode): number {
  const [id] = textsOf(value)
  return must(
    settlement.lines.find((line) => line.id === id),
    `no line ${id ?? ''}`,
  ).patient
}

function patientOf({ patient }: Settlement, what: string): number {
  const { current, history, family, given } = patient.account
  switch (what) {
    case 'total':
      return patient.total
    case 'cash':
      return patient.cash
    case 'account':
      return current + history + family + given
    case 'current':
      return current
    case 'history':
      return history
    case 'family':
      return family
    case 'depositBalance':
      return must(patient.depositBalance, 'no deposit')
    default:
      throw new Error(`${what} is no part of the patient's share`)
  }
}

/** The value at `key`, which a well-written file has. */
export function part(node: SourceNode, key: string): SourceNode {
  return must(child(node, key), `${node.where}: ${key} is missing`)
}

/** `value`, which a well-written file has. */
export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(what)
  return value
}

/** An amount in yuan as fen. */
export function yuanOf(node: SourceNode): number {
  const amount = parseYuan(textOf(node))
  if (!amount.ok) throw new Error(`${node.where}: no amount`)
  return amount.value
}

export function textOf(node: SourceNode): string {
  return must(scalarText(node), `${node.where}: no text`)
}

export function textsOf(node: SourceNode): readonly string[] {
  return itemsOf(node).map(textOf)
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
