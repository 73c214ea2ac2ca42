import type { SplitJob } from './evaluator-port.ts'

/** Watches how long the writer itself adjudicates bills. Nothing that is answered depends on it. */
export interface LayerWatch {
  /** Milliseconds since any moment, never going back. */
  readonly now: () => number
  /** What one bill may take before a pack is named, ms. */
  readonly slowMs: number
  /** Told the hash of the pack that took most of a bill that took longer. */
  readonly slow: (pack: string) => void
  /** Whether a pack that was slow may work on the bill: the writer then adjudicates it only when it was tried elsewhere. */
  readonly mustBeTried: (bill: WatchedBill) => boolean
}

export type WatchedBill = Pick<SplitJob, 'ruleSet' | 'suspended' | 'document'>

/** Runs an adjudication, which tells each pack before it works; says which took most of it when all of them took long. */
export function watched<T>(
  watch: LayerWatch | undefined,
  adjudicate: (onLayer?: (pack: string) => void) => T,
): T {
  if (watch === undefined) return adjudicate()
  const times = new Map<string, number>()
  let atWork: string | undefined
  let began = 0
  const next = (pack?: string) => {
    const at = watch.now()
    if (atWork !== undefined) times.set(atWork, (times.get(atWork) ?? 0) + at - began)
    atWork = pack
    began = at
  }
  try {
    return adjudicate(next)
  } finally {
    next()
    tell(watch, times)
  }
}

function tell({ slow, slowMs }: LayerWatch, times: ReadonlyMap<string, number>): void {
  let [all, most] = [0, 0]
  let slowest: string | undefined
  for (const [pack, ms] of times) {
    all += ms
    if (slowest !== undefined && ms <= most) continue
    most = ms
    slowest = pack
  }
  if (all > slowMs && slowest !== undefined) slow(slowest)
}
