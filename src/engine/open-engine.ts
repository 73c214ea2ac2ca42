import { assert } from '../assert.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { counterRow } from '../ledger/holders.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import type { AuditEntry, RegistryEntry, RulesState } from '../ledger/record.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import type { Profile } from '../rules/profile.ts'
import { requestRowKey, rowKey } from '../ledger/rows.ts'
import { seqOf } from '../ledger/settlement-id.ts'
import { Admission, type Admitted, type AdmittedRequest } from './admission.ts'
import { listBalances, type Balance } from './list-balances.ts'
import { listCredentials } from './list-credentials.ts'
import type { EngineOptions } from './engine-options.ts'
import { listEntries } from './list-entries.ts'
import { ENGINE_SETTINGS, TRIALS_MAX, type EngineSettings } from './limits.ts'
import type { OverlayRows } from './overlay-rows.ts'
import type { Evaluator } from './evaluator-port.ts'
import type { Store } from './ports.ts'
import type { EngineReply, EngineRequest } from './request.ts'
import { READ_ONLY } from './request.ts'
import { lastComputed, recomputeSplit, type RecomputedSplit } from './recompute-split.ts'
import { firstReply } from './later-answer.ts'
import { notAfterOf } from './not-after.ts'
import { unresolved } from './operations/unresolved.ts'
import { Shadows } from './replay/shadows.ts'
import type { ShadowReport } from './replay/shadow-runner.ts'
import { importKey, type RegistryAnswer } from './registry-answers.ts'
import { RuleCommands } from './rule-commands.ts'
import { preparedKeys, refusal, repeated, type Refused } from './replies.ts'
import { RuleSets } from './rule-sets.ts'
import { runOperation } from './run-operation.ts'
import { StoreFailed } from './store-failed.ts'
import { runnableRequest } from './runnable-request.ts'
import { recordBase, RequestRefused, type TakenRequest, type Turn } from './turn.ts'
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
  /** Of the turn that is being taken: contents that are not committed yet. */
  #turnRows: OverlayRows | undefined
  readonly #admission: Admission
  readonly rules: RuleCommands

  readonly #onDefect: (error: unknown) => void
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
    this.#onDefect = onDefect
    this.#store = store
    this.#settings = { ...ENGINE_SETTINGS, ...settings }
    this.#rules = new RuleSets((hash) => this.#readContent(hash), compiled)
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
    this.#evaluator = evaluator
    this.rules = new RuleCommands((work) => this.#inTurn(work))
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
      if ('refused' in admitted) return this.#refusedBy(admitted.refused)
      return 'kind' in admitted ? admitted : await this.#inItsTime(admitted)
    } catch (error) {
      return this.#refusedBy(error)
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
        ? await this.#reply(admitted.taken)
        : await this.#speculated(admitted.taken, this.#speculator)
    } finally {
      this.#admission.leave(admitted)
    }
  }

  /** Tried beforehand where that can be, then in its turn; once more for each set of rules that its turn comes to untried. */
  async #speculated(request: TakenRequest, speculator: Speculator): Promise<EngineReply> {
    const met: RehearsedBill[] = []
    for (let round = 0; round < TRIALS_MAX; round += 1) {
      const isWanted = this.#evaluator?.isWanted !== false
      const tried = isWanted ? await speculator.tried(request, met) : success(request)
      if (!tried.ok) return refusal(tried.problems)
      try {
        return await this.#reply(tried.value)
      } catch (error) {
        if (!(error instanceof RulesNotTried)) throw error
        met.push(error.bill)
      }
    }
    return this.#refusedBy(new Error('its bill has to be tried, and nobody tries it'))
  }

  /** Writes one batch of entries of the register, in one record with the `answer`. */
  async registry(
    source: string,
    entries: readonly RegistryEntry[],
    answer?: RegistryAnswer,
  ): Promise<Result<number>> {
    return this.#inTurn((turn) => {
      const base = recordBase(turn)
      const kept = answer === undefined ? {} : { request: importKey(answer), reply: answer.answer }
      turn.rows.append({ kind: 'registry', ...base, ...kept, source, entries })
      return base.seq
    })
  }

  /** Writes who asked for what. */
  async audit(entries: readonly AuditEntry[]): Promise<Result<number>> {
    return this.#inTurn((turn) => {
      const base = recordBase(turn)
      turn.rows.append({ kind: 'audit', ...base, entries })
      return base.seq
    })
  }

  /** Counters of a holder (`person:ID`, `stay:STAY␀HOSPITAL`, `family:ID`, `policy:ID`, `group:ID`) as committed. */
  counters(holder: string): ReadonlyMap<string, number> {
    return counterRow(this.#writer.committed, holder)?.counters ?? new Map()
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

  /** Bytes of a published content; what is not committed yet only in the turn that published it. */
  #readContent(hash: string): Uint8Array {
    const bytes = this.#turnRows?.contentOf(hash) ?? this.#store.get('content', hash)
    assert(bytes !== undefined, 'the ledger has the content of every hash it names')
    return bytes
  }

  /** Rejects with `RulesNotTried`. */
  async #reply(request: TakenRequest): Promise<EngineReply> {
    return new Promise((resolve, reject) => {
      let reply: EngineReply | RulesNotTried
      const together = packedWith(request)
      this.#writer.add({
        ...(together !== undefined && { together }),
        run: (turn) => {
          reply = this.#turnReply(turn, request)
        },
        done: () => {
          if (reply instanceof RulesNotTried) reject(reply)
          else resolve(reply)
        },
        failed: (what) => {
          resolve({ kind: 'refused', problems: [what], retryAfterMs: this.#settings.retryAfterMs })
        },
      })
    })
  }

  #turnReply(turn: Turn, taken: TakenRequest): EngineReply | RulesNotTried {
    let request = taken
    try {
      const runnable = runnableRequest(turn, taken)
      if (!runnable.ok) return refusal(runnable.problems)
      request = runnable.value
      const { operation, hospital, id } = request
      const row = READ_ONLY.has(operation)
        ? undefined
        : turn.rows.get('request', requestRowKey(hospital, id))
      if (row !== undefined) return repeated(turn.rows, row, request)
      this.#turnRows = turn.rows
      if (turn.at > notAfterOf(request.body)) return refusal([problem('EXPIRED', 'notAfter')])
      const { trial } = request
      const answer =
        operation === 'unresolved'
          ? unresolved(turn, request, preparedKeys(this.#store))
          : runOperation(trial === undefined ? turn : { ...turn, tried: trial.rules }, request)
      return firstReply(answer)
    } catch (error) {
      turn.rows.drop()
      if (error instanceof RulesNotTried) return error
      if (error instanceof RequestRefused) this.#shadows.refused(turn, request)
      return this.#refusedBy(error)
    } finally {
      this.#turnRows = undefined
    }
  }

  /** Anything but a refusal is a bug: it stops the request, says so, and the batch goes on without it. */
  #refusedBy(error: unknown): Refused {
    if (error instanceof RequestRefused) {
      const { problems, split } = error
      return { kind: 'refused', problems, ...(split !== undefined && { split }) }
    }
    if (error instanceof StoreFailed) return refusal([error.problem])
    this.#onDefect(error)
    return refusal([problem('DEFECT', '', { what: error instanceof Error ? error.message : '' })])
  }

  /** Work of the engine's own or an operator's, in its turn. */
  async #inTurn<T>(work: (turn: Turn) => T): Promise<Result<T>> {
    return new Promise((resolve) => {
      let result: Result<T>
      this.#writer.add({
        run: (turn) => {
          try {
            this.#turnRows = turn.rows
            result = success(work(turn))
          } catch (error) {
            turn.rows.drop()
            result = failureOf(this.#refusedBy(error).problems)
          } finally {
            this.#turnRows = undefined
          }
        },
        done: () => {
          resolve(result)
        },
        failed: (what) => {
          resolve(failureOf([what]))
        },
      })
    })
  }
}

/** What the split of a request shares with those that a worker packed with it. */
function packedWith({ trial }: TakenRequest): Uint8Array | undefined {
  return trial?.speculation?.evaluated.split.written?.packed.dictionary
}

/** Opens the engine on a store; what is not settled from an earlier run is as it was. */
export async function openEngine(options: EngineOptions): Promise<Result<Engine>> {
  return Promise.resolve(success(new Engine(options)))
}
