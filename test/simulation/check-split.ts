import type { Posting, SplitRecord } from '../../src/ledger/record.ts'

/** What is wrong with a split by itself: every fen of every line has one payer, and the entries say the same as the answer. */
export function faultsOfSplit(
  split: SplitRecord,
  answer: SplitRecord['answer'],
  postings: readonly Posting[],
): readonly string[] {
  const faults: string[] = []
  let [total, patient] = [0, 0]
  const byPayer = answer.payers.map(() => 0)
  for (const [id, amount, left, paid, residual] of answer.lines) {
    const shares = paid.reduce((sum, share) => sum + share, 0)
    if (amount !== left + shares) faults.push(`line ${id}: ${amount} is not ${left} + ${shares}`)
    if (left !== residual.reduce((sum, one) => sum + one, 0)) faults.push(`line ${id}: residual`)
    if (left < 0 && amount >= 0) faults.push(`line ${id}: the patient has ${left}`)
    for (const [index, share] of paid.entries()) byPayer[index] = (byPayer[index] ?? 0) + share
    total += amount
    patient += left
  }
  if (total !== answer.total) faults.push(`total ${answer.total} is not that of the lines`)
  for (const [index, { id, amount }] of answer.payers.entries()) {
    if (amount !== byPayer[index]) faults.push(`payer ${id}: ${amount} is not that of the lines`)
  }
  const expected = expectedAccounts(split, answer, byPayer, patient)
  const found = accountsOf(postings)
  for (const account of new Set([...expected.keys(), ...found.keys()])) {
    const [should, is] = [expected.get(account) ?? 0, found.get(account) ?? 0]
    if (should !== is) faults.push(`entries of ${account} come to ${is} and not ${should}`)
  }
  return faults
}

/** What each account must have received, or with a minus paid; hospitals and suppliers together are `payee`. */
function expectedAccounts(
  { operation, hospital }: SplitRecord,
  { payers, fixed, total }: SplitRecord['answer'],
  byPayer: readonly number[],
  patient: number,
): ReadonlyMap<string, number> {
  const accounts = new Map<string, number>()
  const add = (account: string, amount: number) => {
    accounts.set(account, (accounts.get(account) ?? 0) + amount)
  }
  const isSupplement = operation === 'supplement'
  for (const [index, { id, kind }] of payers.entries()) {
    const account = kind === 'hospital' ? `hospital:${hospital}` : `payer:${id}`
    const share = byPayer[index] ?? 0
    add(account, 0 - share)
    if (isSupplement) add('patient', share)
  }
  if (!isSupplement) {
    add('payee', total)
    add('patient', 0 - patient)
  }
  for (const { payerId, amount } of fixed) {
    add(`payer:${payerId}`, 0 - amount)
    add('patient', amount)
  }
  return accounts
}

function accountsOf(postings: readonly Posting[]): ReadonlyMap<string, number> {
  const accounts = new Map<string, number>()
  for (const [from, to, amount] of postings) {
    const [giver, taker] = [merged(from), merged(to)]
    accounts.set(giver, (accounts.get(giver) ?? 0) - amount)
    accounts.set(taker, (accounts.get(taker) ?? 0) + amount)
  }
  return accounts
}

function merged(account: string): string {
  return account.startsWith('provider:') || account.startsWith('supplier:') ? 'payee' : account
}

/** Each pair of accounts once, named in the order of the alphabet, with what went from the first to the second; no zeros. */
export function netted(postings: readonly Posting[]): ReadonlyMap<string, number> {
  const pairs = new Map<string, number>()
  for (const [from, to, amount] of postings) {
    const [pair, signed] = from < to ? [`${from}>${to}`, amount] : [`${to}>${from}`, 0 - amount]
    pairs.set(pair, (pairs.get(pair) ?? 0) + signed)
  }
  return new Map([...pairs].filter(([, amount]) => amount !== 0))
}
