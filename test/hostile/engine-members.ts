const LONG = 'x'.repeat(5_000)
const TEXTS = ['x', '0', '9999999', '-1', 'constructor', '\u0000', '2025-02-30', LONG]
const TREES = [[], {}, [null], [[]], [{}], { id: {} }, { id: [] }, { id: LONG }]
const PLATFORMS = [{ setlinfo: [] }, { setlinfo: { setl_id: LONG } }]
const VALUES: readonly unknown[] = [true, 0, -1, 1e9, 1.5, ...TEXTS, ...TREES, ...PLATFORMS]

/** Each member of the document, and each member of its bill, with something that does not belong there. */
export function hostileValues(
  whole: Readonly<Record<string, unknown>>,
): readonly (readonly [key: string, value: unknown])[] {
  const bill = typeof whole['bill'] === 'object' ? { ...whole['bill'] } : {}
  const names = [...Object.keys(bill), 'staged', 'settlementDate', 'given', 'account', 'deposit']
  const inBill = names.flatMap((name) =>
    VALUES.map((value) => ['bill', { ...bill, [name]: value }] as const),
  )
  const outside = Object.keys(whole).flatMap((key) => VALUES.map((value) => [key, value] as const))
  return [...outside, ...inBill]
}
