import type { Store } from '../../engine/ports.ts'
import { problem, type Problem } from '../../errors/problem.ts'
import type { RulesState } from '../../ledger/record.ts'
import { quoted } from '../../protocol/findings.ts'
import { isObject } from '../../protocol/section.ts'
import type { RosterRule } from '../../registry/check-items.ts'
import { policiesOf } from '../../registry/holders.ts'
import type { Lookup } from '../../registry/lookup.ts'
import type { RulePack } from '../../rules/pack.ts'

/** Whose each product is: all its payers. */
export type ProductPayers = ReadonlyMap<string, ReadonlySet<string>>

/**
 * The payers of each product. Packs that are or were in force say so; what was only published counts for a product of which no pack
 * ever was, so that nobody takes a product by publishing a pack of its name.
 */
export function productPayers(
  states: readonly RulesState[],
  store: Pick<Store, 'get'>,
): ProductPayers {
  const inForce = new Map<string, Set<string>>()
  const published = new Map<string, Set<string>>()
  for (const { packs } of states) {
    for (const { hash, state } of packs) {
      const bytes = store.get('content', hash)
      if (bytes === undefined) continue
      const { product, payer } = JSON.parse(Buffer.from(bytes).toString('utf8')) as RulePack
      const into = state === 'active' || state === 'retired' ? inForce : published
      into.set(product, (into.get(product) ?? new Set()).add(payer.id))
    }
  }
  return new Map([...published, ...inForce])
}

/** Whose policies, and whose persons. */
export interface RosterGrant {
  readonly payers: readonly string[]
  readonly jurisdictions: readonly string[]
}

/**
 * What an insurer's roster may change: policies of products all of whose payers are granted, of persons of its jurisdictions, and
 * nothing else of a person. What the
 * register holds beside them is never said, only that a number cannot be used.
 */
export function rosterRule(
  { payers, jurisdictions }: RosterGrant,
  products: ProductPayers,
  lookup: Lookup,
): RosterRule {
  const isOwn = (product: unknown) => {
    const of = typeof product === 'string' ? products.get(product) : undefined
    return of !== undefined && [...of].every((payer) => payers.includes(payer))
  }
  const holds = (person: unknown, id: unknown) =>
    policiesOf(person).find((policy) => policy['id'] === id)
  return {
    check({ person: name, policy }, person) {
      const { id, product } = policy
      const place = isObject(person) ? person['jurisdiction'] : undefined
      // A person of another jurisdiction is unknown here in the same words.
      if (!jurisdictions.some((one) => one === place)) {
        return problem('PERSON_UNKNOWN', 'person', { person: quoted(name) })
      }
      if (!isOwn(product)) {
        return problem('ROSTER_PRODUCT_NOT_YOURS', 'product', { product: quoted(String(product)) })
      }
      const held = holds(person, id)
      if (held !== undefined) return isOwn(held['product']) ? undefined : taken(id)
      const known = lookup('policy', String(id))
      if (!isObject(known)) return undefined
      if (known['shared'] === true) return isOwn(known['product']) ? undefined : taken(id)
      const other = holds(lookup('person', String(known['holder'])), id)
      return other === undefined || isOwn(other['product']) ? undefined : taken(id)
    },
    told(found) {
      if (found.code === 'LIST_TOO_LONG') return withoutDetails(found, 'ROSTER_PERSON_FULL')
      const isOther = found.code === 'POLICY_HELD' || found.code === 'POLICY_SHARED_BEFORE'
      return isOther ? { ...taken(found.details['policy']), where: found.where } : found
    },
  }
}

function taken(policy: unknown): Problem {
  return problem('ROSTER_POLICY_TAKEN', 'id', { policy: quoted(String(policy)) })
}

function withoutDetails(found: Problem, code: 'ROSTER_PERSON_FULL'): Problem {
  return problem(code, found.where, { person: '' })
}
