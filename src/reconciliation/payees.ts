import { lineIdAt } from '../protocol/stated-lines.ts'

/** What a supplier's tag begins with on a line that is paid straight to the supplier. */
const SUPPLIER = 'supplier:'

/** Line ids of a list of lines as they were sent → the supplier that is paid, where a tag names one. */
export function suppliersOf(lines: readonly unknown[]): ReadonlyMap<string, string> {
  const suppliers = new Map<string, string>()
  for (const [index, line] of lines.entries()) {
    const { tags } = membersOf(line)
    const tag = Array.isArray(tags) ? tags.find(isSupplier) : undefined
    if (tag !== undefined) suppliers.set(lineIdAt(line, index), tag)
  }
  return suppliers
}

function isSupplier(tag: unknown): tag is string {
  return typeof tag === 'string' && tag.startsWith(SUPPLIER)
}

/** The members of a document's object; none of anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}
