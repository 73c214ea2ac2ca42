import { PACKAGE_LINE_ID } from '../../adjudication/open-bill.ts'
import { assert } from '../../assert.ts'
import type { SplitAnswer } from '../../ledger/answer.ts'
import { parseYuan } from '../../money/fen.ts'
import { lineIdAt, statedLines } from '../../protocol/stated-lines.ts'
import { CATEGORIES, CATEGORY_COUNT } from '../../rules/category.ts'
import type { Document } from '../turn.ts'

/** Fen by name. */
export type Amounts = ReadonlyMap<string, number>

/** Whom one settlement moves how much money from; fen. */
export interface SplitAmounts {
  /** Sum of its lines; of a supplement 0, which takes from the patient what payers give. Payers and patient add up to it. */
  readonly total: number
  /** By payer id, the hospital's own part among them. */
  readonly payers: Amounts
  /** Fixed benefits beside the split, by payer id: the patient gets them. */
  readonly fixed: Amounts
  readonly patient: number
  /** The patient's part by charge type of the line, in the order of `CATEGORIES`. */
  readonly lines: ReadonlyMap<string, readonly number[]>
}

/** Lines whose bill names no charge type, and the one a package price adds. */
export const NO_CHARGE_TYPE = ''
export const PACKAGE_LINE = 'package'

/** What a split answers, by whom; `document`: its bill, with its lines. */
export function splitAmounts(
  { payers, fixed, lines, patient }: Pick<SplitAnswer, 'payers' | 'fixed' | 'lines' | 'patient'>,
  document: Document,
): SplitAmounts {
  const paid = sumsOf(payers.map(({ id, amount }) => [id, amount]))
  const isSupplement = document['supplement'] !== undefined
  const sum = lines.reduce((total, [, amount]) => total + amount, 0)
  const total = isSupplement ? 0 : sum
  const amounts: SplitAmounts = {
    total,
    payers: paid,
    fixed: sumsOf(fixed.map(({ payerId, amount }) => [payerId, amount])),
    patient: patient.total - (isSupplement ? sum : 0),
    lines: patientByType(lines, document),
  }
  checkAmounts(amounts)
  return amounts
}

function checkAmounts({ total, payers, patient, lines }: SplitAmounts): void {
  let paid = 0
  for (const amount of payers.values()) paid += amount
  assert(paid + patient === total, 'payers and patient add up to the bill')
  let left = 0
  for (const row of lines.values()) for (const amount of row) left += amount
  assert(left === patient, "the patient's part is that of the lines")
}

function sumsOf(pairs: readonly (readonly [string, number])[]): Amounts {
  const sums = new Map<string, number>()
  for (const [id, amount] of pairs) sums.set(id, (sums.get(id) ?? 0) + amount)
  return sums
}

function patientByType(
  lines: SplitAnswer['lines'],
  document: Document,
): ReadonlyMap<string, readonly number[]> {
  const stated = new Map(
    statedLines(document).map((line, index) => [lineIdAt(line, index), line as Document]),
  )
  const byType = new Map<string, number[]>()
  for (const [id, , , , residual] of lines) {
    const line = stated.get(id)
    const type = line === undefined ? PACKAGE_LINE : chargeTypeOf(line, id)
    const row = byType.get(type) ?? Array.from({ length: CATEGORY_COUNT }, () => 0)
    byType.set(type, row)
    const cells = line === undefined ? undefined : cellsOf(line)
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      row[column] = (row[column] ?? 0) + (residual[column] ?? 0) - (cells?.[column] ?? 0)
    }
  }
  return byType
}

function chargeTypeOf(line: Document, id: string): string {
  const type = line['chargeType'] ?? line['med_chrgitm_type']
  if (typeof type === 'string' || typeof type === 'number') return String(type)
  // A supplement names the settlement before the line; of one that a package price added it can say no more.
  const isAdded = line['cells'] !== undefined && id.includes(`/${PACKAGE_LINE_ID}`)
  return isAdded ? PACKAGE_LINE : NO_CHARGE_TYPE
}

/** What a supplement's line took from the patient. */
function cellsOf({ cells }: Document): readonly number[] | undefined {
  if (typeof cells !== 'object' || cells === null) return undefined
  const stated = cells as Document
  return CATEGORIES.map((category) => {
    const amount = stated[category]
    if (typeof amount !== 'string') return 0
    const read = parseYuan(amount)
    assert(read.ok, 'cells of a supplement are amounts')
    return read.value
  })
}
