import type { Settlement } from '../../src/adjudication/settlement.ts'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import { adviseProblem, describeProblem, type Problem } from '../../src/errors/problem.ts'

/** What is wrong with a refusal: no problem at all, an unknown code, a sentence with a hole, a text without end. */
export function problemFaults(problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return ['a refusal without a problem']
  return problems.flatMap((item) => {
    if (!Object.hasOwn(ERROR_TRAITS, item.code)) return [`unknown code ${item.code}`]
    const texts = (['zh', 'en'] as const).flatMap((language) => [
      describeProblem(item, language),
      adviseProblem(item, language),
    ])
    const faults = texts.flatMap((text) => [
      ...(text.length > TEXT_MAX ? [`${item.code}: ${text.length} characters`] : []),
      ...(/undefined|\[object/.test(text) ? [`${item.code}: ${text}`] : []),
    ])
    return [...faults, ...holes(item), ...placeFaults(item)]
  })
}

const TEXT_MAX = 4_000

/** Names in braces that the details do not fill. */
function holes(item: Problem): readonly string[] {
  const trait = ERROR_TRAITS[item.code]
  const names = [trait.zh, trait.en, trait.doZh, trait.doEn].flatMap((text) =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''),
  )
  return names
    .filter((name) => !Object.hasOwn(item.details, name))
    .map((name) => `${item.code}: nothing for {${name}}`)
}

function placeFaults({ code, where }: Problem): readonly string[] {
  return where.length > TEXT_MAX ? [`${code}: a place of ${where.length} characters`] : []
}

/** What is wrong with a settlement: a number that is none, a fen that has no payer. */
export function settlementFaults(settlement: Settlement): readonly string[] {
  const numbers = wrongNumbers(settlement, 'settlement')
  const { lines, patient, payers, total, packageAdjustment } = settlement
  const paid = payers.reduce((sum, { amount }) => sum + amount, 0)
  const faults = lines.flatMap((line) => {
    const rest = line.paid.reduce<number>((sum, amount) => sum - amount, line.amount) - line.patient
    const isShort = line.patient < 0 || line.paid.some((amount) => amount < 0)
    return rest === 0 && !isShort ? [] : [`line ${line.id} is not shared out`]
  })
  const whole = total + Math.max(0, packageAdjustment)
  const isConserved = paid + patient.total === whole
  return [...numbers, ...faults, ...(isConserved ? [] : [`${paid} + ${patient.total} ≠ ${whole}`])]
}

function wrongNumbers(value: unknown, where: string): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${where} is ${value}`]
  if (typeof value === 'function' || typeof value === 'symbol') return [`${where} is no data`]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => wrongNumbers(inner, `${where}.${key}`))
}
