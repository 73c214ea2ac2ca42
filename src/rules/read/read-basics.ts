import type { Bilingual } from '../pack.ts'
import { readEpochDay } from './calendar.ts'
import type { Findings } from './findings.ts'
import { child, itemsOf, scalarText, type SourceNode } from './source-node.ts'

/** `{ [key]: value }`, or nothing for an absent value. */
export function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const found: { [P in K]?: V } = {}
  if (value !== undefined) found[key] = value
  return found
}

/** The one of `words` that `node` is; the structure check has reported anything else. */
export function readWord<const T extends string>(
  node: SourceNode | undefined,
  words: readonly T[],
): T | undefined {
  const text = scalarText(node)
  return words.find((word) => word === text)
}

/** Those of `words` that the items of a list are. */
export function readWords<const T extends string>(
  node: SourceNode | undefined,
  words: readonly T[],
): readonly T[] {
  return itemsOf(node).flatMap((item) => readWord(item, words) ?? [])
}

/** Text, or '' where the structure check has reported that there is none. */
export function readText(node: SourceNode | undefined): string {
  return scalarText(node)?.trim() ?? ''
}

/** Optional text. */
export function readOptionalText(node: SourceNode | undefined): string | undefined {
  return node === undefined ? undefined : readText(node)
}

/** One string for both languages, or one for each; `fallback` when there is none. */
export function readTitle(node: SourceNode | undefined, fallback: Bilingual): Bilingual {
  if (node === undefined) return fallback
  if (node.kind !== 'map') return bothLanguages(readText(node))
  return { zh: readText(child(node, 'zh')), en: readText(child(node, 'en')) }
}

export function bothLanguages(text: string): Bilingual {
  return { zh: text, en: text }
}

/** Whole number from canonical digits; undefined for anything else. */
export function readWholeNumber(node: SourceNode | undefined): number | undefined {
  const text = scalarText(node) ?? ''
  const value = /^(?:0|[1-9][0-9]*)$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

/** First and last day in force, as days since 1970-01-01. */
export function readDates(
  node: SourceNode | undefined,
  findings: Findings,
): { readonly from: number; readonly to?: number } {
  const from = readDate(child(node, 'from'), findings) ?? 0
  const toNode = child(node, 'to')
  const to = toNode === undefined ? undefined : readDate(toNode, findings)
  if (toNode !== undefined && to !== undefined && to < from) {
    const details = { from: readText(child(node, 'from')), to: readText(toNode) }
    findings.at(toNode, 'PACK_DATES_REVERSED', details)
  }
  return { from, ...present('to', to) }
}

function readDate(node: SourceNode | undefined, findings: Findings): number | undefined {
  const text = scalarText(node)
  if (node === undefined || text === undefined) return undefined
  const day = readEpochDay(text)
  if (day === undefined) findings.at(node, 'PACK_DATE_MALFORMED', { text: text.slice(0, 40) })
  return day
}

/** Reports every id after its first use. */
export function refuseRepeatedIds(
  ids: readonly (readonly [id: string, node: SourceNode])[],
  findings: Findings,
): void {
  const first = new Map<string, SourceNode>()
  for (const [id, node] of ids) {
    const earlier = first.get(id)
    if (earlier === undefined) first.set(id, node)
    else findings.at(node, 'PACK_ID_REPEATED', { id, firstLine: earlier.line })
  }
}
