/** Item code of a line on which the basic packs would run for ever. */
export const POISON = 'POISON'

/** Whether a bill document has such a line. */
export function isPoisoned(document: object): boolean {
  return JSON.stringify(document).includes(`"${POISON}"`)
}

/** Which poisoned bills have brought a worker down since they were last sent: those the engine must not run itself. */
export class Poisonings {
  readonly #stays = new Set<string>()

  note(document: object): void {
    this.#stays.add(stayOf(document))
  }

  has(document: object): boolean {
    return isPoisoned(document) && this.#stays.has(stayOf(document))
  }

  /** It is sent once more. */
  sent(document: object): void {
    this.#stays.delete(stayOf(document))
  }

  forgetAll(): void {
    this.#stays.clear()
  }
}

function stayOf(document: object): string {
  const { visit } = document as { readonly visit?: { readonly id?: string } }
  return visit?.id ?? ''
}
