import { assert } from '../../../src/assert.ts'

/** One side of a comparison; `pass` does all its work once and gives a checksum of what it computed. */
export interface Contender {
  readonly name: string
  /** Bills of one pass. */
  readonly bills: number
  readonly pass: () => number | Promise<number>
}

export interface Measured {
  readonly name: string
  /** Bills a second in each round. */
  readonly rates: readonly number[]
  /** The checksum, the same in every pass. */
  readonly sum: number
}

export interface Pace {
  readonly rounds: number
  readonly millisecondsEach: number
}

/**
 * Times the contenders in turn, round after round and every other round backwards, so that what else the machine does
 * meets them alike. Ratios are taken within a round and the median is what counts.
 */
export async function measurePaired(
  contenders: readonly Contender[],
  pace: Pace,
): Promise<readonly Measured[]> {
  const rates = contenders.map((): number[] => [])
  const sums: number[] = []
  for (const { pass } of contenders) sums.push(await resolved(pass()))
  // The first round warms up and is thrown away.
  for (let round = -1; round < pace.rounds; round += 1) {
    const order = [...contenders.keys()]
    if (round % 2 !== 0) order.reverse()
    for (const index of order) {
      const contender = contenders[index]
      assert(contender !== undefined, 'a contender')
      const rate = await timeOne(contender, pace.millisecondsEach, sums[index] ?? 0)
      if (round >= 0) rates[index]?.push(rate)
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    rates: rates[index] ?? [],
    sum: sums[index] ?? 0,
  }))
}

async function timeOne(contender: Contender, milliseconds: number, sum: number): Promise<number> {
  const begin = process.hrtime.bigint()
  const deadline = begin + BigInt(milliseconds) * 1_000_000n
  let bills = 0
  let now = begin
  while (now < deadline) {
    const got = await resolved(contender.pass())
    assert(got === sum, `every pass of ${contender.name} computes the same`)
    bills += contender.bills
    now = process.hrtime.bigint()
  }
  return bills / (Number(now - begin) / 1e9)
}

function resolved(result: number | Promise<number>): Promise<number> {
  return typeof result === 'number' ? Promise.resolve(result) : result
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Median over the rounds of how many times faster `left` is than `right`, with the lowest and highest. */
export function ratioOf(
  left: Measured,
  right: Measured,
): { readonly median: number; readonly low: number; readonly high: number } {
  const ratios = left.rates.map((rate, round) => rate / (right.rates[round] ?? Number.NaN))
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) }
}
