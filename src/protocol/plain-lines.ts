import type { BillLine, Classification } from '../adjudication/bill.ts'
import { priceTimesQuantity } from '../catalog/price-quantity.ts'
import { fen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { IGNORED, MICROYUAN_PER_FEN } from './bill-lines.ts'
import { nationalNames, type Facts } from './fact-sections.ts'
import { MembersInTurn } from './members-in-turn.ts'
import { isPlainObject, plainFact, plainMembers, type PlainMember } from './plain-facts.ts'
import * as plain from './plain-scalars.ts'
import { isBlank } from './section.ts'
import { stated } from './stated.ts'

/** What a plain line takes from its bill. */
export interface PlainContext {
  readonly visitId: unknown
  readonly personId: unknown
  readonly startDay: number | undefined
  /** Days that its lines lie between. */
  readonly first: number
  readonly last: number
}

/** Members of a line that are no facts, or facts that are read apart, in the order of their bits. */
const APART = [
  'id',
  'amount',
  'date',
  'unitPrice',
  'quantity',
  'refundOf',
  'ownPay',
  'overLimit',
  'preSelfPay',
  'inScope',
  'restrictionMet',
  'hosp_appr_flag',
  'mdtrt_id',
  'psn_no',
] as const

interface LineMember {
  readonly part: 'fact' | 'ignored' | (typeof APART)[number]
  readonly bit: number
  readonly fact: PlainMember | undefined
}

const TABLE = new MembersInTurn(lineTable())

function lineTable(): ReadonlyMap<string, LineMember> {
  const table = new Map<string, LineMember>()
  const ignored: LineMember = { part: 'ignored', bit: 0, fact: undefined }
  for (const written of IGNORED) table.set(written, ignored)
  const facts = plainMembers('line')
  for (const [written, fact] of facts) {
    table.set(written, { part: 'fact', bit: fact.bit, fact })
  }
  const national = [...nationalNames('line')]
  APART.forEach((part, place) => {
    // Above the bits of the facts; a fact that is read apart is met under these bits only.
    const member: LineMember = { part, bit: 1 << (16 + place), fact: undefined }
    table.set(part, member)
    for (const [written, key] of national) if (key === part) table.set(written, member)
  })
  return table
}

/** Parts of a line under construction; what is not stated is undefined. */
interface Draft {
  id: string | undefined
  amount: Fen | undefined
  date: number | undefined
  unitPrice: number | undefined
  quantity: number | undefined
  refundOf: string | undefined
  ownPay: Fen | undefined
  overLimit: Fen | undefined
  preSelfPay: Fen | undefined
  inScope: Fen | undefined
  restrictionMet: boolean | undefined
  approval: string | undefined
}

/** The line at `index` of a bill; undefined when it is not plain. */
export function readPlainLine(
  value: unknown,
  index: number,
  context: PlainContext,
): BillLine | undefined {
  if (!isPlainObject(value)) return undefined
  const facts: Facts = {}
  const draft = DRAFT
  clear(draft)
  let [seen, place] = [0, 0]
  for (const written in value) {
    const member = TABLE.at(place, written)
    place += 1
    if (member === undefined) return undefined
    const content = value[written]
    if (isBlank(content)) continue
    if ((seen & member.bit) !== 0) return undefined
    seen |= member.bit
    const { fact } = member
    if (fact !== undefined) {
      const found = plainFact(fact, content)
      if (found === undefined) return undefined
      facts[fact.key] = found
    } else if (!readPart(draft, member.part, content, context)) return undefined
  }
  draft.id ??= String(index + 1)
  draft.date ??= context.startDay
  return lineOf(draft, facts, context)
}

/** Working space, one for all lines: they are read one after the other. */
const DRAFT: Draft = {
  id: undefined,
  amount: undefined,
  date: undefined,
  unitPrice: undefined,
  quantity: undefined,
  refundOf: undefined,
  ownPay: undefined,
  overLimit: undefined,
  preSelfPay: undefined,
  inScope: undefined,
  restrictionMet: undefined,
  approval: undefined,
}

function clear(draft: Draft): void {
  draft.id = undefined
  draft.amount = undefined
  draft.date = undefined
  draft.unitPrice = undefined
  draft.quantity = undefined
  draft.refundOf = undefined
  draft.ownPay = undefined
  draft.overLimit = undefined
  draft.preSelfPay = undefined
  draft.inScope = undefined
  draft.restrictionMet = undefined
  draft.approval = undefined
}

/** Reads a part into `draft`; false when it is not plain. */
function readPart(
  draft: Draft,
  part: LineMember['part'],
  content: unknown,
  { visitId, personId }: PlainContext,
): boolean {
  switch (part) {
    case 'id':
      return (draft.id = plain.plainCode(content)) !== undefined
    case 'amount':
      return (draft.amount = plain.plainYuan(content)) !== undefined
    case 'date':
      return (draft.date = plain.plainDay(content)) !== undefined
    case 'quantity':
      return (draft.quantity = plain.plainScaled(content, 4)) !== undefined
    case 'unitPrice':
      return (draft.unitPrice = plain.plainScaled(content, 6)) !== undefined
    case 'ownPay':
    case 'overLimit':
    case 'preSelfPay':
    case 'inScope':
      return (draft[part] = plain.plainYuan(content)) !== undefined
    case 'refundOf':
      return (draft.refundOf = plain.plainCode(content)) !== undefined
    case 'restrictionMet':
      draft.restrictionMet = content === true
      return typeof content === 'boolean'
    case 'hosp_appr_flag':
      draft.approval = plain.plainCode(content)
      return content === '0' || content === '1' || content === '2'
    case 'mdtrt_id':
      return content === visitId
    case 'psn_no':
      return content === personId
    case 'fact':
    case 'ignored':
      return part === 'ignored'
  }
}

function lineOf(draft: Draft, facts: Facts, context: PlainContext): BillLine | undefined {
  const { id, date: day, quantity, unitPrice, refundOf } = draft
  const hasParts = hasClassification(draft)
  const amount = draft.amount ?? (hasParts ? sumOfParts(draft) : undefined)
  if (id === undefined || amount === undefined || day === undefined) return undefined
  if (day < context.first || day > context.last) return undefined
  // A package price adds a line of this name.
  if (id.startsWith('package:')) return undefined
  if (!isQuantityRight(amount, quantity, unitPrice)) return undefined
  // Whole fen only, as a fact; the careful reader says why.
  if (unitPrice !== undefined && unitPrice % MICROYUAN_PER_FEN === 0) {
    facts['unitPrice'] = unitPrice / MICROYUAN_PER_FEN
  }
  facts['id'] = id
  facts['amount'] = amount
  facts['date'] = day
  if (!hasParts && refundOf === undefined && unitPrice === undefined) {
    const { approval, restrictionMet } = draft
    if (approval === undefined && restrictionMet === undefined) {
      return quantity === undefined
        ? { id, amount, day, facts }
        : { id, amount, day, quantity, facts }
    }
  }
  const classification = hasParts ? classificationOf(amount, draft) : undefined
  if (hasParts && classification === undefined) return undefined
  return stated({
    id,
    refundOf,
    amount,
    day,
    quantity,
    unitPrice,
    classification,
    restrictionMet: restrictionOf(draft),
    facts,
  })
}

/** A quantity has the sign of the amount, and times the price it is the amount to the fen. */
function isQuantityRight(
  amount: Fen,
  quantity: number | undefined,
  unitPrice: number | undefined,
): boolean {
  if (unitPrice !== undefined && unitPrice < 0) return false
  if (quantity === undefined) return true
  if (quantity * amount < 0 || (quantity === 0 && amount !== 0)) return false
  return unitPrice === undefined || priceTimesQuantity(unitPrice, quantity) === amount
}

function hasClassification({ ownPay, overLimit, preSelfPay, inScope }: Draft): boolean {
  return (
    ownPay !== undefined ||
    overLimit !== undefined ||
    preSelfPay !== undefined ||
    inScope !== undefined
  )
}

/** Undefined when it is not exact; parts of different signs are refused later. */
function sumOfParts({ ownPay, overLimit, preSelfPay, inScope }: Draft): Fen | undefined {
  const sum = (ownPay ?? 0) + (overLimit ?? 0) + (preSelfPay ?? 0) + (inScope ?? 0)
  return Number.isSafeInteger(sum) ? fen(sum) : undefined
}

/** The parts, of the sign of the line and adding up to it; undefined when they do not. */
function classificationOf(amount: Fen, draft: Draft): Classification | undefined {
  const {
    ownPay = ZERO_FEN,
    overLimit = ZERO_FEN,
    preSelfPay = ZERO_FEN,
    inScope = ZERO_FEN,
  } = draft
  const parts = { ownPay, overLimit, preSelfPay, inScope }
  const sign = amount < 0 ? -1 : 1
  if (ownPay * sign < 0 || overLimit * sign < 0) return undefined
  if (preSelfPay * sign < 0 || inScope * sign < 0) return undefined
  // Parts of one sign: a sum that was rounded lies beyond every amount.
  return ownPay + overLimit + preSelfPay + inScope === amount ? parts : undefined
}

function restrictionOf({ approval, restrictionMet }: Draft): boolean | undefined {
  if (approval === undefined || approval === '0') return restrictionMet
  return restrictionMet ?? approval === '1'
}
