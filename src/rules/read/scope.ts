import type { CounterDefinition } from '../pack.ts'
import type { DimensionFacts } from './dimension.ts'
import type { Findings } from './findings.ts'
import type { ValueUse } from './infer-slots.ts'
import type { ValueSizes } from './value-size.ts'

/** What the readers of one pack's parts need to know of the whole. */
export interface Scope extends DimensionFacts {
  readonly findings: Findings
  readonly packId: string
  readonly counters: ReadonlyMap<string, CounterDefinition>
  readonly listNames: readonly string[]
  readonly requiresPolicy: boolean
  /** Owner of a counter that does not name one and has no period that sets it. */
  readonly ownerDefault: 'person' | 'policy'
  /** Every value read, to learn what the parameters are. */
  readonly uses: ValueUse[]
  /** Refuses values that would be too much work. */
  readonly sizes: ValueSizes
}
