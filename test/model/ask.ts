import type { EngineRequest } from '../../src/engine/request.ts'
import type { Tree } from './model-split.ts'

/** One request as the operations see it. */
export interface Ask {
  readonly operation: EngineRequest['operation']
  readonly hospital: string
  readonly requestId: string
  readonly body: Tree
  /** Ids that the engine gave to what this request makes; the model has no journal to count. */
  readonly ids: readonly string[]
}
