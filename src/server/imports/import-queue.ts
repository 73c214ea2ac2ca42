import type { Engine } from '../../engine/open-engine.ts'
import type { Store } from '../../engine/ports.ts'
import { StoreFailed } from '../../engine/store-failed.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { failure, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import { requestRowKey } from '../../ledger/rows.ts'
import { IMPORTS } from '../../engine/registry-answers.ts'
import type { RosterRule } from '../../registry/check-items.ts'
import type { IsAllowed } from '../access-ended.ts'
import { defectEntry, type Log } from '../log.ts'
import { ImportFolder } from './import-folder.ts'
import { lastMark } from './import-marks.ts'
import { toldProblems, type ImportRequest, type ImportState } from './import-state.ts'
import { runImport, type ImportEnd } from './run-import.ts'

/** Imports that wait, the one that runs among them. */
const WAITING_MAX = 16
/** The same of one principal, so that one leaves room for others. */
const WAITING_EACH_MAX = 4

export interface ImportPorts {
  readonly engine: Engine
  readonly store: Store
  readonly workFolder: string
  readonly log: Log
}

/** What the sender of an import may do, now: an import that waits or runs may outlive the credential and the grant it was sent under. */
export interface ImportAccess {
  /** What its rows have to keep to when it begins. */
  readonly ruleNow: () => Result<RosterRule | undefined>
  /** Whether the credential still counts, and the grant gives what it gave when the file was sent. */
  readonly isAllowed: IsAllowed
  /** Notes in the audit that the import was cut off. */
  readonly cutOff: () => Promise<unknown>
}

/**
 * Imports, one after another: each computes the new versions of its persons from those of the register, so that of two at once one
 * would undo what the other wrote.
 */
export class ImportQueue {
  readonly folder: ImportFolder
  readonly #ports: ImportPorts
  /** Those that have not ended. */
  readonly #open = new Map<string, ImportState>()
  #last: Promise<unknown> = Promise.resolve()
  #isStopping = false

  constructor(ports: ImportPorts) {
    this.#ports = ports
    this.folder = new ImportFolder(ports.workFolder)
  }

  /**
   * Takes a file, or says how the same request stands. Refuses `REQUEST_DIFFERS` for another content under the same key,
   * `IMPORTS_TOO_MANY`, `ENGINE_STOPPING`.
   */
  async submit(
    request: ImportRequest,
    body: Uint8Array,
    access: ImportAccess,
  ): Promise<Result<ImportState>> {
    const known = await this.state(request.id)
    if (known !== undefined && known.fingerprint !== request.fingerprint) return differs(known)
    if (known !== undefined && !['failed', 'interrupted'].includes(known.status)) {
      return success(known)
    }
    if (this.#isStopping) return failure(problem('ENGINE_STOPPING', ''))
    // Another request of the same key may have come in between.
    const begun = this.#open.get(request.id)
    if (begun !== undefined) {
      return begun.fingerprint === request.fingerprint ? success(begun) : differs(begun)
    }
    const theirs = [...this.#open.values()].filter(
      ({ principal }) => principal === request.principal,
    )
    if (theirs.length >= WAITING_EACH_MAX || this.#open.size >= WAITING_MAX) {
      const max = theirs.length >= WAITING_EACH_MAX ? WAITING_EACH_MAX : WAITING_MAX
      return failure(problem('IMPORTS_TOO_MANY', '', { max }))
    }
    const state: ImportState = { ...request, status: 'waiting' }
    this.#open.set(request.id, state)
    try {
      await this.folder.tidy()
      await this.folder.make(state, body)
      await this.folder.keep(state)
    } catch (error) {
      this.#open.delete(request.id)
      return failure(notKept(error))
    }
    void this.alone(async () => this.#run(state, access))
    return success(state)
  }

  /** How an import stands; undefined when nobody knows of it. */
  async state(id: string): Promise<ImportState | undefined> {
    const open = this.#open.get(id)
    if (open !== undefined) return open
    const kept = await this.folder.state(id)
    // One that ended while the file was read.
    const ended = this.#ended(id)
    if (ended !== undefined) return { ...ended, ...(kept?.report && { report: kept.report }) }
    const isCut = kept?.status === 'waiting' || kept?.status === 'running'
    if (isCut) return { ...kept, status: 'interrupted' }
    if (kept !== undefined) return kept
    const mark = lastMark(this.#ports.store, id)
    return mark && { ...mark.request, status: 'interrupted' }
  }

  /** Runs `work` while no import runs. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }

  /** Ends the import that runs at its next batch, and those that wait; each continues when it is sent again. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#last
  }

  /** What the ledger says of it. */
  #ended(id: string): ImportState | undefined {
    const rows = new StoreRows(this.#ports.store)
    const row = rows.get('request', requestRowKey(IMPORTS, id))
    const reply = row === undefined ? undefined : rows.record(row.seq).reply
    return reply as ImportState | undefined
  }

  async #run(state: ImportState, access: ImportAccess): Promise<void> {
    const { id } = state
    this.#open.set(id, { ...state, status: 'running' })
    const end = await this.#ran(state, access)
    const ended: ImportState = { ...state, ...end }
    try {
      await this.folder.keep(ended)
      await this.folder.dropBody(ended)
    } catch (error) {
      this.#ports.log(defectEntry(error))
    } finally {
      this.#open.delete(id)
    }
  }

  async #ran(state: ImportState, access: ImportAccess): Promise<ImportEnd> {
    try {
      const rule = access.ruleNow()
      if (!rule.ok) return { status: 'failed', problems: toldProblems(rule.problems) }
      return await runImport(state, {
        ...this.#ports,
        ...access,
        folder: this.folder,
        ...(rule.value !== undefined && { rule: rule.value }),
        isStopping: () => this.#isStopping,
        progress: (progress) => {
          this.#open.set(state.id, { ...state, status: 'running', progress })
        },
      })
    } catch (error) {
      if (error instanceof StoreFailed)
        return { status: 'failed', problems: toldProblems([error.problem]) }
      this.#ports.log(defectEntry(error))
      return { status: 'failed', problems: toldProblems([problem('DEFECT', '', { what: '' })]) }
    }
  }
}

function differs({ id }: ImportState): Result<never> {
  return failure(problem('REQUEST_DIFFERS', 'idempotency-key', { request: id }))
}

function notKept(error: unknown): Problem {
  const why = error instanceof Error && 'code' in error ? String(error.code) : 'I/O'
  return problem('REGISTER_SPOOL_FAILED', '', { folder: '…', why })
}

const QUEUES = new WeakMap<Engine, ImportQueue>()

/** The queue of an engine. */
export function importQueue(ports: ImportPorts): ImportQueue {
  const known = QUEUES.get(ports.engine)
  if (known !== undefined) return known
  const queue = new ImportQueue(ports)
  QUEUES.set(ports.engine, queue)
  return queue
}

/** To be waited for before the engine is closed. */
export async function stopImports(engine: Engine): Promise<void> {
  await QUEUES.get(engine)?.stop()
}
