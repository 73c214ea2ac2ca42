import { assert } from '../assert.ts'

/** Distinct strings, numbered from 0 in the order they first come. */
export class StringPool {
  private readonly ids = new Map<string, number>()
  private bytes = new Uint8Array(1 << 16)
  private used = 0
  private readonly starts: number[] = [0]
  private readonly encoder = new TextEncoder()

  idOf(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    const id = this.ids.size
    this.ids.set(text, id)
    this.append(text)
    return id
  }

  get count(): number {
    return this.ids.size
  }

  get byteLength(): number {
    return this.used
  }

  /** `starts` has room for one more than the strings, `bytes` exactly for theirs. */
  writeTo(starts: Uint32Array, bytes: Uint8Array): void {
    starts.set(this.starts)
    bytes.set(this.bytes.subarray(0, this.used))
  }

  private append(text: string): void {
    this.grow(this.used + text.length * UTF8_BYTES_PER_UNIT_MAX)
    const { read, written } = this.encoder.encodeInto(text, this.bytes.subarray(this.used))
    assert(read === text.length, 'a pooled string is written whole')
    this.used += written
    this.starts.push(this.used)
  }

  private grow(needed: number): void {
    if (needed <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.used))
    this.bytes = larger
  }
}

const UTF8_BYTES_PER_UNIT_MAX = 3
