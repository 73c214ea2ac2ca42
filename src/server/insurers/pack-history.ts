import { PACK_COMMANDS, type PackEvent } from '../../ledger/grant.ts'
import { isMap } from './reading.ts'

/** Events kept in the row of a pack; the journal has them all. */
export const HISTORY_MAX = 100

/** Neither name has a space, but both may have a slash. */
export function historyId(jurisdiction: string, pack: string): string {
  return `${jurisdiction} ${pack}`
}

/** Events of an entry of kind `packHistory`, the oldest first; what cannot be read is left out. */
export function readHistory(entry: unknown): readonly PackEvent[] {
  if (!isMap(entry) || !Array.isArray(entry['events'])) return []
  return entry['events'].flatMap((item: unknown) => readEvent(item) ?? [])
}

function readEvent(item: unknown): PackEvent | undefined {
  if (!isMap(item)) return undefined
  const { hash, by, at, number } = item
  const command = PACK_COMMANDS.find((one) => one === item['command'])
  if (command === undefined || typeof hash !== 'string') return undefined
  if (typeof by !== 'string' || typeof at !== 'number') return undefined
  return {
    command,
    hash,
    by,
    ...textOf(item, 'proposedBy'),
    at,
    ...textOf(item, 'from'),
    ...textOf(item, 'key'),
    ...(typeof number === 'number' && { number }),
  }
}

function textOf<K extends string>(
  map: Readonly<Record<string, unknown>>,
  key: K,
): Partial<Record<K, string>> {
  const value = map[key]
  const member: Partial<Record<K, string>> = {}
  if (typeof value === 'string') member[key] = value
  return member
}
