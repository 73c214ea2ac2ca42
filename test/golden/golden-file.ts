import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Settlements as they were made when their case was taken in, with everything they were made from. */
export interface GoldenCase {
  readonly name: string
  /** Number of the semantics they were computed under. */
  readonly semantics: number
  /** Hashes of contents in the file. */
  readonly profile: string
  readonly packs: readonly string[]
  readonly catalog?: string
  /** Sent one after the other to a new ledger, each after its entries of the register. */
  readonly bills: readonly GoldenBill[]
  /** Bytes of each settlement's record. */
  readonly records: readonly Uint8Array[]
}

export interface GoldenBill {
  readonly hospital: string
  readonly register: readonly { readonly kind: 'person' | 'hospital'; readonly entry: unknown }[]
  readonly bill: unknown
}

export interface GoldenFile {
  /** Bytes by hash, as a ledger keeps them. */
  readonly contents: ReadonlyMap<string, Uint8Array>
  readonly cases: readonly GoldenCase[]
  /** Bytes of every record of `writeSmallHistory`, in which there is one of each kind. */
  readonly history: readonly Uint8Array[]
}

const FILE = fileURLToPath(new URL('settlements.ndjson', import.meta.url))

type Line =
  | { readonly content: string; readonly deflated: string }
  | { readonly history: readonly string[] }
  | (Omit<GoldenCase, 'records'> & { readonly records: readonly string[] })

export function readGolden(): GoldenFile {
  const contents = new Map<string, Uint8Array>()
  const cases: GoldenCase[] = []
  const history: Uint8Array[] = []
  for (const text of readFileSync(FILE, 'utf8').split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as Line
    if ('content' in line) contents.set(line.content, inflated(line.deflated))
    else if ('history' in line) history.push(...line.history.map(inflated))
    else cases.push({ ...line, records: line.records.map(inflated) })
  }
  return { contents, cases, history }
}

export function writeGolden({ contents, cases, history }: GoldenFile): void {
  const lines: Line[] = [
    ...[...contents].map(([content, bytes]) => ({ content, deflated: deflated(bytes) })),
    { history: history.map(deflated) },
    ...cases.map((one) => ({ ...one, records: one.records.map(deflated) })),
  ]
  writeFileSync(FILE, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

function deflated(bytes: Uint8Array): string {
  return deflateRawSync(bytes, { level: 9 }).toString('base64')
}

function inflated(text: string): Uint8Array {
  return inflateRawSync(Buffer.from(text, 'base64'))
}
