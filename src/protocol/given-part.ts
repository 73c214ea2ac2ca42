import type { BillLine, GivenSettlement } from '../adjudication/bill.ts'
import { fen, formatYuan, type Fen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'
import { readPlainGiven } from './bill-given.ts'
import { placed, quoted, refuse, refuseAll, type Findings } from './findings.ts'
import { checkLineSums, readNationalAnswer, type NationalSettled } from './national-answer.ts'
import type { NationalLine } from './national-lines.ts'
import { openSection, placeOf, refuseField, shape, words, type Section } from './section.ts'

const GIVEN_SHAPE = shape([
  ...words('national payments kinds hospitalShare deductible overCap accountPaid'),
  ...words('accountMutualAid balanceAfter settlementId messageId confirmed'),
])

/** What `given` brings to the bill: a settlement, and from the platform also the cut of the lines. */
export interface GivenPart {
  readonly settlement?: GivenSettlement
  readonly national?: NationalSettled
  readonly lines: readonly NationalLine[]
}

const NOTHING: GivenPart = { lines: [] }

/** Reads `given`: the platform's answer under `national`, or plain amounts; nothing when it is not stated. */
export function openGiven(document: Section): GivenPart {
  const value = document.fields.get('given')
  if (value === undefined) return NOTHING
  const section = openSection(value, 'given', GIVEN_SHAPE, document.findings)
  const isNational = section.fields.has('national')
  const isPlain = section.fields.has('payments') || section.fields.has('kinds')
  if (isNational === isPlain || (isNational && section.fields.size > 1)) {
    refuseField(document, 'given', 'GIVEN_FORM_UNCLEAR')
    return NOTHING
  }
  return isNational ? openNationalPart(section) : { settlement: readPlainGiven(section), lines: [] }
}

function openNationalPart(section: Section): GivenPart {
  const where = placeOf(section, 'national')
  const answer = readNationalAnswer(section.fields.get('national'))
  if (!answer.ok) {
    refuseAll(section.findings, answer.problems, where)
    return NOTHING
  }
  const { settled, lines, warnings } = answer.value
  for (const item of warnings) {
    section.findings.warnings.push({ ...item, where: placed(where, item.where) })
  }
  return settled === undefined ? { lines } : { settlement: settled.given, national: settled, lines }
}

/** What the given part is compared with. */
export interface GivenContext {
  readonly total: Fen | undefined
  readonly lines: readonly BillLine[]
  readonly visit: FactSheet
  readonly person: FactSheet
}

/** The given amounts fit the bill, and the platform's answer is about this visit and this person. */
export function checkGiven(document: Section, given: GivenPart, context: GivenContext): void {
  const { findings } = document
  if (given.settlement !== undefined) checkSum(document, given.settlement, context.total)
  const ids = new Set(context.lines.map(({ id }) => id))
  for (const { id } of given.lines) {
    if (!ids.has(id)) refuse(findings, 'NATIONAL_LINE_UNMATCHED', NATIONAL, { line: id })
  }
  if (given.national === undefined) return
  const section = { ...document, where: placed(NATIONAL, 'setlinfo') }
  checkLineSums(section, given.national, context.lines)
  checkSame(section, 'mdtrt_id', given.national.visitId, context.visit['id'])
  checkSame(section, 'psn_no', given.national.personId, context.person['id'])
  checkBalance(section, given.national.given, context.person['accountBalance'])
}

const NATIONAL = 'given.national'

function checkSum(document: Section, given: GivenSettlement, total: Fen | undefined): void {
  let sum: number = given.hospitalShare
  for (const { amount } of given.payments) sum += amount
  if (total === undefined || sum <= total) return
  const shown = Math.min(sum, Number.MAX_SAFE_INTEGER)
  const details = { given: formatYuan(fen(shown)), total: formatYuan(total) }
  refuseField(document, 'given', 'GIVEN_EXCEEDS_TOTAL', details)
}

function checkSame(
  { where, findings }: { readonly where: string; readonly findings: Findings },
  field: string,
  text: string | undefined,
  own: unknown,
): void {
  if (text === undefined || own === undefined || text === own) return
  const details = { field, text: quoted(text), own: quoted(own) }
  refuse(findings, 'NATIONAL_OTHER_VISIT', placed(where, field), details)
}

/** I7, where the balance before is known; what a relative's account paid does not lower the person's own. */
function checkBalance(section: Section, given: GivenSettlement, before: unknown): void {
  const { accountPaid, balanceAfter, accountMutualAid = 0 } = given
  if (typeof before !== 'number' || balanceAfter === undefined) return
  const after = before - accountPaid
  if (balanceAfter === after || balanceAfter === after + accountMutualAid) return
  const details = { left: formatYuan(balanceAfter), right: formatYuan(fen(after)) }
  refuse(section.findings, 'NATIONAL_BALANCE_DIFFERS', placed(section.where, 'balc'), details)
}
