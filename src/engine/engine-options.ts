import type { EngineSettings } from './limits.ts'
import type { Evaluator } from './evaluator-port.ts'
import type { Clock, Store } from './ports.ts'
import type { LayerWatch } from './layer-watch.ts'
import type { CompiledPacks } from './rule-sets.ts'
import type { WriterMeter } from './writer.ts'

export interface EngineOptions {
  readonly store: Store
  readonly clock: Clock
  readonly settings?: Partial<EngineSettings>
  /** Default: `setImmediate`. */
  readonly schedule?: (work: () => void) => void
  /** Evaluates bills away from the writer; absent: the writer does all. */
  readonly evaluator?: Evaluator
  /** Is told of packs that take the writer long. */
  readonly watch?: LayerWatch
  /** Packs compiled for ledgers opened before; what this one compiles is added. */
  readonly compiled?: CompiledPacks
  /** Is told how long the writer's work takes. */
  readonly meter?: WriterMeter
  /** Told of every error that is a bug; its request was refused with DEFECT. */
  readonly onDefect?: (error: unknown) => void
}
