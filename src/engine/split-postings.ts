import type { Bill } from '../adjudication/bill.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import type { Posting } from '../ledger/record.ts'

const SUPPLIER = 'supplier:'
const PATIENT = 'patient'

/** What adjudication says of a bill, as far as entries need it. */
type Split = Pick<Settlement, 'payers' | 'lines' | 'fixed'>

/**
 * The entries of a split (docs/ledger.md, section 7): who owes whom, equal pairs added up, in the order of their first line. Fen,
 * above zero.
 */
export function splitPostings(bill: Bill, split: Split): readonly Posting[] {
  const sums = new Map<string, [from: string, to: string, amount: number]>()
  const add = (from: string, to: string, amount: number) => {
    if (amount === 0) return
    const pair = `${from}>${to}`
    const known = sums.get(pair)
    if (known === undefined) sums.set(pair, [from, to, amount])
    else known[2] += amount
  }
  const provider = `provider:${String(bill.hospital['id'])}`
  const isSupplement = bill.supplement !== undefined
  const payees = isSupplement ? undefined : suppliersOf(bill)
  const payers = split.payers.map(({ id, kind }) => payerAccount(id, kind, bill))
  for (const { id, paid, patient } of split.lines) {
    const payee = isSupplement ? PATIENT : (payees?.get(id) ?? provider)
    for (const [index, share] of paid.entries()) add(payers[index] ?? '', payee, share)
    if (!isSupplement) add(PATIENT, payee, patient)
  }
  for (const { payerId, amount } of split.fixed) add(`payer:${payerId}`, PATIENT, amount)
  return [...sums.values()]
}

/** The hospital's own part is no fund: national `hosp_part_amt`. */
function payerAccount(id: string, kind: string, bill: Bill): string {
  return kind === 'hospital' ? `hospital:${String(bill.hospital['id'])}` : `payer:${id}`
}

/** Lines paid straight to a maker (药企直付): their tags name the supplier. */
function suppliersOf({ lines }: Bill): ReadonlyMap<string, string> | undefined {
  let suppliers: Map<string, string> | undefined
  for (const { id, facts } of lines) {
    const tags = facts['tags']
    if (!Array.isArray(tags)) continue
    const tag: unknown = tags.find((one) => typeof one === 'string' && one.startsWith(SUPPLIER))
    if (typeof tag === 'string') (suppliers ??= new Map()).set(id, tag)
  }
  return suppliers
}
