import { problem, failure, success, type Problem, type Result } from '../errors/problem.ts'
import { ROW_TABLES, type RowStore } from './row-store.ts'
import { SEAL_BYTES, openSeal, sealOf, writeSeal } from './seal.ts'
import { SUMS_KEY, SealedStore } from './sealed-store.ts'
import { Sums } from './sums.ts'

/** What this program writes and the only one it reads; kept in table `seal`. */
export const LEDGER_FORMAT = 'qingfen ledger 3'

const FORMAT_KEY = 'format'

/** Seals on `rows` that were sealed before or have nothing in them; `StoreFailed` when they cannot be read. */
export function openSealed(rows: RowStore): Result<SealedStore> {
  if (ROW_TABLES.every((table) => rows.count(table) === 0)) {
    return success(new SealedStore(rows, Sums.empty()))
  }
  const format = rows.get('seal', FORMAT_KEY)
  if (format === undefined) return failure(notALedger(rows, 'it has no format'))
  const found = Buffer.from(openSeal('seal', FORMAT_KEY, format)).toString()
  if (found !== LEDGER_FORMAT) return failure(otherFormat(rows, found))
  const sums = storedSums(rows)
  if (sums === undefined) return failure(notALedger(rows, 'it has no sums'))
  return success(new SealedStore(rows, sums))
}

/** The sums that the last commit wrote; `StoreFailed` when they are damaged. */
export function storedSums(rows: RowStore): Sums | undefined {
  const sealed = rows.get('seal', SUMS_KEY)
  return sealed === undefined ? undefined : Sums.read(openSeal('seal', SUMS_KEY, sealed))
}

/** Makes `rows`, in which there is nothing, a ledger. */
export async function writeFormat(rows: RowStore): Promise<void> {
  const name = Buffer.from(LEDGER_FORMAT)
  const format = Buffer.alloc(name.length + SEAL_BYTES)
  writeSeal(format, 0, name, sealOf('seal', FORMAT_KEY, name))
  const sums = Buffer.alloc(Sums.bytes + SEAL_BYTES)
  const empty = sums.subarray(0, Sums.bytes)
  writeSeal(sums, 0, empty, sealOf('seal', SUMS_KEY, empty))
  await rows.commit([
    { table: 'seal', key: FORMAT_KEY, value: format },
    { table: 'seal', key: SUMS_KEY, value: sums },
  ])
}

function notALedger(rows: RowStore, why: string): Problem {
  return problem('STORE_NOT_A_LEDGER', '', { file: rows.place, why })
}

function otherFormat(rows: RowStore, found: string): Problem {
  const details = { directory: rows.place, found: found.slice(0, 80), expected: LEDGER_FORMAT }
  return problem('STORE_FORMAT_UNKNOWN', '', details)
}
