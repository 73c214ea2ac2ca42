import type { FactDocument } from './entries.ts'

/** A person's policies as a bill states them, and the ids of those that others hold too. */
export function policiesInBill(policies: readonly FactDocument[]): {
  readonly policies: readonly FactDocument[]
  readonly shared: readonly string[]
} {
  const shared = policies.filter(isShared).map((policy) => String(policy['id']))
  return { policies: shared.length === 0 ? policies : policies.map(asInBill), shared }
}

function isShared(policy: FactDocument): boolean {
  return policy['shared'] === true
}

function asInBill(policy: FactDocument): FactDocument {
  if (!isShared(policy)) return policy
  return Object.fromEntries(Object.entries(policy).filter(([key]) => key !== 'shared'))
}
