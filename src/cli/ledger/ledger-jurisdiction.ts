import { listJurisdictions } from '../../engine/list-jurisdictions.ts'
import type { Store } from '../../engine/ports.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'

/** The jurisdiction of a ledger that is meant: the one named, or the only one there is. */
export function ledgerJurisdiction(
  store: Pick<Store, 'range'>,
  named: string | undefined,
): Result<string> {
  const known = listJurisdictions(store)
  const [only, another] = known
  if (named === undefined && another !== undefined) {
    return failure(problem('CLI_USAGE', '', { why: `--jurisdiction ${known.join(' | ')}` }))
  }
  const meant = named ?? only
  if (meant !== undefined && known.includes(meant)) return success(meant)
  return failure(problem('JURISDICTION_UNKNOWN', '--jurisdiction', { jurisdiction: meant ?? '' }))
}
