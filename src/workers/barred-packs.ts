import type { BarredPack } from './split-batch.ts'

interface Bar {
  readonly why: BarredPack[1]
  /** Number of the first job that came with the pack held back; what came before it may still name the pack. */
  lifted: number | undefined
}

/**
 * Packs that have brought a worker down, also with a single bill. Hundreds of bills with the same pack may be waiting, and each
 * would cost another worker and another time budget: they fail at once, until the ledger holds the pack back. From then on the
 * ledger decides; when an operator lets the pack run again it is tried again.
 */
export class BarredPacks {
  readonly #bars = new Map<string, Bar>()

  bar(pack: string, why: BarredPack[1]): void {
    this.#bars.set(pack, { why, lifted: undefined })
  }

  has(pack: string | undefined): boolean {
    return pack !== undefined && this.#bars.has(pack)
  }

  /** The job numbered `job` has come with these packs held back. */
  heldBack(packs: readonly string[], job: number): void {
    for (const pack of packs) {
      const bar = this.#bars.get(pack)
      if (bar !== undefined) bar.lifted ??= job
    }
  }

  /** Those in force while the job numbered `oldest` is the oldest that waits. */
  list(oldest: number): readonly BarredPack[] {
    if (this.#bars.size === 0) return []
    for (const [pack, { lifted }] of this.#bars) {
      if (lifted !== undefined && lifted <= oldest) this.#bars.delete(pack)
    }
    return [...this.#bars].map(([pack, { why }]) => [pack, why])
  }
}
