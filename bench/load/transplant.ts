import { assert } from '../../src/assert.ts'
import type { SplitRecord } from '../../src/ledger/record.ts'

/** Whose settlement it is made, and where it stands in the journal. */
export interface TransplantPlace {
  readonly seq: number
  readonly person: string
  readonly stay: string
  /** Of the request. */
  readonly id: string
  /** Version of the person's entry in the register. */
  readonly register: SplitRecord['register']['person']
}

/**
 * A settlement as a text with gaps where the person and the stay are named, so that it can be made that of somebody who is insured
 * alike and has had the same earlier visits: thousands a second, where adjudicating it would take ten times as long.
 */
export class Transplant {
  readonly #texts: readonly string[]
  /** What stands between two texts. */
  readonly #isPerson: readonly boolean[]

  constructor(record: SplitRecord) {
    const { person, stay } = record
    assert(/^\w+$/.test(person) && /^\w+$/.test(stay), 'names that are one word')
    const pieces = JSON.stringify(record).split(new RegExp(`\\b(${person}|${stay})\\b`))
    this.#texts = pieces.filter((_, index) => index % 2 === 0)
    this.#isPerson = pieces.filter((_, index) => index % 2 === 1).map((name) => name === person)
  }

  /** The same for somebody else; the digest stays, since what the explanation says does. */
  to({ seq, person, stay, id, register }: TransplantPlace): SplitRecord {
    let text = this.#texts[0] ?? ''
    for (const [index, isPerson] of this.#isPerson.entries()) {
      text += (isPerson ? person : stay) + (this.#texts[index + 1] ?? '')
    }
    const copy = JSON.parse(text) as SplitRecord
    const { request, register: then } = copy
    assert(request !== undefined, 'a settlement has a request')
    return {
      ...copy,
      seq,
      request: { ...request, id },
      register: { person: register, hospital: then.hospital },
    }
  }
}
