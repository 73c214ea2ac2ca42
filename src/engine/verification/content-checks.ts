import { problem, type Problem } from '../../errors/problem.ts'
import { sha256Hex } from '../../ledger/hash.ts'
import type { ContentRecord, RulesRecord } from '../../ledger/record.ts'
import { withHash } from '../../rules/read/read-pack.ts'
import { ruleSetOf } from '../rule-commands.ts'
import type { Store } from '../ports.ts'
import { impossible, memberDiffers } from './record-problems.ts'

type ReadPack = Parameters<typeof withHash>[0]

/** Whether the bytes that a record names are there and have the hash that they are named by. */
export function checkContent(store: Store, record: ContentRecord): Problem | undefined {
  const bytes = store.get('content', record.hash)
  if (bytes === undefined) {
    const details = { table: 'content', key: record.hash, recomputed: record.content }
    return problem('LEDGER_ROW_MISSING', '', details)
  }
  const hash = record.content === 'pack' ? packHash(bytes) : sha256Hex(bytes)
  if (hash !== record.hash) {
    const { seq, content, hash: stored } = record
    const details = { record: seq, kind: content, stored, recomputed: hash }
    return problem('LEDGER_CONTENT_DIFFERS', '', details)
  }
  return memberDiffers(record, 'bytes', record.bytes, bytes.length)
}

/** The hash of a pack is that of what it says, not of its bytes; it is stored with the pack, in one way only. */
function packHash(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8')
  const pack = JSON.parse(text) as ReadPack
  if (JSON.stringify(pack) !== text) return '–'
  const { hash } = withHash(pack)
  return hash === pack.hash ? hash : '–'
}

/** Whether the rule set that a record puts in force is what its pack states say. */
export function checkRules(store: Store, record: RulesRecord): Problem | undefined {
  const { state } = record
  const text = JSON.stringify(ruleSetOf(state))
  const named = [state.profile, state.catalog, ...state.packs.map(({ hash }) => hash)]
  for (const hash of named) {
    if (hash !== undefined && store.get('content', hash) === undefined) {
      return impossible(record, `no content ${hash}`)
    }
  }
  return memberDiffers(record, 'state.ruleSet', state.ruleSet, sha256Hex(text))
}
