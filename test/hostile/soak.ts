import { attackBill, type Attempt } from './bill-attack.ts'
import { billSeeds } from './bill-seeds.ts'
import { Chance } from './chance.ts'
import { attackPack, packSeeds } from './pack-attack.ts'

/**
 * Settles many mutants of every bill and checks many of every pack: `npm run soak:hostile -- [mutants] [seed]`. Says how they ended; ends with 1
 * and what brought it about when one threw, answered nonsense or took long.
 */
function main(): void {
  const count = Number(process.argv[2] ?? 20_000)
  const seed = Number(process.argv[3] ?? Date.now() % 0x7fff_ffff)
  process.stdout.write(`${count} mutants, seed ${seed}\n`)
  const chance = new Chance(seed)
  const bills = billSeeds(process.cwd())
  const packs = packSeeds(process.cwd())
  const attack = () =>
    chance.below(3) === 0 ? attackPack(packs, chance) : attackBill(bills, chance)
  const outcomes = new Map<string, number>()
  const faults = new Map<string, string>()
  for (let made = 0; made < count; made += 1) note(timed(attack), outcomes, faults)
  for (const [outcome, times] of [...outcomes].sort(([, a], [, b]) => b - a)) {
    process.stdout.write(`${String(times).padStart(8)}  ${outcome}\n`)
  }
  for (const [fault, input] of faults) process.stdout.write(`\n${fault}\n  ${input}\n`)
  process.exitCode = faults.size === 0 ? 0 : 1
}

/** Far above what any mutant takes, also where the processor is shared. */
const MILLISECONDS_MAX = 5_000

function timed(work: () => Attempt): Attempt {
  const begun = performance.now()
  const done = work()
  const took = performance.now() - begun
  if (took < MILLISECONDS_MAX) return done
  return { ...done, faults: [...done.faults, `took ${Math.round(took)} ms`] }
}

const SHOWN_MAX = 1_500

function note(
  { faults, input, outcome }: Attempt,
  outcomes: Map<string, number>,
  found: Map<string, string>,
): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  for (const fault of faults) {
    const kind = fault.split('\n').slice(0, 3).join('\n').slice(0, 400)
    const shown = (typeof input === 'string' ? input : JSON.stringify(input)).slice(0, SHOWN_MAX)
    if (found.size < 20 && !found.has(kind)) found.set(kind, shown)
  }
}

main()
