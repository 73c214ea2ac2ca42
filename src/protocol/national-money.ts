import { fen, formatYuan, parseYuan, ZERO_FEN, type Fen } from '../money/fen.ts'
import { placed, quoted, refuse, warn, type Findings } from './findings.ts'
import { numberText } from './scalars.ts'
import { isBlank, type Section } from './section.ts'

/** Exponents beyond this are no amounts of money. */
const DECIMAL = /^(-?)([0-9]{1,20})(?:\.([0-9]{0,60}))?(?:[eE]([-+]?[0-9]{1,2}))?$/

/** 1e-6 yuan is 1/10,000 fen: what a sender's floating point may have left on an amount. */
const NEAR_PARTS_PER_FEN = 10_000n

/** One object of a national message; blanks are left out, nothing else is judged yet. */
export function openNational(
  value: Readonly<Record<string, unknown>>,
  where: string,
  findings: Findings,
): Section {
  const fields = new Map(Object.entries(value).filter(([, content]) => !isBlank(content)))
  return { fields, writtenAs: new Map(), where, findings }
}

/**
 * An amount under the first of `names` that is not zero; null, "", missing and 0 are alike. Two names of one meaning
 * with different amounts other than zero are `NATIONAL_FIELDS_CONTRADICT`.
 */
export function nationalAmountAt(section: Section, names: readonly string[]): Fen {
  let found: { readonly field: string; readonly amount: Fen } | undefined
  for (const field of names) {
    const amount = readNationalAmount(section, field)
    if (amount === 0) continue
    if (found === undefined) found = { field, amount }
    else if (found.amount !== amount) {
      refuse(section.findings, 'NATIONAL_FIELDS_CONTRADICT', placed(section.where, field), {
        field: found.field,
        amount: formatYuan(found.amount),
        other: field,
        otherAmount: formatYuan(amount),
      })
    }
  }
  return found?.amount ?? ZERO_FEN
}

/** As `nationalAmountAt`; `NATIONAL_AMOUNT_NEGATIVE` below zero, which only a reversal may be. */
export function nationalNotNegativeAt(section: Section, names: readonly string[]): Fen {
  const amount = nationalAmountAt(section, names)
  if (amount >= 0) return amount
  const field = names.find((name) => section.fields.has(name)) ?? ''
  const details = { field, amount: formatYuan(amount) }
  refuse(section.findings, 'NATIONAL_AMOUNT_NEGATIVE', placed(section.where, field), details)
  return ZERO_FEN
}

/** As `nationalNotNegativeAt`, but undefined when none of `names` holds anything, not even 0. */
export function nationalStatedAt(section: Section, names: readonly string[]): Fen | undefined {
  if (!names.some((name) => section.fields.has(name))) return undefined
  return nationalNotNegativeAt(section, names)
}

/** Numbers and strings alike; within 1e-6 yuan of a fen it is that fen and `NATIONAL_AMOUNT_NEAR_FEN` is noted. */
function readNationalAmount(section: Section, field: string): Fen {
  const value = section.fields.get(field)
  if (value === undefined) return ZERO_FEN
  const text = numberText(value)?.trim()
  const exact = text === undefined ? undefined : parseYuan(text)
  if (exact?.ok === true) return exact.value
  const near = text === undefined ? undefined : nearestFen(text)
  const where = placed(section.where, field)
  if (near === undefined) {
    const details = { field, text: quoted(value) }
    refuse(section.findings, 'NATIONAL_AMOUNT_MALFORMED', where, details)
    return ZERO_FEN
  }
  const details = { field, text: quoted(value), amount: formatYuan(near) }
  warn(section.findings, 'NATIONAL_AMOUNT_NEAR_FEN', where, details)
  return near
}

function nearestFen(text: string): Fen | undefined {
  const parts = DECIMAL.exec(text)
  if (parts === null) return undefined
  const [, sign, whole = '', decimals = '', exponent = '0'] = parts
  const digits = BigInt(`${whole}${decimals}`)
  const places = Number(exponent) - decimals.length + 2
  const num = places > 0 ? digits * 10n ** BigInt(places) : digits
  const den = places < 0 ? 10n ** BigInt(-places) : 1n
  const nearest = (2n * num + den) / (2n * den)
  const apart = num - nearest * den
  if ((apart < 0n ? -apart : apart) * NEAR_PARTS_PER_FEN > den) return undefined
  const amount = Number(nearest)
  if (!Number.isSafeInteger(amount)) return undefined
  return fen(sign === '-' ? 0 - amount : amount)
}
