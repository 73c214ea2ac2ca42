/** What a supplier's tag begins with on a line that is paid straight to the supplier. */
const SUPPLIER = 'supplier:'

/** Line ids of a list of lines as they were sent → the supplier that is paid, where a tag names one. */
export function suppliersOf(lines: unknown): ReadonlyMap<string, string> {
  const suppliers = new Map<string, string>()
  if (!Array.isArray(lines)) return suppliers
  for (const line of lines as readonly unknown[]) {
    const { tags } = membersOf(line)
    const id = lineIdOf(line)
    const tag = Array.isArray(tags) ? tags.find(isSupplier) : undefined
    if (id !== undefined && tag !== undefined) suppliers.set(id, tag)
  }
  return suppliers
}

/** The id of a line as it was sent, under our name or the national one. */
export function lineIdOf(line: unknown): string | undefined {
  const { id, feedetl_sn: serial } = membersOf(line)
  const stated = id ?? serial
  return typeof stated === 'string' || typeof stated === 'number' ? String(stated) : undefined
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
