import { fen, type Fen } from '../money/fen.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import { sheetOf } from './occasions.ts'
import type { Situation } from './situations.ts'
import { partsOf, type TrialBill, type TrialLine } from './trial-bill.ts'
import { STAY_DAYS } from './vocabulary.ts'

const POLICY_DAYS = 365

/** What every visit states, so that counters of every owner find theirs. */
const VISIT = { days: STAY_DAYS, transferChain: 'T', accidentId: 'A' }

/** The bill of a situation with `amount` in its line, and `beside` in an ordinary in-scope line. */
export function trialOf(
  situation: Situation,
  packs: readonly CompiledPack[],
  amount: Fen,
  beside: Fen = fen(0),
): TrialBill {
  const { basicElsewhere, day, facts, line, part, policyAge } = situation
  const products = packs.flatMap(({ pack }) => (pack.requiresPolicy ? [pack.product] : []))
  // A cap on each item needs to know which item a line is.
  const coded = { code: 'other', ...line }
  const own: TrialLine = { day, facts: coded, parts: partsOf(part, amount) }
  const other: TrialLine = { day, facts: coded, parts: partsOf('inScope', beside) }
  return {
    day,
    person: sheetOf(facts, 'person', ''),
    visit: { ...VISIT, ...sheetOf(facts, 'visit', '') },
    hospital: sheetOf(facts, 'hospital', ''),
    policies: [...new Set(products)].map((product, index) => ({
      ...sheetOf(facts, 'policy', product),
      id: `POL${index + 1}`,
      product,
      start: day - policyAge,
      end: Math.max(day, day - policyAge + POLICY_DAYS - 1),
      familyId: 'F',
      groupId: 'G',
    })),
    ...(basicElsewhere && { basicElsewhere }),
    lines: beside > 0 ? [own, other] : [own],
  }
}
