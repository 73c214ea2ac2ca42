/** Bytes that become one string, of which texts are then parts: a text that is kept keeps no more than so many. */
const PART_BYTES = 4_096
/** A longer text that is not ASCII is decoded by the runtime. */
const SHORT_CHARACTERS = 32
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Of the four bytes of a number; one byte that is read as a number has it in all of its bits above. */
const ANY_HIGH_BIT = 0x8080_8080 | 0
const BYTE_ORDER_MARK = 0xfeff
/** Texts of one message that the runtime may decode, which takes a call for each: of more msgpackr makes less work. */
const DECODED_MAX = 512
const NOTHING = Buffer.alloc(0)

/** The texts of a message. Most are ASCII, and are cut from a string of many bytes: making a string by itself takes ten times as long. */
export class MessageTexts {
  private bytes: Buffer = NOTHING
  /** On the same bytes. */
  private view: DataView = new DataView(NOTHING.buffer, 0, 0)
  /** Working space for texts of so many characters. */
  private readonly units: readonly number[][] = Array.from(
    { length: SHORT_CHARACTERS + 1 },
    (_, length) => Array.from({ length }, () => 0),
  )
  private part = ''
  /** Where `part` begins, and ends. */
  private partFrom = 0
  private partEnd = 0
  private decoded = 0

  open(bytes: Uint8Array, view: DataView): void {
    this.view = view
    this.bytes =
      bytes.length === 0 ? NOTHING : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.part = ''
    this.partFrom = 0
    this.partEnd = 0
    this.decoded = 0
  }

  /**
   * The text of `length` bytes; undefined when they are not all there, no UTF-8, or begin with a byte order mark, and of a text that would
   * be one too many for the runtime.
   */
  text(from: number, length: number): string | undefined {
    const { bytes } = this
    const end = from + length
    if (end > bytes.length) return undefined
    if (!this.isAscii(from, end)) return this.wideText(from, end)
    if (from < this.partFrom || end > this.partEnd) {
      this.partFrom = from
      this.partEnd = Math.min(Math.max(end, from + PART_BYTES), bytes.length)
      this.part = bytes.toString('latin1', from, this.partEnd)
    }
    return this.part.slice(from - this.partFrom, end - this.partFrom)
  }

  private isAscii(from: number, end: number): boolean {
    let either = 0
    let at = from
    for (; at + 4 <= end; at += 4) either |= this.view.getInt32(at)
    for (; at < end; at += 1) either |= this.view.getInt8(at)
    return (either & ANY_HIGH_BIT) === 0
  }

  private wideText(from: number, end: number): string | undefined {
    const units = this.units[this.characters(from, end)]
    if (units === undefined) return this.longText(from, end)
    let count = 0
    for (let at = from; at < end;) {
      const unit = this.bytes[at] ?? 0
      if (unit < 0x80) {
        units[count++] = unit
        at += 1
        continue
      }
      if (unit >= 0xc2 && unit <= 0xdf && at + 1 < end) {
        const second = this.bytes[at + 1] ?? 0
        if ((second & 0xc0) !== 0x80) return undefined
        units[count++] = ((unit & 0x1f) << 6) | (second & 0x3f)
        at += 2
        continue
      }
      const isThree = unit >= 0xe1 && unit <= 0xef && unit !== 0xed && at + 2 < end
      // Characters of bills have up to three bytes; whatever has others is seldom.
      if (!isThree) return this.longText(from, end)
      const [second, third] = [this.bytes[at + 1] ?? 0, this.bytes[at + 2] ?? 0]
      if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) return undefined
      units[count++] = ((unit & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
      at += 3
    }
    return units[0] === BYTE_ORDER_MARK ? undefined : String.fromCharCode.apply(undefined, units)
  }

  /** How many there are: each has one byte that is no continuation. */
  private characters(from: number, end: number): number {
    let count = 0
    for (let at = from; at < end; at += 1) if (((this.bytes[at] ?? 0) & 0xc0) !== 0x80) count += 1
    return count
  }

  private longText(from: number, end: number): string | undefined {
    this.decoded += 1
    if (this.decoded > DECODED_MAX) return undefined
    try {
      const text = UTF8.decode(this.bytes.subarray(from, end))
      return text.charCodeAt(0) === BYTE_ORDER_MARK ? undefined : text
    } catch {
      return undefined
    }
  }
}
