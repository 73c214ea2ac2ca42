import type { Exchange } from './compare.ts'
import { objectOf } from './complete-bill.ts'
import type { Tree } from './model-split.ts'

/** What makes an answer worth more than another. */
function eventsOf({ changed, left, later, state, settlements }: Tree): readonly string[] {
  const found = Array.isArray(settlements) ? settlements.map(objectOf) : []
  const events = [
    [Array.isArray(changed) && changed.length > 0, 'changed something'],
    [Array.isArray(changed) && changed.length > 1, 'changed several'],
    [Array.isArray(left) && left.length > 0, 'left some to a supplement'],
    [later === true, 'with later readers'],
    [state === 'unconfirmed', 'unconfirmed'],
    [found.some(({ changedSince }) => changedSince === true), 'found one changed since'],
    [found.some((one) => one['state'] === 'unknown'), 'found one unknown'],
    [found.length > 0, 'found some'],
  ] as const
  return events.filter(([is]) => is).map(([, name]) => name)
}

/** How often each operation was answered, repeated, or refused with each code. */
export class Tally {
  readonly counts = new Map<string, number>()

  readonly count = ({ step, reply }: Exchange): void => {
    const outcomes =
      reply.kind === 'refused'
        ? reply.problems.map(({ code }) => code)
        : [reply.repeat ? 'repeated' : 'answered', ...eventsOf(reply.answer)]
    for (const outcome of new Set(outcomes)) {
      const name = `${step.operation} ${outcome}`
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    }
  }

  table(): string {
    return [...this.counts]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, count]) => `${String(count).padStart(9)}  ${name}`)
      .join('\n')
  }
}
