import { assert } from '../../../src/assert.ts'
import { encodePlain } from '../../../src/protocol/codec.ts'
import { personId, personOf, type CityWorkload } from '../city-workload.ts'

/** Digits of the number of a request, in its id and in the name of its stay. */
export const NUMBER_DIGITS = 9
const PERSON_DIGITS = 7

interface Template {
  readonly bytes: Buffer
  /** Where the digits of the request, the stay and the person begin. */
  readonly request: number
  readonly stay: number
  readonly person: number
  /** Fen of the whole bill. */
  readonly total: number
}

export interface FrameShape {
  /** Different bills; they come again for other persons and stays. */
  readonly bills: number
  readonly persons: number
}

/**
 * Frames `settle` of a workload, encoded beforehand: a frame is a copy of one of them with three numbers written over. So the
 * generator, which shares the machine with the server, takes a few microseconds for each.
 */
export class FrameTemplates {
  readonly #templates: readonly Template[]
  readonly #persons: number

  constructor(workload: CityWorkload, { bills, persons }: FrameShape) {
    this.#persons = persons
    this.#templates = Array.from({ length: bills }, (_, index) =>
      template(workload, index, persons),
    )
  }

  /** The frame of request number `index`; the bytes are the caller's own. */
  frameAt(index: number): Buffer {
    const { bytes, request, stay, person } = this.#at(index)
    const frame = Buffer.allocUnsafe(bytes.length)
    bytes.copy(frame)
    writeDigits(frame, request, index, NUMBER_DIGITS)
    writeDigits(frame, stay, index, NUMBER_DIGITS)
    writeDigits(frame, person, personOf(index, this.#persons), PERSON_DIGITS)
    return frame
  }

  /** What the bill of request number `index` comes to, fen. */
  totalAt(index: number): number {
    return this.#at(index).total
  }

  #at(index: number): Template {
    const found = this.#templates[index % this.#templates.length]
    assert(found !== undefined, 'there are bills')
    return found
  }
}

function template(workload: CityWorkload, index: number, persons: number): Template {
  const id = requestId(index)
  const { bill } = workload.requestAt(index)
  const bytes = Buffer.from(encodePlain({ id, op: 'settle', body: { bill } }))
  const lines = bill['lines'] as readonly { readonly det_item_fee_sumamt: string }[]
  const stay = String((bill['visit'] as { readonly id: string }).id)
  return {
    bytes,
    request: placeOf(bytes, id) + 1,
    stay: placeOf(bytes, stay) + 1,
    person: placeOf(bytes, personId(personOf(index, persons))) + 1,
    total: lines.reduce((sum, line) => sum + fenOf(line.det_item_fee_sumamt), 0),
  }
}

export function requestId(index: number): string {
  return `R${String(index).padStart(NUMBER_DIGITS, '0')}`
}

function placeOf(bytes: Buffer, text: string): number {
  const at = bytes.indexOf(text, 0, 'latin1')
  assert(at >= 0 && bytes.indexOf(text, at + 1, 'latin1') < 0, `${text} stands in the frame once`)
  return at
}

function fenOf(yuan: string): number {
  return Math.round(Number(yuan) * 100)
}

function writeDigits(bytes: Buffer, at: number, value: number, digits: number): void {
  let rest = value
  for (let place = at + digits - 1; place >= at; place -= 1) {
    bytes[place] = 0x30 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}
