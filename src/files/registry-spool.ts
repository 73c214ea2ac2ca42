import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { problem, type Problem } from '../errors/problem.ts'
import type { Spool } from '../registry/import-registry.ts'
import type { PackedItems } from '../registry/packed-items.ts'

/** The spool could not be made, written or read. */
export class SpoolFailed extends Error {
  override readonly name = 'SpoolFailed'
  readonly problem: Problem

  constructor(folder: string, why: string) {
    super(`the spool in ${folder} failed: ${why}`)
    this.problem = problem('REGISTER_SPOOL_FAILED', '', { folder, why })
  }
}

/**
 * Runs `use` with a spool in a file of its own below `folder`, which is gone afterwards. Throws `SpoolFailed`, and whatever `use`
 * throws.
 */
export async function withSpool<T>(folder: string, use: (spool: Spool) => Promise<T>): Promise<T> {
  const guarded = <R>(work: Promise<R>) => work.catch((error: unknown) => failed(folder, error))
  const own = await guarded(mkdtemp(join(folder, '.import-')))
  try {
    const file = await guarded(open(join(own, 'checked'), 'wx+', 0o600))
    // Persons are in it: where a file may go while it is open, nothing of it stays when the process is killed.
    await rm(join(own, 'checked')).catch(() => undefined)
    try {
      let end = 0
      const sizes: number[] = []
      return await use({
        async add(items) {
          if (items.items.length === 0) return
          const bytes = Buffer.from(JSON.stringify(items))
          await guarded(writeAll(file, bytes, end))
          end += bytes.length
          sizes.push(bytes.length)
        },
        async *read() {
          let start = 0
          for (const size of sizes) {
            const whole = Buffer.allocUnsafe(size)
            const { bytesRead } = await guarded(file.read(whole, 0, size, start))
            if (bytesRead < size) throw new SpoolFailed(folder, `${bytesRead} < ${size}`)
            start += size
            // What this file wrote itself.
            yield JSON.parse(whole.toString()) as PackedItems
          }
        },
      })
    } finally {
      await file.close()
    }
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

function failed(folder: string, error: unknown): never {
  if (!(error instanceof Error)) throw error
  const isSystem = 'code' in error && typeof error.code === 'string'
  throw new SpoolFailed(folder, isSystem ? String(error.code) : error.message)
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const rest = bytes.length - written
    written += (await file.write(bytes, written, rest, position + written)).bytesWritten
  }
}
