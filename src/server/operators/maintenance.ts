import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../engine/open-engine.ts'
import type { Clock, Store } from '../../engine/ports.ts'
import { StoreFailed } from '../../engine/store-failed.ts'
import { failure, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import { frameProblem } from '../../protocol/frames/reply-frame.ts'
import { verifyCopy, type RunningVerification } from './verify-copy.ts'

export interface MaintenancePorts {
  readonly engine: Engine
  readonly store: Store
  readonly clock: Clock
  readonly workFolder: string
}

export interface MaintenanceJob {
  readonly id: string
  readonly status: 'copying' | 'verifying' | 'done' | 'failed'
  /** Stamps, ms. */
  readonly startedAt: number
  readonly endedAt?: number
  /** Of the ledger that was copied: its last record then. */
  readonly seq?: number
  /** What `qingfen ledger verify --json` says. */
  readonly result?: Readonly<Record<string, unknown>>
  readonly problems?: readonly unknown[]
}

export interface BackupShown {
  readonly name: string
  /** Stamp, ms. */
  readonly at: number
  readonly bytes: number
}

/** Verifications that are remembered. */
const JOBS_KEPT = 50

/** Backups and verifications of a ledger in use, one at a time. */
export class Maintenance {
  readonly #ports: MaintenancePorts
  readonly #jobs = new Map<string, MaintenanceJob>()
  #running: Promise<void> | undefined
  #verification: RunningVerification | undefined
  #isStopping = false

  constructor(ports: MaintenancePorts) {
    this.#ports = ports
  }

  job(id: string): MaintenanceJob | undefined {
    return this.#jobs.get(id)
  }

  /** Copies that are whole, the oldest first. */
  async backups(): Promise<readonly BackupShown[]> {
    const names = await readdir(this.#backupsFolder).catch(() => [])
    const whole = names.filter((name) => !name.startsWith('.'))
    const found = await Promise.all(
      whole.map(async (name) => {
        const { mtimeMs, size } = await stat(join(this.#backupsFolder, name, 'data.mdb'))
        return { name, at: Math.floor(mtimeMs), bytes: size }
      }),
    )
    return found.toSorted((a, b) => a.at - b.at)
  }

  /** Begins a copy. Refuses `BACKUP_EXISTS`, `MAINTENANCE_BUSY`, `ENGINE_STOPPING`. */
  backup(name: string): Result<MaintenanceJob> {
    const to = join(this.#backupsFolder, name)
    if (existsSync(to)) return failure(problem('BACKUP_EXISTS', 'name', { name }))
    return this.#begin(`backup-${name}`, async (id) => {
      // Under its own name only when it is whole.
      const unfinished = join(this.#backupsFolder, `.${id}`)
      await this.#copy(id, unfinished)
      await rename(unfinished, to)
    })
  }

  /** Begins to verify a backup, or a copy made for it. Refuses `BACKUP_UNKNOWN`, `MAINTENANCE_BUSY`, `ENGINE_STOPPING`. */
  verify(name: string | undefined): Result<MaintenanceJob> {
    const backup = name === undefined ? undefined : join(this.#backupsFolder, name)
    if (backup !== undefined && !existsSync(backup)) {
      return failure(problem('BACKUP_UNKNOWN', 'backup', { name: name ?? '' }))
    }
    const id = randomBytes(8).toString('hex')
    return this.#begin(id, async () => {
      const copy = join(this.#ports.workFolder, `.verify-${id}`)
      try {
        if (backup === undefined) await this.#copy(id, copy)
        this.#note(id, { status: 'verifying' })
        await this.#verify(id, backup ?? copy)
      } finally {
        await rm(copy, { recursive: true, force: true })
      }
    })
  }

  /** Ends what runs; takes nothing more. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#verification?.kill()
    await this.#running
  }

  get #backupsFolder(): string {
    return join(this.#ports.workFolder, 'backups')
  }

  #begin(id: string, work: (id: string) => Promise<void>): Result<MaintenanceJob> {
    if (this.#isStopping) return failure(problem('ENGINE_STOPPING', ''))
    if (this.#running !== undefined) return failure(problem('MAINTENANCE_BUSY', ''))
    const job: MaintenanceJob = { id, status: 'copying', startedAt: this.#ports.clock() }
    this.#jobs.set(id, job)
    const [oldest] = this.#jobs.keys()
    if (this.#jobs.size > JOBS_KEPT && oldest !== undefined) this.#jobs.delete(oldest)
    this.#running = this.#run(id, work)
    return success(job)
  }

  async #run(id: string, work: (id: string) => Promise<void>): Promise<void> {
    try {
      await mkdir(this.#backupsFolder, { recursive: true, mode: 0o700 })
      await this.#dropUnfinished()
      await work(id)
      if (this.#jobs.get(id)?.status !== 'failed') this.#note(id, { status: 'done' })
    } catch (error) {
      this.#note(id, { status: 'failed', problems: [frameProblem(reasonOf(error))] })
    } finally {
      this.#note(id, { endedAt: this.#ports.clock() })
      this.#running = undefined
    }
  }

  /** What a process that was killed has left. */
  async #dropUnfinished(): Promise<void> {
    for (const [folder, prefix] of [
      [this.#backupsFolder, '.backup-'],
      [this.#ports.workFolder, '.verify-'],
    ] as const) {
      const left = (await readdir(folder)).filter((name) => name.startsWith(prefix))
      for (const name of left) await rm(join(folder, name), { recursive: true, force: true })
    }
  }

  async #copy(id: string, to: string): Promise<void> {
    const { engine, store } = this.#ports
    this.#note(id, { seq: engine.seq })
    await rm(to, { recursive: true, force: true })
    await store.backup(to)
  }

  async #verify(id: string, copy: string): Promise<void> {
    const running = verifyCopy(copy)
    this.#verification = running
    const ended = await running.ended
    this.#verification = undefined
    if (ended.ok) this.#note(id, { result: ended.value })
    else this.#note(id, { status: 'failed', problems: ended.problems.map(frameProblem) })
  }

  #note(id: string, change: Partial<MaintenanceJob>): void {
    const job = this.#jobs.get(id)
    if (job !== undefined) this.#jobs.set(id, { ...job, ...change })
  }
}

function reasonOf(error: unknown): Problem {
  if (error instanceof StoreFailed) return error.problem
  const why = error instanceof Error && 'code' in error ? String(error.code) : 'I/O'
  return problem('MAINTENANCE_FAILED', '', { why })
}

const MAINTENANCES = new WeakMap<Engine, Maintenance>()

/** That of an engine. */
export function maintenanceOf(ports: MaintenancePorts): Maintenance {
  const known = MAINTENANCES.get(ports.engine)
  if (known !== undefined) return known
  const maintenance = new Maintenance(ports)
  MAINTENANCES.set(ports.engine, maintenance)
  return maintenance
}

/** To be waited for before the store is closed. */
export async function stopMaintenance(engine: Engine): Promise<void> {
  await MAINTENANCES.get(engine)?.stop()
}
