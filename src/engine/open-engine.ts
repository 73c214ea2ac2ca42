import { failure, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { counterRow, EMPTY_HOLDER } from '../ledger/holders.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import type { AuditEntry, RegistryEntry, RulesState } from '../ledger/record.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import type { Profile } from '../rules/profile.ts'
import { rowKey } from '../ledger/rows.ts'
import { seqOf } from '../ledger/settlement-id.ts'
import { Admission, type Admitted, type AdmittedRequest } from './admission.ts'
import { listBalances, type Balance } from './list-balances.ts'
import { listCredentials } from './list-credentials.ts'
import type { EngineOptions } from './engine-options.ts'
import { listEntries } from './list-entries.ts'
import { ENGINE_SETTINGS, TRIALS_MAX, type EngineSettings } from './limits.ts'
import type { Evaluator } from './evaluator-port.ts'
import type { Store } from './ports.ts'
import type { EngineReply, EngineRequest } from './request.ts'
import { lastComputed, recomputeSplit, type RecomputedSplit } from './recompute-split.ts'
import { Shadows } from './replay/shadows.ts'
import type { ShadowReport } from './replay/shadow-runner.ts'
import { importKey, type RegistryAnswer } from './registry-answers.ts'
import { RuleCommands } from './rule-commands.ts'
import { refusal } from './replies.ts'
import { RuleSets } from './rule-sets.ts'
import { TurnRunner } from './turn-runner.ts'
import { recordBase, type TakenRequest } from './turn.ts'
import { RulesNotTried, type RehearsedBill } from './rehearsal.ts'
import { Speculator } from './speculator.ts'
import { Writer } from './writer.ts'

export type { EngineOptions } from './engine-options.ts'

function scheduleSoon(work: () => void): void {
  setImmediate(work)
}

/** A ledger with one writer. Everything it answers is on the disk. */
export class Engine {
  readonly #store: Store
  readonly #settings: EngineSettings
  readonly #writer: Writer
  readonly #rules: RuleSets
  readonly #shadows: Shadows
  readonly #turns: TurnRunner
  readonly #admission: Admission
  readonly rules: RuleCommands

  readonly #evaluator: Evaluator | undefined
  readonly #speculator: Speculator | undefined
  /** Requests that have no reply yet. */
  #answering = 0
  #quiet: (() => void)[] = []

  constructor({
    store,
    clock,
    settings,
    schedule = scheduleSoon,
    onDefect = () => undefined,
    evaluator,
    compiled,
    meter,
    watch,
  }: EngineOptions) {
    this.#store = store
    this.#settings = { ...ENGINE_SETTINGS, ...settings }
    this.#rules = new RuleSets((hash) => this.#turns.contentOf(hash), compiled)
    this.#writer = new Writer({
      store,
      clock,
      rules: this.#rules,
      settings: this.#settings,
      schedule,
      onDefect,
      ...(meter !== undefined && { meter }),
      ...(watch !== undefined && { watch }),
      batchEnded: (records) => {
        this.#shadows.committed(records)
      },
    })
    this.#shadows = new Shadows({
      store,
      ledger: this.#writer.committed,
      rules: this.#rules.apart(),
      schedule,
      head: () => this.#writer.head.seq,
      isBusy: () => this.#answering > 0 || this.#writer.waiting > 0,
      onDefect,
    })
    this.#turns = new TurnRunner({
      writer: this.#writer,
      store,
      settings: this.#settings,
      onDefect,
      refused: (turn, request) => {
        this.#shadows.refused(turn, request)
      },
    })
    this.#evaluator = evaluator
    this.rules = new RuleCommands((work) => this.#turns.work(work))
    this.#speculator =
      evaluator &&
      new Speculator({
        evaluator,
        rehearsalTurn: () => this.#writer.rehearsalTurn(),
        suspend: async (jurisdiction, pack) => this.rules.suspend(jurisdiction, pack),
      })
    this.#admission = new Admission({
      writer: this.#writer,
      settings: this.#settings,
      workers: evaluator?.workers ?? 0,
      trying: () => this.#speculator?.waiting ?? 0,
    })
  }

  /**
   * Answers a request of docs/ledger.md, section 6. Never rejects. Nothing here waits with `request` in its hands: what was decoded of one
   * that came in a message is gone when this returns.
   */
  async submit(request: EngineRequest): Promise<EngineReply> {
    this.#answering += 1
    return this.#answerTo(this.#admission.admit(request))
  }

  async #answerTo(admitted: Admitted): Promise<EngineReply> {
    try {
      if ('refused' in admitted) return this.#turns.refusedBy(admitted.refused)
      return 'kind' in admitted ? admitted : await this.#inItsTime(admitted)
    } catch (error) {
      return this.#turns.refusedBy(error)
    } finally {
      this.#answering -= 1
      if (this.#answering === 0) {
        for (const resolve of this.#quiet.splice(0)) resolve()
        this.#shadows.wake()
      }
    }
  }

  /** Whether a request is better given with its message (`EngineRequest.sent`). */
  wantsMessage(operation: string): boolean {
    return this.#admission.wantsMessage(operation)
  }

  async #inItsTime(admitted: AdmittedRequest): Promise<EngineReply> {
    this.#admission.enter(admitted)
    try {
      return this.#speculator === undefined
        ? await this.#turns.reply(admitted.taken)
        : await this.#speculated(admitted.taken, this.#speculator)
    } finally {
      this.#admission.leave(admitted)
    }
  }

  /** Tried beforehand where that can be, then in its turn; once more for each set of rules that its turn comes to untried. */
  async #speculated(request: TakenRequest, speculator: Speculator): Promise<EngineReply> {
    const met: RehearsedBill[] = []
    for (let round = 0; round < TRIALS_MAX; round += 1) {
      // A halted writer knows less than the ledger has: nothing can be tried on what it knows.
      const isWanted = this.#writer.halted === undefined && this.#evaluator?.isWanted !== false
      const tried = isWanted ? await speculator.tried(request, met) : success(request)
      if (!tried.ok) return refusal(tried.problems)
      try {
        return await this.#turns.reply(tried.value)
      } catch (error) {
        if (!(error instanceof RulesNotTried)) throw error
        met.push(error.bill)
      }
    }
    return this.#turns.refusedBy(new Error('its bill has to be tried, and nobody tries it'))
  }

  /** Writes one batch of entries of the register, in one record with the `answer`. */
  async registry(
    source: string,
    entries: readonly RegistryEntry[],
    answer?: RegistryAnswer,
  ): Promise<Result<number>> {
    return this.#turns.work((turn) => {
      const base = recordBase(turn)
      const kept = answer === undefined ? {} : { request: importKey(answer), reply: answer.answer }
      turn.rows.append({ kind: 'registry', ...base, ...kept, source, entries })
      return base.seq
    })
  }

  /** Writes who asked for what. */
  async audit(entries: readonly AuditEntry[]): Promise<Result<number>> {
    return this.#turns.work((turn) => {
      const base = recordBase(turn)
      turn.rows.append({ kind: 'audit', ...base, entries })
      return base.seq
    })
  }

  /** Counters of a holder (`person:ID`, `stay:STAY␀HOSPITAL`, `family:ID`, `policy:ID`, `group:ID`) as committed. */
  counters(holder: string): ReadonlyMap<string, number> {
    return (counterRow(this.#writer.committed, holder) ?? EMPTY_HOLDER).counters.toMap()
  }

  /** Balances as committed, by accounting day and hospital. */
  balances(): readonly Balance[] {
    return listBalances(this.#store, this.#writer.committed)
  }

  /** A committed settlement adjudicated again from its record, with the explanation in full; `now`: as its last recalculation left it. */
  recompute(settlement: string, as: 'then' | 'now' = 'then'): Result<RecomputedSplit> {
    const seq = seqOf(settlement)
    const rows = this.#writer.committed
    const split = seq === undefined || seq > this.seq ? undefined : rows.record(seq)
    if (split?.kind !== 'settlement' && split?.kind !== 'prepared') {
      return failure(problem('SETTLEMENT_UNKNOWN', 'settlement', { settlement }))
    }
    return recomputeSplit(rows, this.#rules, as === 'then' ? split : lastComputed(rows, split))
  }

  /** State of the packs of a jurisdiction, as committed. */
  rulesState(jurisdiction: string): RulesState | undefined {
    return this.#writer.committed.get('rules', jurisdiction)
  }

  /** What the version `pack` in shadow would have changed. Refused when it is not in shadow (`PACK_STATE_WRONG`, `CONTENT_UNKNOWN`). */
  shadowReport(jurisdiction: string, pack: string): Result<ShadowReport> {
    return this.#shadows.report(jurisdiction, pack)
  }

  /** An entry of the register, as committed. */
  registered(kind: RegistryEntry['kind'], id: string): unknown {
    return this.#writer.committed.get('registry', rowKey(kind, id))?.entry
  }

  /** Contents of every entry of a kind, as committed, by id. */
  registeredAll(kind: RegistryEntry['kind']): readonly unknown[] {
    return listEntries(this.#store, this.#writer.committed, kind)
  }

  /** A published pack, compiled; undefined when the jurisdiction has no version of that hash. */
  pack(jurisdiction: string, hash: string): CompiledPack | undefined {
    const isThere = this.rulesState(jurisdiction)?.packs.some((pack) => pack.hash === hash)
    return isThere === true ? this.#rules.pack(hash) : undefined
  }

  /** The profile in force in a jurisdiction; undefined where there are no rules. */
  profile(jurisdiction: string): Profile | undefined {
    const ruleSet = this.rulesState(jurisdiction)?.ruleSet
    return ruleSet === undefined ? undefined : this.#rules.open(ruleSet).inForce.profile
  }

  /** Everybody who may log in, as committed, by id. */
  credentials(): readonly CredentialEntry[] {
    return listCredentials(this.#store, this.#writer.committed)
  }

  /** Work that has no end yet. */
  get waiting(): number {
    return this.#writer.waiting
  }

  /** Why the ledger takes nothing any more. */
  get halted(): Problem | undefined {
    return this.#writer.halted
  }

  /** Seq of the last record. */
  get seq(): number {
    return this.#writer.head.seq
  }

  /** Last closed accounting day, days since 1970-01-01; null when none is. */
  get closed(): number | null {
    return this.#writer.head.closed
  }

  /** Answers everything that waits; takes nothing more. The store stays open. */
  async close(): Promise<void> {
    this.#admission.close()
    if (this.#answering > 0) {
      await new Promise<void>((resolve) => {
        this.#quiet.push(resolve)
      })
    }
    await this.#writer.idle()
    this.#shadows.stop()
    await this.#evaluator?.close()
  }
}

/** Opens the engine on a store; what is not settled from an earlier run is as it was. */
export async function openEngine(options: EngineOptions): Promise<Result<Engine>> {
  return Promise.resolve(success(new Engine(options)))
}
