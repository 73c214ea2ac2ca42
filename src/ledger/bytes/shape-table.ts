import { SHAPES_MAX } from './tags.ts'

export interface Shape {
  readonly names: readonly string[]
  readonly place: number
}

const NO_SHAPE: Shape = { names: ['', ''], place: 0 }
const NO_SHAPES: readonly Shape[] = []

/** Names of objects with their places. */
export class ShapeTable {
  /**
   * By number of names. A new one for each context, where a `Map` would be cleared: V8 links the table that a map had to the one it
   * has, and a table that has become old keeps all that came after it alive for young collections.
   */
  #shapes: (Shape[] | undefined)[] = []
  #count = 0
  /** Objects of a list mostly have the shape of the one before. */
  #last: Shape = NO_SHAPE

  clear(): void {
    this.#shapes = []
    this.#count = 0
    this.#last = NO_SHAPE
  }

  /** Place of the shape with these names; −1: there is none. */
  find(names: readonly string[]): number {
    if (isSame(this.#last.names, names)) return this.#last.place
    for (const shape of this.#shapes[names.length] ?? NO_SHAPES) {
      if (!isSame(shape.names, names)) continue
      this.#last = shape
      return shape.place
    }
    return -1
  }

  /** The same for the names of an object when it has those of the one before; −1: it has not. No list is made of them. */
  findLast(members: object): number {
    const { names, place } = this.#last
    let index = 0
    for (const name in members) {
      if (name !== names[index]) return -1
      index += 1
    }
    return index === names.length ? place : -1
  }

  get hasRoom(): boolean {
    return this.#count < SHAPES_MAX
  }

  add(names: readonly string[]): void {
    const shape = { names, place: this.#count }
    this.#count += 1
    this.#last = shape
    const shapes = this.#shapes[names.length]
    if (shapes === undefined) this.#shapes[names.length] = [shape]
    else shapes.push(shape)
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false
  }
  return true
}
