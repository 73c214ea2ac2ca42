import { performance } from 'node:perf_hooks'
import type { Put, Store } from '../../../src/engine/ports.ts'

/** What one settlement writes, bytes of values. */
export interface Shape {
  readonly journalBytes: number
  readonly requestBytes: number
  readonly stayBytes: number
  readonly holderBytes: number
  /** Holders are chosen among so many. */
  readonly holders: number
  /** Requests and stays are those of so many hospitals. */
  readonly hospitals: number
}

/** A settlement of 20 lines under 5 + 2 layers, in a province of a million insured. */
export const PROVINCE: Shape = {
  journalBytes: 2500,
  requestBytes: 60,
  stayBytes: 60,
  holderBytes: 600,
  holders: 1_000_000,
  hospitals: 200,
}

export interface LoopResult {
  readonly commits: number
  readonly settlements: number
  readonly seconds: number
  /** Share of the time in which the main thread was at work, 0 to 1. */
  readonly mainBusy: number
  /** Milliseconds that commits took, ascending. */
  readonly latencies: readonly number[]
}

const HOLDERS_A_COMMIT = 20_000

/** A row for every holder, so that the loop meets a tree of full size. */
export async function loadHolders(store: Store, shape: Shape): Promise<void> {
  for (let first = 0; first < shape.holders; first += HOLDERS_A_COMMIT) {
    const count = Math.min(HOLDERS_A_COMMIT, shape.holders - first)
    await store.commit(
      Array.from({ length: count }, (_, index) => holderPut(first + index, shape, first)),
    )
  }
}

/**
 * The bare group commit: `perCommit` settlements are put together and committed, one commit after the other, for `seconds`.
 * Nothing is adjudicated; it is the most that an engine over this store can do.
 */
export async function commitLoop(
  store: Store,
  perCommit: number,
  seconds: number,
  shape: Shape,
): Promise<LoopResult> {
  const random = randomNumbers(perCommit)
  const latencies: number[] = []
  let seq = store.count('request') + 1
  const began = performance.now()
  const before = performance.eventLoopUtilization()
  while (performance.now() - began < seconds * 1000) {
    const puts = blockOf(seq, perCommit, shape, random)
    seq += perCommit
    const start = performance.now()
    await store.commit(puts)
    latencies.push(performance.now() - start)
  }
  return {
    commits: latencies.length,
    settlements: latencies.length * perCommit,
    seconds: (performance.now() - began) / 1000,
    mainBusy: performance.eventLoopUtilization(before).utilization,
    latencies: latencies.toSorted((left, right) => left - right),
  }
}

/** The puts of one block of `count` settlements. */
export function blockOf(seq: number, count: number, shape: Shape, random: () => number): Put[] {
  const puts: Put[] = [
    { table: 'journal', key: seq, value: filled(shape.journalBytes * count, seq) },
  ]
  for (let index = 0; index < count; index += 1) {
    const number = seq + index
    const hospital = `H3301060${String(number % shape.hospitals).padStart(4, '0')}`
    puts.push(
      {
        table: 'request',
        key: `${hospital}\u0000R${number}`,
        value: filled(shape.requestBytes, number),
      },
      { table: 'stay', key: `${hospital}\u0000Z${number}`, value: filled(shape.stayBytes, number) },
      holderPut(Math.floor(random() * shape.holders), shape, number),
    )
  }
  return puts
}

function holderPut(holder: number, shape: Shape, content: number): Put {
  return {
    table: 'holder',
    key: `person:3301${String(holder).padStart(14, '0')}`,
    value: filled(shape.holderBytes, content),
  }
}

function filled(bytes: number, content: number): Uint8Array {
  return new Uint8Array(bytes).fill(content & 0xff)
}

/** The same sequence for the same seed, evenly in 0 to 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
