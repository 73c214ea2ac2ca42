/**
 * A finite run of random numbers read one after the other; past its end, zeros. Generators take the plain way on
 * zero, so a failing run shrinks by making numbers smaller: features drop out one by one.
 */
export class Choices {
  private readonly numbers: readonly number[]
  private next = 0

  constructor(numbers: readonly number[]) {
    this.numbers = numbers
  }

  /** 0 … `end` − 1. */
  below(end: number): number {
    const number = this.numbers[this.next] ?? 0
    this.next += 1
    return number % end
  }

  /** True in about `percent` of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }

  of<T>(first: T, ...more: readonly T[]): T {
    const index = this.below(more.length + 1)
    return index === 0 ? first : (more[index - 1] ?? first)
  }

  /** `first` … `last`, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  /** `count` things. */
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index))
  }

  maybe<K extends string, V>(percent: number, name: K, make: () => V): { [P in K]?: V } {
    if (!this.chance(percent)) return {}
    const found: { [P in K]?: V } = {}
    found[name] = make()
    return found
  }
}
