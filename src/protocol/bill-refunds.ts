import type { BillLine, Classification } from '../adjudication/bill.ts'
import { fen, formatYuan, ZERO_FEN } from '../money/fen.ts'
import { negated, negatedParts, PARTS, type ReadLine } from './bill-lines.ts'
import { placed, refuse, type Findings } from './findings.ts'

/**
 * Checks that every negative line takes back a line of the bill and that no line is taken back further than it
 * goes, as a whole and in each part of its classification. A refund without a classification takes its original's
 * where only one reading is possible: the original has one part, or is taken back whole by this one line.
 */
export function checkRefunds(lines: readonly ReadLine[], findings: Findings): readonly ReadLine[] {
  const originals = new Map(lines.map((read) => [read.line.id, read.line]))
  const refunds = new Map<string, ReadLine[]>()
  const checked = lines.map((read) => {
    const { line, where } = read
    if (line.refundOf === undefined) {
      if (line.amount < 0) {
        const details = { line: line.id, amount: formatYuan(line.amount) }
        refuse(findings, 'LINE_NEGATIVE_WITHOUT_ORIGINAL', placed(where, 'amount'), details)
      }
      return read
    }
    const original = originalOf(read, line.refundOf, originals, findings)
    if (original === undefined) return read
    const classified = { ...read, line: classifyRefund(read, original, findings) }
    const group = refunds.get(original.id)
    if (group === undefined) refunds.set(original.id, [classified])
    else group.push(classified)
    return classified
  })
  for (const [id, group] of refunds) {
    const original = originals.get(id)
    if (original !== undefined) checkNetted(original, group, findings)
  }
  return checked
}

function originalOf(
  { line, where }: ReadLine,
  refundOf: string,
  originals: ReadonlyMap<string, BillLine>,
  findings: Findings,
): BillLine | undefined {
  const place = placed(where, 'refundOf')
  const details = { line: line.id, original: refundOf }
  if (line.amount > 0) {
    const amount = formatYuan(line.amount)
    refuse(findings, 'LINE_REFUND_POSITIVE', placed(where, 'amount'), { line: line.id, amount })
  }
  const original = originals.get(refundOf)
  if (original === undefined) refuse(findings, 'LINE_REFUND_ORIGINAL_UNKNOWN', place, details)
  else if (original.refundOf !== undefined)
    refuse(findings, 'LINE_REFUND_OF_REFUND', place, details)
  else return original
  return undefined
}

function classifyRefund(
  { line, where }: ReadLine,
  original: BillLine,
  findings: Findings,
): BillLine {
  const whole = original.classification
  if ((whole === undefined) === (line.classification === undefined)) return line
  const classification = whole === undefined ? undefined : onlyReading(line, original, whole)
  if (classification !== undefined) return { ...line, classification }
  const details = { line: line.id, original: original.id }
  refuse(findings, 'LINE_REFUND_CLASSIFICATION', placed(where, 'classification'), details)
  return line
}

function onlyReading(
  refund: BillLine,
  original: BillLine,
  whole: Classification,
): Classification | undefined {
  if (refund.amount === negated(original.amount)) return negatedParts(whole)
  const [only, another] = PARTS.filter((part) => whole[part] !== 0)
  if (only === undefined || another !== undefined) return undefined
  const none = { ownPay: ZERO_FEN, overLimit: ZERO_FEN, preSelfPay: ZERO_FEN, inScope: ZERO_FEN }
  return { ...none, [only]: refund.amount }
}

function checkNetted(original: BillLine, group: readonly ReadLine[], findings: Findings): void {
  const where = group[0]?.where ?? ''
  let rest: number = original.amount
  for (const { line } of group) rest += line.amount
  if (rest < 0) {
    // The sum of 20,000 hostile amounts may leave the safe range; the excess is then shown capped.
    const refunded = Math.min(original.amount - rest, Number.MAX_SAFE_INTEGER)
    const amounts = { refunds: formatYuan(fen(refunded)), amount: formatYuan(original.amount) }
    const details = { line: original.id, ...amounts }
    refuse(findings, 'LINE_REFUND_EXCEEDS', placed(where, 'amount'), details)
    return
  }
  for (const part of PARTS) {
    if (original.classification === undefined) return
    let left: number = original.classification[part]
    for (const { line } of group) left += line.classification?.[part] ?? 0
    if (left >= 0) continue
    const details = { line: original.id, part }
    refuse(findings, 'LINE_REFUND_PART_EXCEEDS', placed(where, part), details)
  }
}
