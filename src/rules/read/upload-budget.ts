import { problem, type Problem } from '../../errors/problem.ts'
import { UPLOAD_LIMITS } from '../limits.ts'
import type { RulePack } from '../pack.ts'

/** What the packs of an upload may still take while they are read: a few words can name a large thing many times. */
export class UploadBudget {
  readonly #listSizes = new Map<RulePack['lists'], number>()
  #listBytes = 0
  #characters = 0
  #exceeded: Problem | undefined

  /** The first bound that was passed; what else was found only follows from it. */
  get exceeded(): Problem | undefined {
    return this.#exceeded
  }

  /** Takes a list file for one of the lists that name it; false: it is not to be read. */
  takesList(bytes: number): boolean {
    this.#listBytes += bytes
    return this.#holds('lists, B', this.#listBytes, UPLOAD_LIMITS.listBytesMax)
  }

  /** Takes a pack for one of the notices that change it; false: no version is to be made. */
  takesVersionOf(pack: RulePack): boolean {
    if (this.#exceeded === undefined) this.#characters += this.#sizeOf(pack)
    return this.#holds('versions', this.#characters, UPLOAD_LIMITS.amendedCharactersMax)
  }

  /** Lists are the same in every version, and measured once. */
  #sizeOf({ lists, ...rules }: RulePack): number {
    const size = this.#listSizes.get(lists) ?? JSON.stringify(lists).length
    this.#listSizes.set(lists, size)
    return size + JSON.stringify(rules).length
  }

  #holds(what: string, count: number, countMax: number): boolean {
    if (count > countMax) {
      this.#exceeded ??= problem('PACK_UPLOAD_TOO_LARGE', 'files', { what, count, countMax })
    }
    return this.#exceeded === undefined
  }
}
