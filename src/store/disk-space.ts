import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Left free on the disk, so that a full disk is met by us and not by lmdb: where its write fails, lmdb 3.5.6 prints a message
 * into a buffer that may be too short for it (`mdb_page_flush`), which can end the process. Nothing is lost by that.
 */
export const RESERVE_BYTES_DEFAULT = 32 * 2 ** 20

const PROBE_BYTES = 2 ** 16

/** How much is free where the ledger is, looked up only when it may matter. */
export class DiskSpace {
  readonly #directory: string
  readonly #reserve: number
  /** Surely free still, beyond the reserve. */
  #left = 0

  constructor(directory: string, reserveBytes: number) {
    this.#directory = directory
    this.#reserve = reserveBytes
  }

  /** Whether `bytes` can be written without touching the reserve. */
  async hasRoomFor(bytes: number): Promise<boolean> {
    // Only half of what was found is counted on: others write to the disk too.
    if (bytes > this.#left) this.#left = ((await this.free()) - this.#reserve) / 2
    this.#left -= bytes
    return this.#left >= 0 || (await this.free()) - this.#reserve >= bytes
  }

  /** Has it looked up again: what was counted on was not there. */
  lookAgain(): void {
    this.#left = 0
  }

  /** Bytes free for this user. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#directory)
    return bavail * bsize
  }

  /** Whether writing fails for want of space: what statfs says leaves out quotas. */
  async isFull(needed: number): Promise<boolean> {
    const probe = join(this.#directory, `.probe-${process.pid}`)
    try {
      if ((await this.free()) < needed) return true
      await writeFile(probe, new Uint8Array(PROBE_BYTES), { flush: true })
      return false
    } catch (error) {
      return isSpaceError(error)
    } finally {
      await rm(probe, { force: true }).catch(() => undefined)
    }
  }
}

/** Whether `error` is one of the system's for no space, no quota, or a file as large as it may be. */
export function isSpaceError(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error))
}

/** The system's word for what went wrong, e.g. `ENOENT`; '' when there is none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
