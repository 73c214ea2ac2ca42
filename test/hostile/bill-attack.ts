import { settleDocument } from '../../src/cli/adjudicate-command.ts'
import { sentences } from '../../src/adjudication/sentences.ts'
import { parseJsonExact } from '../../src/protocol/json-exact.ts'
import { problemFaults, settlementFaults } from './answer-faults.ts'
import type { BillSeed } from './bill-seeds.ts'
import type { Chance } from './chance.ts'
import { mutated, mutatedText } from './mutate.ts'

export interface Attempt {
  /** What should never happen, with what brought it about. */
  readonly faults: readonly string[]
  /** `settled`, or the code of the first problem. */
  readonly outcome: string
  readonly input: unknown
}

/** Settles one mutant of one of `seeds`; what went wrong besides a coded refusal. */
export function attackBill(seeds: readonly BillSeed[], chance: Chance): Attempt {
  // The two bills with the platform's answers are worth as much as all others.
  const seed = chance.below(4) === 0 ? chance.anyOf(seeds.slice(-2)) : chance.anyOf(seeds)
  if (seed === undefined) throw new Error('there are seeds')
  if (chance.below(4) > 0) {
    const tree = mutated(seed.tree, chance)
    return attempt(tree, () => outcomeOf(tree, seed))
  }
  const text = mutatedText(JSON.stringify(seed.tree), chance)
  return attempt(text, () => {
    const tree = parseJsonExact(text)
    if (tree.ok) return outcomeOf(tree.value, seed)
    return { outcome: tree.problems[0]?.code ?? '', faults: problemFaults(tree.problems) }
  })
}

function outcomeOf(tree: unknown, { inForce }: BillSeed): Omit<Attempt, 'input'> {
  const answer = settleDocument(tree, inForce)
  if (!answer.ok) {
    return { outcome: answer.problems[0]?.code ?? '', faults: problemFaults(answer.problems) }
  }
  const { value } = answer
  const texts = sentences(value).flatMap(({ zh, en }) => [zh, en])
  const odd = texts.filter((text) => /undefined|\[object/.test(text))
  const warned = value.warnings.length === 0 ? [] : problemFaults(value.warnings)
  return { outcome: 'settled', faults: [...settlementFaults(value), ...warned, ...odd] }
}

/** Runs `work`; whatever it throws is a fault. */
export function attempt(input: unknown, work: () => Omit<Attempt, 'input'>): Attempt {
  try {
    return { ...work(), input }
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { outcome: 'thrown', faults: [why], input }
  }
}
