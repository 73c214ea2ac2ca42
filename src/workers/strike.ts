import { exit } from 'node:process'
import type { Document } from '../engine/turn.ts'
import type { Fault, FaultPlan } from './fault.ts'

const SLOW_MS = 20

/** Does what the plan says for a bill on which a pack begins its work. */
export function strike({ faults, met }: FaultPlan, pack: string, document: Document): void {
  const counts = new Int32Array(met)
  for (const [index, fault] of faults.entries()) {
    if (fault.pack !== undefined && fault.pack !== pack) continue
    if (fault.person !== undefined && fault.person !== personOf(document)) continue
    const before = Atomics.add(counts, index, 1)
    const { skip = 0, times = Infinity } = fault
    if (before >= skip && before < skip + times) commit(fault.what)
  }
}

function personOf({ person }: Document): unknown {
  return typeof person === 'object' && person !== null ? (person as Document)['id'] : undefined
}

function commit(what: Fault['what']): void {
  switch (what) {
    case 'hang':
      for (;;) pause(SLOW_MS, 'hang')
    case 'slow':
      return pause(SLOW_MS, 'slow')
    case 'throw':
      throw new Error('drill: a bug')
    case 'uncaught':
      queueMicrotask(() => {
        throw new Error('drill: an exception that nobody catches')
      })
      return
    case 'exit':
      return exit(1)
    case 'outOfMemory':
      return fillMemory()
  }
}

/** `hang` spins, as a loop in a condition would; `slow` lets others have the core. */
function pause(ms: number, how: 'hang' | 'slow'): void {
  if (how === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function fillMemory(): never {
  const held: number[][] = []
  for (;;) held.push(Array.from({ length: 10_000 }, (_, index) => index + held.length))
}
