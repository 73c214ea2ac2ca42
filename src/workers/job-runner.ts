import { assert } from '../assert.ts'
import { evaluateJob, type JobOutcome } from '../engine/evaluate-job.ts'
import type { SplitJob } from '../engine/evaluator-port.ts'
import { RuleSets, type OpenedRuleSet } from '../engine/rule-sets.ts'
import { SplitPacker } from '../ledger/packed-split.ts'
import { decode, encode } from '../protocol/codec.ts'
import type { FaultPlan } from './fault.ts'
import { Progress } from './progress.ts'
import type { BarredPack, BatchOutcomes, SplitBatch } from './split-batch.ts'
import { strike } from './strike.ts'
import { transferable } from './transferable.ts'

/** The job at work and the pack at work on it. */
interface AtWork {
  readonly job: SplitJob
  readonly places: ReadonlyMap<string, number>
  pack: string | undefined
}

/** A place before the first. */
const NO_PACK = -1

/** Leaves a bill when a barred pack would run. */
class PackBarred extends Error {
  override readonly name = 'PackBarred'
  readonly why: BarredPack[1]

  constructor(why: BarredPack[1]) {
    super(why)
    this.why = why
  }
}

/** The work of one thread. Keeps compiled packs and opened rule sets by hash from batch to batch; contents come with each. */
export class JobRunner {
  readonly #plan: FaultPlan | undefined
  readonly #rules: RuleSets
  readonly #places = new WeakMap<OpenedRuleSet, ReadonlyMap<string, number>>()
  readonly #packer = new SplitPacker()
  #contents: ReadonlyMap<string, SharedArrayBuffer> = new Map()

  constructor(plan: FaultPlan | undefined) {
    this.#plan = plan
    this.#rules = new RuleSets((hash) => {
      const bytes = this.#contents.get(hash)
      assert(bytes !== undefined, 'a batch brings every content its rule sets name')
      return new Uint8Array(bytes)
    })
  }

  /** The outcomes in the order of the jobs, encoded. An exception stays with its job. */
  run({ jobs: encoded, contents, progress: memory, barred }: SplitBatch): ArrayBuffer {
    const jobs = decode(Buffer.from(encoded)) as readonly SplitJob[]
    const progress = new Progress(memory)
    this.#contents = new Map(contents)
    const bars = new Map(barred)
    for (const job of jobs) this.#open(job)
    this.#packer.restart()
    const outcomes = jobs.map((job, index) => {
      progress.beginJob(index)
      return this.#outcome(job, progress, bars)
    })
    progress.beginJob(jobs.length)
    const batch: BatchOutcomes = { outcomes, dictionary: this.#packer.dictionary() }
    return transferable(encode(batch))
  }

  /**
   * Opens what the job needs before any job counts as begun: compiling the packs of a city takes longer than a bill, and is no
   * bill's fault. What fails here fails again for the job.
   */
  #open({ ruleSet, suspended }: SplitJob): void {
    try {
      this.#rules.open(ruleSet, suspended)
    } catch {
      return
    }
  }

  #outcome(
    job: SplitJob,
    progress: Progress,
    bars: ReadonlyMap<string, BarredPack[1]>,
  ): JobOutcome {
    let atWork: AtWork | undefined
    try {
      const rules = this.#rules.open(job.ruleSet, job.suspended)
      const places = this.#placesOf(rules)
      const current: AtWork = { job, places, pack: undefined }
      atWork = current
      return evaluateJob(job, rules, this.#packer, (pack, document) => {
        this.#beginPack(current, pack, progress, bars)
        if (this.#plan !== undefined && pack !== undefined) strike(this.#plan, pack, document)
      })
    } catch (error) {
      const why = error instanceof PackBarred ? error.why : 'defect'
      return { kind: 'failed', why, pack: atWork?.pack }
    }
  }

  #beginPack(
    atWork: AtWork,
    pack: string | undefined,
    progress: Progress,
    bars: ReadonlyMap<string, BarredPack[1]>,
  ): void {
    atWork.pack = pack
    progress.beginPack(pack === undefined ? NO_PACK : (atWork.places.get(pack) ?? NO_PACK))
    if (pack === undefined) return
    const why = bars.get(pack)
    if (why !== undefined) throw new PackBarred(why)
  }

  /** Place of each pack in the list of its rule set. */
  #placesOf(rules: OpenedRuleSet): ReadonlyMap<string, number> {
    const known = this.#places.get(rules)
    if (known !== undefined) return known
    const places = new Map(rules.inForce.packs.map(({ pack }, place) => [pack.hash, place]))
    this.#places.set(rules, places)
    return places
  }
}
