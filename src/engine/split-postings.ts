import type { Bill } from '../adjudication/bill.ts'
import type { FixedPayment } from '../adjudication/settlement.ts'
import type { AnswerLine } from '../ledger/answer.ts'
import type { Posting } from '../ledger/record.ts'

const SUPPLIER = 'supplier:'
const PATIENT = 'patient'

/** What adjudication says of a bill, as far as entries need it. */
interface Split {
  readonly payers: readonly { readonly id: string; readonly kind: string }[]
  readonly lines: readonly AnswerLine[]
  readonly fixed: readonly Pick<FixedPayment, 'payerId' | 'amount'>[]
}

/**
 * The entries of a split (docs/ledger.md, section 7): who owes whom, equal pairs added up, in the order of their first line. Fen,
 * above zero.
 */
export function splitPostings(bill: Bill, split: Split): readonly Posting[] {
  const sums = new PostingSums()
  const isSupplement = bill.supplement !== undefined
  const payees = isSupplement ? undefined : suppliersOf(bill)
  const usual = isSupplement ? PATIENT : account('provider:', String(bill.hospital['id']))
  const payers = split.payers.map(({ id, kind }) => sums.numberOf(payerAccount(id, kind, bill)))
  const patientNumber = sums.numberOf(PATIENT)
  for (const line of split.lines) {
    const payee = payees?.get(line[0]) ?? usual
    const paid = line[3]
    for (let index = 0; index < paid.length; index += 1) {
      sums.add(payers[index] ?? 0, payee, paid[index] ?? 0)
    }
    if (!isSupplement) sums.add(patientNumber, payee, line[2])
  }
  for (const { payerId, amount } of split.fixed) {
    sums.add(sums.numberOf(account('payer:', payerId)), PATIENT, amount)
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
  /** What each number owes the payee asked for last. */
  #payee = ''
  #owed: (Sum | undefined)[] = []
  /** The same by payee; undefined while there is but one. */
  #byPayee: Map<string, (Sum | undefined)[]> | undefined

  /** Equal accounts have one number. */
  numberOf(account: string): number {
    const known = this.#accounts.indexOf(account)
    return known < 0 ? this.#accounts.push(account) - 1 : known
  }

  add(from: number, payee: string, amount: number): void {
    if (amount === 0) return
    if (payee !== this.#payee) this.#turnTo(payee)
    const known = this.#owed[from]
    if (known !== undefined) {
      known[2] += amount
      return
    }
    const sum: Sum = [this.#accounts[from] ?? '', payee, amount]
    this.#owed[from] = sum
    this.postings.push(sum)
  }

  #turnTo(payee: string): void {
    if (this.#payee !== '') {
      this.#byPayee ??= new Map([[this.#payee, this.#owed]])
      this.#owed = this.#byPayee.get(payee) ?? []
      this.#byPayee.set(payee, this.#owed)
    }
    this.#payee = payee
  }
}

/** The hospital's own part is no fund: national `hosp_part_amt`. */
function payerAccount(id: string, kind: string, bill: Bill): string {
  return kind === 'hospital'
    ? account('hospital:', String(bill.hospital['id']))
    : account('payer:', id)
}

/** Payers and hospitals whose accounts are kept; there are some hundreds of them in a city. */
const ACCOUNTS_MAX = 4_096
const accounts = new Map<string, Map<string, string>>()
let accountCount = 0

/** `role` and `id` as one text: of the few there are made once, since every bill names them again. */
function account(role: string, id: string): string {
  let ofRole = accounts.get(role)
  if (ofRole === undefined) accounts.set(role, (ofRole = new Map<string, string>()))
  let text = ofRole.get(id)
  if (text === undefined) {
    text = role + id
    if (accountCount >= ACCOUNTS_MAX) {
      for (const other of accounts.values()) other.clear()
      accountCount = 0
    }
    ofRole.set(id, text)
    accountCount += 1
  }
  return text
}

/** Lines paid straight to a maker (药企直付): their tags name the supplier. */
function suppliersOf({ lines }: Bill): ReadonlyMap<string, string> | undefined {
  let suppliers: Map<string, string> | undefined
  for (const { id, facts } of lines) {
    const tags = facts['tags']
    if (!Array.isArray(tags) || tags.length === 0) continue
    const tag: unknown = tags.find((one) => typeof one === 'string' && one.startsWith(SUPPLIER))
    if (typeof tag === 'string') (suppliers ??= new Map()).set(id, tag)
  }
  return suppliers
}
