import { success, type Result } from '../errors/problem.ts'
import type { Profile } from '../rules/profile.ts'
import { readBillCarefully, type BillDocument } from './careful-bill.ts'
import { readPlainBill } from './plain-bill.ts'

export type { BillDocument } from './careful-bill.ts'

/**
 * Reads a bill document: a tree of objects, lists, text, booleans and numbers, numbers as source text (best, see
 * `parseJsonExact`) or as JavaScript numbers. National field names stand for ours.
 *
 * Nothing wrong becomes a default: an unknown key, a value of another type, a sum that does not hold are refused,
 * each with its place, all of them in one answer. null and "" are not stated. `day` (days since 1970-01-01) is the
 * day of settlement where the document states none.
 */
export function readBillDocument(
  json: unknown,
  profile: Profile,
  day?: number,
): Result<BillDocument> {
  const plain = readPlainBill(json, profile, day)
  return plain === undefined ? readBillCarefully(json, profile, day) : success(plain)
}
