import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Put, Store } from '../../src/engine/ports.ts'
import { DATA_FILE } from '../../src/store/data-file.ts'

/**
 * Power loss, not only a killed process: what the system had not yet been told to flush, and been told that it has, may be on
 * the disk or not, sector by sector and in any order.
 *
 * Why it is honest. lmdb writes its file with `write` and `pwrite` (no writable map), so what the file says is what the system
 * has been given, and the difference to the file after the last flush is all that a power loss can take. The store flushes
 * once a commit: pages, `fdatasync`, then 128 bytes of one meta page through a descriptor opened with O_DSYNC. So:
 * - Before the meta page changes, any set of the sectors that changed may have come to the disk. The file may have its old
 *   length, the new one or any between; sectors of it that never came are zeros, or what lay on the disk before.
 * - Once the meta page has changed in the file, all other sectors are on the disk, and the meta page is or is not.
 * That order is not taken on trust: `flush-order.test.ts` reads it from the system calls of a real process.
 *
 * What it cannot show: a disk or a hypervisor that says "flushed" and has not; half a meta page (it lies within one sector of
 * 512 bytes, and disks write sectors whole); the moment when a ledger is made, before `openLedgerStore` has ended.
 */
export class WatchedDisk {
  readonly #file: string
  #flushed: Buffer

  /** Watches the ledger in `directory`, of which everything is on the disk. */
  constructor(directory: string) {
    this.#file = join(directory, DATA_FILE)
    this.#flushed = readFileSync(this.#file)
  }

  /** A commit has ended and no other has begun: everything is on the disk. */
  settle(): void {
    this.#flushed = readFileSync(this.#file)
  }

  /** What is in the file and may not be on the disk, and what surely is. */
  state(): DiskState {
    // Read from its beginning: when the meta pages are new, everything else has been written before and is read after them.
    return { flushed: this.#flushed, written: readFileSync(this.#file) }
  }
}

export interface DiskState {
  readonly flushed: Buffer
  readonly written: Buffer
}

/** The disk of `directory` as it is after the power failed at this moment, as a ledger in a folder of its own. */
export function simulatePowerLoss(options: {
  readonly disk: WatchedDisk
  /** 0 to 1, evenly. */
  readonly chance: () => number
}): string {
  const folder = mkdtempSync(join(tmpdir(), 'qingfen-power-loss-'))
  writeFileSync(join(folder, DATA_FILE), tornFile(options.disk.state(), options.chance))
  return folder
}

/** `store` over a watched disk. `beforeEnd` runs when a commit is complete but nobody knows it yet. */
export function watchStore(
  store: Store,
  disk: WatchedDisk,
  beforeEnd: () => void = () => undefined,
): Store {
  return {
    get: (table, key) => store.get(table, key),
    range: (table, range) => store.range(table, range),
    count: (table) => store.count(table),
    backup: async (path) => store.backup(path),
    close: async () => store.close(),
    async commit(puts: readonly Put[]) {
      await store.commit(puts)
      beforeEnd()
      disk.settle()
    },
  }
}

const SECTOR = 512
const PAGE = 4096
const META_BYTES = 2 * PAGE

/** One of the files that a disk could hold. */
export function tornFile({ flushed, written }: DiskState, chance: () => number): Buffer {
  const metaWritten = !flushed.subarray(0, META_BYTES).equals(written.subarray(0, META_BYTES))
  if (metaWritten && chance() < 0.4) {
    const whole = Buffer.from(written)
    if (chance() < 0.5) flushed.copy(whole, 0, 0, META_BYTES)
    return whole
  }
  const unit = chance() < 0.5 ? SECTOR : PAGE
  const share = [0, 0.05, 0.5, 0.95, 1][Math.floor(chance() * 5)] ?? 0.5
  const torn = Buffer.alloc(lengthBetween(flushed.length, written.length, chance))
  flushed.copy(torn)
  if (chance() < 0.5)
    for (let at = flushed.length; at < torn.length; at += 1) torn[at] = chance() * 256
  for (let at = META_BYTES; at < torn.length; at += unit) {
    if (chance() < share) written.copy(torn, at, at, Math.min(at + unit, torn.length))
  }
  return torn
}

function lengthBetween(before: number, after: number, chance: () => number): number {
  if (after <= before) return before
  const choice = chance()
  if (choice < 0.4) return after
  if (choice < 0.6) return before
  return before + Math.floor(((after - before) * chance()) / SECTOR) * SECTOR
}
