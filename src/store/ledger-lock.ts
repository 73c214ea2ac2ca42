import { randomUUID } from 'node:crypto'
import {
  linkSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { codeOf } from './disk-space.ts'
import { isRunning, isWithinSight, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/** Files of the lock are `lock-1`, `lock-2` …: whoever makes the next number has it, until it writes that it has not. */
const LOCK_FILE = /^lock-([1-9][0-9]{0,14})$/

/** A holder that cannot be seen from here shows by this that it is alive, ms. */
const HEARTBEAT_MS = 2000
const HEARTBEATS_MISSED = 3

/** Another opener may always be a step ahead; not for ever. */
const ATTEMPTS_MAX = 20

export interface LedgerLock {
  /** What to do should another process take it all the same, as it may when this one stood still on a shared disk. */
  readonly whenLost: (then: () => void) => void
  /** Lets the next one have it. */
  readonly release: () => void
  /** The same, leaving no file of the lock behind: for a folder in which nobody is to work on. */
  readonly discard: () => void
}

/**
 * Makes this process the only one that has the ledger in `directory` open, or refuses (`STORE_IN_USE`).
 *
 * Numbers only rise and the highest is never removed, so that of two processes that find the same dead holder one makes the
 * next number and the other finds it made: `link` makes a file with its content or fails. A late one that makes a number
 * which had come and gone sees the higher ones.
 */
export async function lockLedger(
  directory: string,
  heartbeatMs: number = HEARTBEAT_MS,
): Promise<Result<LedgerLock>> {
  const content = JSON.stringify(ownIdentity())
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const newest = Math.max(0, ...numbersIn(directory))
    const holder = newest === 0 ? undefined : holderOf(directory, newest)
    if (holder !== undefined && (await isHeld(directory, newest, holder, heartbeatMs))) {
      const details = { directory, pid: holder.pid, host: holder.host }
      return failure(problem('STORE_IN_USE', '', details))
    }
    if (takeNumber(directory, newest + 1, content)) {
      return success(heldLock(directory, newest + 1, heartbeatMs))
    }
  }
  return failure(problem('STORE_IN_USE', '', { directory, pid: 0, host: 'unknown' }))
}

function numbersIn(directory: string): readonly number[] {
  return readdirSync(directory).flatMap((name) => {
    const number = LOCK_FILE.exec(name)?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}

/** Undefined when nobody has it: released, or gone meanwhile, or never written, as before a power loss. */
function holderOf(directory: string, number: number): ProcessIdentity | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(fileOf(directory, number), 'utf8'))
    return isIdentity(found) ? found : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isIdentity(found: unknown): found is ProcessIdentity {
  if (typeof found !== 'object' || found === null || !('pid' in found)) return false
  const texts = ['started', 'boot', 'pidNamespace', 'host'] as const
  const fields: Partial<Record<string, unknown>> = { ...found }
  return typeof found.pid === 'number' && texts.every((name) => typeof fields[name] === 'string')
}

async function isHeld(
  directory: string,
  number: number,
  holder: ProcessIdentity,
  heartbeatMs: number,
): Promise<boolean> {
  if (isWithinSight(holder)) return isRunning(holder)
  // Two looks at one clock, that of the disk: clocks of two machines may differ.
  const before = touchedAt(directory, number)
  for (let beat = 0; beat < HEARTBEATS_MISSED; beat += 1) {
    await wait(heartbeatMs)
    if (touchedAt(directory, number) !== before) return true
  }
  return false
}

function touchedAt(directory: string, number: number): number {
  return statSync(fileOf(directory, number), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function takeNumber(directory: string, number: number, content: string): boolean {
  const made = writeAside(directory, content)
  try {
    linkSync(made, fileOf(directory, number))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(made, { force: true })
  }
  const numbers = numbersIn(directory)
  if (numbers.some((other) => other > number)) {
    rmSync(fileOf(directory, number), { force: true })
    return false
  }
  for (const older of numbers) {
    if (older < number) rmSync(fileOf(directory, older), { force: true })
  }
  return true
}

function heldLock(directory: string, number: number, heartbeatMs: number): LedgerLock {
  let lost: () => void = () => undefined
  const timer = setInterval(() => {
    if (!beat(directory, number)) lost()
  }, heartbeatMs).unref()
  return {
    whenLost(then) {
      lost = then
    },
    release() {
      clearInterval(timer)
      if (!beat(directory, number)) return
      renameSync(writeAside(directory, '"released"'), fileOf(directory, number))
    },
    discard() {
      clearInterval(timer)
      if (beat(directory, number)) rmSync(fileOf(directory, number), { force: true })
    },
  }
}

/** Whether the lock is still ours; shows that we are alive. */
function beat(directory: string, number: number): boolean {
  try {
    const now = new Date()
    utimesSync(fileOf(directory, number), now, now)
    return !numbersIn(directory).some((other) => other > number)
  } catch (error) {
    return codeOf(error) !== 'ENOENT'
  }
}

function writeAside(directory: string, content: string): string {
  const file = join(directory, `lock-new-${randomUUID()}`)
  writeFileSync(file, content, { flag: 'wx' })
  return file
}

function fileOf(directory: string, number: number): string {
  return join(directory, `lock-${number}`)
}
