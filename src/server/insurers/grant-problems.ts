import { problem, type Problem } from '../../errors/problem.ts'
import type { GrantEntry } from '../../ledger/grant.ts'
import { contributions } from '../../rules/check/counter-uses.ts'
import type { PackKind } from '../../rules/kind.ts'
import type { RulePack } from '../../rules/pack.ts'

/** A pack to be judged: as read, with the facts it names (`factsRead`). */
export interface JudgedPack {
  readonly pack: RulePack
  readonly facts: readonly string[]
}

/** Everything in which a pack leaves the grant (`PACK_OUTSIDE_GRANT`); none: it is the holder's to bring. */
export function grantProblems(
  grant: GrantEntry,
  { pack, facts }: JudgedPack,
  jurisdiction: string,
): readonly Problem[] {
  const outside = (what: string, value: string, where: string) =>
    problem('PACK_OUTSIDE_GRANT', where, { pack: pack.id, what, value })
  const names = { id: pack.id, product: pack.product }
  const ungranted = Object.entries(names).filter(([, name]) => !isCounterGranted(grant, name))
  const counters = foreignCounters(pack).filter((id) => !isCounterGranted(grant, id))
  const unread = facts.filter((fact) => !isFactGranted(grant, fact))
  const places = [jurisdiction, pack.jurisdiction ?? jurisdiction]
  const elsewhere = [...new Set(places)].filter((one) => !grant.jurisdictions.includes(one))
  return [
    ...(grant.payers.includes(pack.payer.id) ? [] : [outside('payer', pack.payer.id, 'payer.id')]),
    ...(isKindGranted(grant, pack.kind) ? [] : [outside('kind', pack.kind, 'kind')]),
    ...elsewhere.map((one) => outside('jurisdiction', one, 'jurisdiction')),
    ...ungranted.map(([what, name]) => outside(what, name, what === 'id' ? 'pack' : what)),
    ...counters.map((one) => outside('counter', one, 'counters')),
    ...unread.map((one) => outside('fact', one, '')),
  ]
}

/** Whether a pack of the ledger is the holder's: what is not is answered as unknown. */
export function isOwnPack(grant: GrantEntry, pack: RulePack, jurisdiction: string): boolean {
  return grantProblems(grant, { pack, facts: [] }, jurisdiction).length === 0
}

/**
 * A name grants itself and the counters of the pack of that name (`acme` grants `acme:annual`, not `acme2:annual`); one that ends
 * in `-`, `.`, `/`, `_` or `:` grants everything that begins so.
 */
export function isCounterGranted({ counters }: GrantEntry, id: string): boolean {
  return counters.some((one) =>
    /[-./_:]$/.test(one) ? id.startsWith(one) : id === one || id.startsWith(`${one}:`),
  )
}

function isFactGranted({ facts }: GrantEntry, fact: string): boolean {
  return facts.includes(fact) || facts.includes(`${fact.slice(0, fact.indexOf('.'))}.*`)
}

function isKindGranted({ kinds }: GrantEntry, kind: PackKind): boolean {
  return kinds.some((one) => one === kind)
}

/** Counters that do not begin with its id; the others go with the id, which also decides whose versions it takes the place of. */
function foreignCounters(pack: RulePack): readonly string[] {
  const declared = Object.values(pack.counters).map(({ id }) => id)
  const filled = contributions(pack).map(({ id }) => id)
  return [...new Set([...declared, ...filled])].filter((id) => !id.startsWith(`${pack.id}:`))
}
