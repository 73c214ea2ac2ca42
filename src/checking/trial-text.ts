import { formatEpochDay } from '../catalog/epoch-day.ts'
import { fen, formatYuan, formatYuanGrouped } from '../money/fen.ts'
import type { FactGroup, FactSheet, FactValue } from '../rules/facts.ts'
import type { Classification } from '../adjudication/bill.ts'
import { paidElsewhere, type TrialBill, type TrialLine } from './trial-bill.ts'
import { traitOf } from './vocabulary.ts'

const PARTS = ['inScope', 'preSelfPay', 'overLimit', 'ownPay'] as const

const PART_WORDS: Readonly<Record<keyof Classification, string>> = {
  inScope: 'in scope',
  preSelfPay: 'first self-pay',
  overLimit: 'over limit',
  ownPay: 'own pay',
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  'visit.kind': 'visit',
  'hospital.level': 'level',
}

/** One line of text: `2023-03-01, visit inpatient, level 2, person.insutype = 390, in scope 120,000.00`. */
export function trialText(trial: TrialBill): string {
  const { day, hospital, lines, person, policies, visit } = trial
  return [
    formatEpochDay(day),
    ...sheetTexts('visit', visit),
    ...sheetTexts('hospital', hospital),
    ...sheetTexts('person', person),
    ...policies.map(policyText),
    ...(trial.basicElsewhere === true
      ? [`basic insurance paid ${formatYuanGrouped(paidElsewhere(trial))} elsewhere`]
      : []),
    ...lines.map(lineText),
  ].join(', ')
}

/** `in scope 120,000.00` with the facts of the line in brackets. */
export function lineText({ facts, parts }: TrialLine): string {
  const amounts = PARTS.flatMap((part) =>
    parts[part] > 0 ? [`${PART_WORDS[part]} ${formatYuanGrouped(parts[part])}`] : [],
  )
  const own = sheetTexts('line', facts)
  return `${amounts.join(' + ')}${own.length === 0 ? '' : ` (${own.join(', ')})`}`
}

function policyText(policy: FactSheet): string {
  const { end: _, familyId: __, groupId: ___, id: ____, product, start: _____, ...facts } = policy
  const own = sheetTexts('policy', facts)
  return `policy ${String(product)}${own.length === 0 ? '' : ` (${own.join(', ')})`}`
}

function sheetTexts(group: FactGroup, sheet: FactSheet): readonly string[] {
  return Object.entries(sheet).map(([name, value]) => {
    const key = `${group}.${name}`
    const short = SHORT_NAMES[key]
    const text = Array.isArray(value) ? value.join('+') || '–' : String(plain(group, name, value))
    return short === undefined ? `${key} = ${text}` : `${short} ${text}`
  })
}

/** The bill as a document that `qingfen adjudicate` reads. */
export function trialDocument(trial: TrialBill): object {
  const { day, hospital, lines, person, policies, visit } = trial
  const start = lines.reduce((first, line) => Math.min(first, line.day), day)
  const dates = { start: formatEpochDay(start), end: formatEpochDay(day) }
  return {
    person: { id: 'P', ...plainSheet('person', person) },
    familyId: 'F',
    visit: { id: 'V', ...plainSheet('visit', visit), ...dates },
    hospital: { id: 'H', ...plainSheet('hospital', hospital) },
    policies: policies.map((policy) => plainSheet('policy', policy)),
    settlementDate: formatEpochDay(day),
    ...(trial.basicElsewhere === true && { given: givenDocument(trial) }),
    lines: lines.map((line, index) => ({
      id: String(index + 1),
      date: formatEpochDay(line.day),
      ...plainSheet('line', line.facts),
      quantity: '1',
      ...Object.fromEntries(
        PARTS.flatMap((part) => {
          const amount = line.parts[part]
          return amount > 0 ? [[part, formatYuan(amount)] as const] : []
        }),
      ),
    })),
  }
}

function givenDocument(trial: TrialBill): object {
  const amount = formatYuan(paidElsewhere(trial))
  return {
    payments: [{ kind: 'basic', payer: 'basic', amount }],
    deductible: '0.00',
    overCap: '0.00',
  }
}

function plainSheet(group: FactGroup, sheet: FactSheet): Readonly<Record<string, FactValue>> {
  return Object.fromEntries(
    Object.entries(sheet).map(([name, value]) => [name, plain(group, name, value)]),
  )
}

/** Dates and money as documents write them. */
function plain(group: FactGroup, name: string, value: FactValue): FactValue {
  if (typeof value !== 'number') return value
  switch (traitOf({ group, name })?.type) {
    case 'date':
      return formatEpochDay(value)
    case 'money':
      return formatYuan(fen(value))
    case 'int':
    case 'bool':
    case 'string':
    case 'strings':
    case undefined:
      return value
  }
}
