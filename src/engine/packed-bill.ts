import { rowSumsOf } from '../ledger/balances.ts'
import { holderOf, isShared, type HolderContext } from '../ledger/holder.ts'
import {
  openDictionary,
  unpackSplit,
  type KnownContent,
  type SplitContent,
  type SplitPacker,
} from '../ledger/packed-split.ts'
import type { Contribution } from '../ledger/record.ts'
import { seqOf } from '../ledger/settlement-id.ts'
import { replyTemplate } from '../protocol/frames/reply-template.ts'
import type { EvaluatedBill } from './evaluate-bill.ts'
import { totalsOf, type EvaluatedSplit } from './evaluate-split.ts'
import type { PackedBill, SplitPost } from './evaluator-port.ts'
import type { JobBill } from './job-bill.ts'
import { splitAnswer, splitRecord } from './operations/append-split.ts'
import { uniqueKeys } from './uniqueness.ts'

/** A packed bill before what it was packed with is whole. */
export type UnfinishedBill = Omit<PackedBill, 'packed'> & {
  readonly packed: Omit<PackedBill['packed'], 'dictionary'>
}

/** Writes down what the writer will make of an evaluated bill. The same functions make its record and its answer here and there. */
export function packBill(
  { stated: bill, fingerprint }: JobBill,
  post: SplitPost,
  { facts, split }: EvaluatedBill,
  packer: SplitPacker,
): UnfinishedBill {
  const { operation, completed, invoice, holders, reply } = post
  const unique = uniqueKeys(facts, invoice)
  const evaluated = { completed, facts, split, unique }
  const { settlement, at = 0, day = 0 } = reply?.late ?? {}
  const base = { seq: seqOf(settlement) ?? 1, at: Number(at), day: Number(day) }
  const record = splitRecord(base, { operation, evaluated, bill })
  const { seq: _, at: __, day: ___, ...content } = record
  const { bill: _bill, before, answer, digest: _digest, ...known } = content
  const template = reply && replyTemplate(reply.requestId, splitAnswer(record), reply.encoding)
  const { setlId } = facts
  return {
    ...(setlId !== undefined && { setlId }),
    ...(fingerprint !== undefined && { fingerprint }),
    known,
    totals: totalsOf(answer),
    packed: { bytes: packer.pack(content), sums: rowSumsOf(answer, 1) },
    readsBeyond: readsBeyond(before, completed, new Set(holders)),
    ...(template !== undefined && { reply: template }),
  }
}

/** Whether a counter was read whose holder is not in the snapshot: a sum of many people. */
export function readsBeyond(
  before: readonly Contribution[],
  context: HolderContext,
  holders: { readonly has: (holder: string) => boolean },
): boolean {
  return before.some(([key]) => {
    const holder = holderOf(key, context)
    return isShared(holder) || !holders.has(holder)
  })
}

/** The evaluation as the writer takes it; what is not known without unpacking is unpacked when somebody looks at it. */
export function openPackedBill(bill: PackedBill): EvaluatedBill {
  const { setlId, fingerprint, known, totals, packed, reply } = bill
  const { stay: stayId, settlementDay, lineIds, postings, contributions, confirmed } = known
  const facts = { stayId, settlementDay, lineIds, ...(setlId !== undefined && { setlId }) }
  let unpacked: SplitContent | undefined
  const content = () => (unpacked ??= unpackSplit(packed.bytes, openDictionary(packed.dictionary)))
  const split: EvaluatedSplit = {
    get answer() {
      return content().answer
    },
    get before() {
      return content().before
    },
    get digest() {
      return content().digest
    },
    postings,
    contributions,
    confirmed,
    totals,
    written: { known, packed, content, ...(reply !== undefined && { reply }) },
  }
  return { facts, split, ...(fingerprint !== undefined && { fingerprint }) }
}

/** What was written down of a split where it was evaluated. */
export interface WrittenSplit {
  readonly known: KnownContent
  readonly packed: PackedBill['packed']
  readonly content: () => SplitContent
  readonly reply?: NonNullable<PackedBill['reply']>
}
