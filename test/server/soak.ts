import { setTimeout as wait } from 'node:timers/promises'
import { AttackTown, Outcomes } from './hostile/attack-town.ts'
import { frameBarrage } from './hostile/frame-barrage.ts'
import { requestBarrage } from './hostile/request-barrage.ts'

/**
 * Hostile frames and HTTP requests against a real server: `npm run soak:frames -- [count] [seed]`. In rounds, each with a server of its
 * own, so that the ledger in memory does not hide what stays of the others. Ends with 1 and what brought it about when anything was not
 * answered with a code or cut off, when something went wrong inside, or when memory grew. The same count and seed send the same bytes.
 */
const ROUND = 10_000
/** Of a hundred attacks, how many are frames. */
const FRAMES_PERCENT = 60
/** Until code is compiled and pools have their size. */
const WARM_UP_ROUNDS = 2
const GROWTH_MAX_MIB = 64
const MIB = 2 ** 20

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1_000_000)
  const seed = Number(process.argv[3] ?? Date.now() % 0x3fff_ffff)
  process.stdout.write(`${count} frames and requests, seed ${seed}\n`)
  process.on('unhandledRejection', (error) => {
    process.stdout.write(`unhandled rejection, seed ${seed}: ${String(error)}\n`)
    process.exit(1)
  })
  const outcomes = new Outcomes()
  const resident: number[] = []
  for (let sent = 0; sent < count && outcomes.faults.length === 0; sent += ROUND) {
    await round(Math.min(ROUND, count - sent), seed + sent, outcomes)
    resident.push(await residentMiB())
    process.stdout.write(`${outcomes.total} sent, ${resident.at(-1) ?? 0} MiB resident\n`)
  }
  for (const [outcome, times] of [...outcomes.counts].sort(([, a], [, b]) => b - a)) {
    process.stdout.write(`${String(times).padStart(8)}  ${outcome}\n`)
  }
  for (const fault of outcomes.faults) process.stdout.write(`\n${fault}\n`)
  const growth = (resident.at(-1) ?? 0) - (resident[WARM_UP_ROUNDS - 1] ?? Infinity)
  if (resident.length > WARM_UP_ROUNDS) {
    process.stdout.write(`memory: ${growth} MiB more than after ${WARM_UP_ROUNDS * ROUND}\n`)
  }
  if (outcomes.faults.length > 0 || growth > GROWTH_MAX_MIB) {
    process.stdout.write(`again: npm run soak:frames -- ${count} ${seed}\n`)
    process.exitCode = 1
  }
}

async function round(count: number, seed: number, outcomes: Outcomes): Promise<void> {
  const town = await AttackTown.open()
  const frames = Math.floor((count * FRAMES_PERCENT) / 100)
  await frameBarrage(town, { count: frames, seed }, outcomes)
  await requestBarrage(town, { count: count - frames, seed }, outcomes)
  await town.idle()
  await town.close()
}

/** With nothing left that could be collected, where the process was started with --expose-gc. */
async function residentMiB(): Promise<number> {
  for (let pass = 0; pass < 3; pass += 1) {
    globalThis.gc?.()
    await wait(50)
  }
  return Math.round(process.memoryUsage.rss() / MIB)
}

await main()
