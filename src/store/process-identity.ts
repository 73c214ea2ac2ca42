import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process on which machine; '' where the system does not say (everything but Linux). */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks since boot at which it began: a pid is used again, the pair is not. */
  readonly started: string
  /** Changes when the machine is started. */
  readonly boot: string
  /** In another namespace (container) the same pid is another process. */
  readonly pidNamespace: string
  readonly host: string
}

/** Of this process. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    started: statOf(process.pid)?.started ?? '',
    boot: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: textOf(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
  }
}

/** Whether a process could be seen from here if it ran. */
export function isWithinSight(other: ProcessIdentity): boolean {
  const own = ownIdentity()
  return (
    other.boot === own.boot &&
    other.pidNamespace === own.pidNamespace &&
    // Without a boot id the name of the machine has to do.
    (own.boot !== '' || other.host === own.host)
  )
}

/** Whether a process within sight still runs. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  if (!isKnownPid(pid)) return false
  const stat = statOf(pid)
  // Hidden from us, or no Linux: the pid alone has to do, and refusing is the safe side.
  if (stat === undefined) return true
  return !'ZX'.includes(stat.state) && (started === '' || stat.started === started)
}

function isKnownPid(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Fields 3 and 22 of `/proc/PID/stat`, counted from behind the name, which may hold anything. */
function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  const text = textOf(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, started] = [fields[0], fields[19]]
  return state === undefined || started === undefined ? undefined : { state, started }
}

function textOf(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
