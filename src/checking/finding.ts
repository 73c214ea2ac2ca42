import type { Settlement } from '../adjudication/settlement.ts'
import type { InForce } from '../adjudication/in-force.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { Problem } from '../errors/problem.ts'
import { isInForce } from '../rules/effective.ts'
import type { RulePack } from '../rules/pack.ts'
import type { TrialBill } from './trial-bill.ts'

/** Something the search found, with the smallest bill that shows it. */
export interface Finding {
  readonly problem: Problem
  /** The version whose text `problem.where` is a path into. */
  readonly pack: RulePack
  readonly bill: TrialBill
}

/** Whether the like was found already: the same code at the same place of the same pack. */
export type IsKnown = (code: ErrorCode, pack: RulePack, where: string) => boolean

/** The version of `id` that took part, or the first of that id where the bill was refused. */
export function versionOf(
  rules: InForce,
  id: string,
  day: number,
  answer?: Settlement,
): RulePack | undefined {
  const hashes = answer?.packs.map(({ hash }) => hash)
  const versions = rules.packs.map(({ pack }) => pack).filter((pack) => pack.id === id)
  return (
    versions.find(({ hash }) => hashes?.includes(hash)) ??
    versions.find((pack) => isInForce(pack, day)) ??
    versions[0]
  )
}
