import { evaluateJob, finishOutcome, type JobOutcome } from '../../src/engine/evaluate-job.ts'
import type { Evaluator, SplitJob, SplitOutcome } from '../../src/engine/evaluator-port.ts'
import { RuleSets, type OpenedRuleSet } from '../../src/engine/rule-sets.ts'
import { SplitPacker } from '../../src/ledger/packed-split.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import { COMPILED } from './base-ledger.ts'
import { isPoisoned } from './poison.ts'
import type { World } from './world.ts'

const HANG_MS = 8_000

/**
 * Workers that are slow, die, hang and answer out of order. A worker that dies by itself costs its bill time: it is run again
 * alone. A poisoned bill brings down every worker it meets.
 */
export class SimulatedPool implements Evaluator {
  readonly workers = 2
  readonly #world: World
  readonly #rules: RuleSets
  readonly #packer = new SplitPacker()
  /** Jobs at work, in the order they came. */
  readonly #atWork = new Set<SplitJob>()
  #isClosed = false

  /** `read`: contents by their hash. */
  constructor(world: World, read: (hash: string) => Uint8Array) {
    this.#world = world
    this.#rules = new RuleSets(read, COMPILED)
  }

  async evaluate(job: SplitJob): Promise<SplitOutcome> {
    this.#world.require(!this.#isClosed, () => 'a bill is sent to a pool that is closed')
    this.#atWork.add(job)
    await this.#world.time.sleep(this.#delay())
    const [oldest] = this.#atWork
    if (oldest !== job) this.#world.faults.met('workersOutOfOrder')
    this.#atWork.delete(job)
    return this.#outcome(job)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.resolve()
  }

  #delay(): number {
    const { faults, delays } = this.#world
    const usual = 1 + delays.below(15)
    if (faults.strikes('workerDied')) return usual + 200
    if (faults.strikes('workerHung')) return usual + HANG_MS
    if (faults.strikes('workerSlow')) return usual + delays.below(3_000)
    return usual
  }

  #outcome(job: SplitJob): SplitOutcome {
    const rules = this.#rules.open(job.ruleSet, job.suspended)
    const sent = decode(encode(job)) as SplitJob
    const basic = basicPacks(rules)
    let poisoned: boolean | undefined
    let died: string | undefined
    this.#packer.restart()
    const outcome = evaluateJob(sent, rules, this.#packer, (pack, document) => {
      if (pack !== undefined && basic.has(pack) && (poisoned ??= isPoisoned(document)))
        died ??= pack
    })
    if (died !== undefined) {
      this.#world.say(`pool: a worker died of ${died.slice(0, 8)}`)
      this.#world.poisonings.note(job.document)
      return { kind: 'failed', why: 'died', pack: died }
    }
    const dictionary = this.#packer.dictionary()
    return finishOutcome(decode(encode(outcome)) as JobOutcome, dictionary)
  }
}

/** Hashes of the packs that do not come to an end on a poisoned bill. */
function basicPacks({ inForce }: OpenedRuleSet): ReadonlySet<string> {
  const basic = inForce.packs.filter(({ pack }) => pack.id.endsWith('/basic'))
  return new Set(basic.map(({ pack }) => pack.hash))
}
