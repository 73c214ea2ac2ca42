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
  const sums = new PostingSums()
  const provider = `provider:${String(bill.hospital['id'])}`
  const isSupplement = bill.supplement !== undefined
  const payees = isSupplement ? undefined : suppliersOf(bill)
  const payers = split.payers.map(({ id, kind }) => sums.numberOf(payerAccount(id, kind, bill)))
  const patientNumber = sums.numberOf(PATIENT)
  for (const { id, paid, patient } of split.lines) {
    const payee = isSupplement ? PATIENT : (payees?.get(id) ?? provider)
    for (let index = 0; index < paid.length; index += 1) {
      sums.add(payers[index] ?? 0, payee, paid[index] ?? 0)
    }
    if (!isSupplement) sums.add(patientNumber, payee, patient)
  }
  for (const { payerId, amount } of split.fixed) {
    sums.add(sums.numberOf(`payer:${payerId}`), PATIENT, amount)
  }
  return sums.postings
}

type Sum = [from: string, to: string, amount: number]

/**
 * Adds up by pair. Whoever owes has a number, and lines mostly owe the same payee as the one before: a text made for each share of
 * each line would cost more than all the rest.
 */
class PostingSums {
  readonly postings: Sum[] = []
  readonly #accounts: string[] = []
  /** By payee, what each number owes. */
  readonly #owed = new Map<string, (Sum | undefined)[]>()
  #last: readonly [payee: string, owed: (Sum | undefined)[]] | undefined

  /** Equal accounts have one number. */
  numberOf(account: string): number {
    const known = this.#accounts.indexOf(account)
    return known < 0 ? this.#accounts.push(account) - 1 : known
  }

  add(from: number, payee: string, amount: number): void {
    if (amount === 0) return
    const owed = this.#owedTo(payee)
    const known = owed[from]
    if (known !== undefined) {
      known[2] += amount
      return
    }
    const sum: Sum = [this.#accounts[from] ?? '', payee, amount]
    owed[from] = sum
    this.postings.push(sum)
  }

  #owedTo(payee: string): (Sum | undefined)[] {
    if (this.#last?.[0] === payee) return this.#last[1]
    let owed = this.#owed.get(payee)
    if (owed === undefined) this.#owed.set(payee, (owed = []))
    this.#last = [payee, owed]
    return owed
  }
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
