/** Kinds of layer in the default order in which they pay (design section 7.1). */
export const PACK_KINDS = [
  'basic',
  'large-amount',
  'major-illness',
  'civil-servant',
  'enterprise-supplement',
  'medical-aid',
  'tilt-aid',
  'mutual-aid',
  'long-term-care',
  'hospital',
  'commercial',
  'charity',
] as const

export type PackKind = (typeof PACK_KINDS)[number]

/** Kinds whose payers the national platform settles; the rest only we settle. */
export const SOCIAL_KINDS: readonly PackKind[] = [
  'basic',
  'large-amount',
  'major-illness',
  'civil-servant',
  'enterprise-supplement',
  'medical-aid',
  'tilt-aid',
]

/** Fund fields of the national `setlinfo`; `hosp_part_amt` is the hospital's share; null: not carried there. */
export const WIRE_FIELDS = [
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'hifdm_pay',
  'maf_pay',
  'oth_pay',
  'hosp_part_amt',
] as const

export type WireField = (typeof WIRE_FIELDS)[number]
