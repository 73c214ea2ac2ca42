import type { EngineRequest } from '../../src/engine/request.ts'
import type { Tree } from './model-split.ts'

/**
 * One step of a history: plain data, so that a history can be printed, cut shorter and run again. Where a request names what an
 * earlier step was answered, its body holds one of:
 * `{ $settlement: step }` the id of the settlement, `{ $expect: step, add }` the totals of the split with `add` fen too much,
 * `{ $platform: step, setlId, add }` the platform's answer to it.
 */
export type Step =
  | {
      readonly kind: 'request'
      readonly operation: EngineRequest['operation']
      readonly hospital: string
      readonly requestId: string
      readonly body: Tree
      /** Submitted together with the request after it, before either is awaited. */
      readonly isTogether?: true
    }
  /** Indexes into `CHANGES`, one registry record. */
  | { readonly kind: 'registry'; readonly changes: readonly number[] }
  /** A later version of a pack, in force from an ISO day. */
  | {
      readonly kind: 'activate'
      readonly place: number
      readonly later: number
      readonly from: string
    }
  | { readonly kind: 'rollBack'; readonly place: number; readonly later: number }
  /** The first version of a pack is held back, or taken up again. */
  | { readonly kind: 'suspend' | 'resume'; readonly place: number; readonly pack: number }
  /** The clock is put to `at`, ms. */
  | { readonly kind: 'clock'; readonly at: number }
  /** Was something before the history was made smaller. */
  | { readonly kind: 'nothing' }

export type RequestStep = Extract<Step, { kind: 'request' }>

export interface History {
  readonly seed: number
  /** Where the clock begins, ms. */
  readonly start: number
  readonly steps: readonly Step[]
}

/** One line a step. */
export function describeHistory({ seed, start, steps }: History): string {
  const shown = steps.flatMap((step, index) => {
    if (step.kind === 'nothing') return []
    if (step.kind !== 'request') return `${index} ${JSON.stringify(step)}`
    const { operation, hospital, requestId, body, isTogether } = step
    const together = isTogether === true ? ' (together with the next)' : ''
    return `${index} ${operation} ${hospital || '(operator)'} ${requestId}${together} ${JSON.stringify(body)}`
  })
  return [`seed ${seed}, clock ${new Date(start).toISOString()} (${start})`, ...shown].join('\n')
}
