import { fen } from '../../src/money/fen.ts'
import type { DiscrepancyKind } from '../../src/reconciliation/kinds.ts'
import type { NationalRow } from '../../src/reconciliation/national-row.ts'
import type { Chance } from '../hostile/chance.ts'
import type { Fault, Targets, TwoBooks } from './book-faults.ts'
import { takenBack } from './random-books.ts'

type Inject = Fault<NationalRow>['inject']

function changed(change: (row: NationalRow, chance: Chance) => readonly NationalRow[]): Inject {
  return ({ ours, theirs }, [target], chance) => ({
    ours,
    theirs: theirs.flatMap((row) => (row.id === target ? change(row, chance) : [row])),
  })
}

function swapped(inject: Inject): Inject {
  return (books: TwoBooks<NationalRow>, targets: Targets, chance: Chance) => {
    const { ours, theirs } = inject({ ours: books.theirs, theirs: books.ours }, targets, chance)
    return { ours: theirs, theirs: ours }
  }
}

function plus(row: NationalRow, total: number, fund: number, account: number): NationalRow {
  return {
    ...row,
    total: fen(row.total + total),
    fund: fen(row.fund + fund),
    account: fen(row.account + account),
  }
}

function some(chance: Chance): number {
  return 6 + chance.below(90)
}

function hundredfold(row: NationalRow): NationalRow {
  return plus(row, 99 * row.total, 99 * row.fund, 99 * row.account)
}

function parted(row: NationalRow, chance: Chance): readonly NationalRow[] {
  const [total, fund, account] = [some(chance), some(chance), 0]
  return [
    plus(row, -total, -fund, -account),
    { ...row, id: `${row.id}-2`, total: fen(total), fund: fen(fund), account: fen(account) },
  ]
}

const compensating: Inject = ({ ours, theirs }, [first, second], chance) => {
  const part = some(chance)
  return {
    ours,
    theirs: theirs.map((row) => {
      if (row.id === first) return plus(row, part, part, 0)
      return row.id === second ? plus(row, -part, -part, 0) : row
    }),
  }
}

function fault(name: string, kind: DiscrepancyKind, inject: Inject): Fault<NationalRow> {
  return { name, kind, inject }
}

/** Each of these makes exactly one discrepancy of its kind. */
export const NATIONAL_FAULTS: readonly Fault<NationalRow>[] = [
  fault(
    'missing at theirs',
    'missingTheirs',
    changed(() => []),
  ),
  fault('missing at ours', 'missingOurs', swapped(changed(() => []))),
  fault(
    'reversed at theirs only',
    'reversalTheirsOnly',
    changed((row) => [row, takenBack(row)]),
  ),
  fault(
    'reversed at theirs only, under an id of its own',
    'reversalTheirsOnly',
    changed((row) => [row, { ...takenBack(row), id: `R${row.id}` }]),
  ),
  fault(
    'reversed at ours only',
    'reversalOursOnly',
    swapped(changed((row) => [row, takenBack(row)])),
  ),
  fault(
    'doubled at theirs',
    'doubledTheirs',
    changed((row) => [row, { ...row }]),
  ),
  fault('doubled at ours', 'doubledOurs', swapped(changed((row) => [row, { ...row }]))),
  fault(
    'another id',
    'idDiffers',
    changed((row) => [{ ...row, id: `X${row.id}` }]),
  ),
  fault(
    'another person',
    'personWrong',
    changed((row) => [{ ...row, person: 'P-other' }]),
  ),
  fault(
    'another visit',
    'stayWrong',
    changed((row) => [{ ...row, visit: 'V-other' }]),
  ),
  fault(
    'another person and visit',
    'personWrong',
    changed((row) => [{ ...row, person: 'P-other', visit: 'V-other' }]),
  ),
  fault('split', 'split', changed(parted)),
  fault('merged', 'merged', swapped(changed(parted))),
  fault(
    'flag',
    'flagWrong',
    changed((row) => [{ ...row, reversal: true }]),
  ),
  fault(
    'sign',
    'sign',
    changed((row) => [{ ...takenBack(row), reversal: false }]),
  ),
  fault(
    'booked as a reversal',
    'sign',
    changed((row) => [takenBack(row)]),
  ),
  fault(
    'fen for yuan',
    'unit',
    changed((row) => [hundredfold(row)]),
  ),
  fault('yuan for fen', 'unit', swapped(changed((row) => [hundredfold(row)]))),
  fault(
    'account inside theirs',
    'accountInFund',
    changed((row) => [plus(row, 0, row.account, 0)]),
  ),
  fault('account inside ours', 'accountInFund', ({ ours, theirs }, [target]) => ({
    ours: ours.map((row) => (row.id === target ? plus(row, 0, row.account, 0) : row)),
    theirs,
  })),
  fault(
    'between fund and account',
    'fundAccountShift',
    changed((row, chance) => {
      const part = some(chance)
      return [plus(row, 0, -part, part)]
    }),
  ),
  fault(
    'one fen on the fund',
    'rounding',
    changed((row) => [plus(row, 0, 1, 0)]),
  ),
  fault(
    'one fen on total and fund',
    'rounding',
    changed((row) => [plus(row, -1, -1, 0)]),
  ),
  fault(
    'total',
    'totalWrong',
    changed((row, chance) => [plus(row, some(chance), 0, 0)]),
  ),
  fault(
    'fund',
    'fundWrong',
    changed((row, chance) => [plus(row, 0, -some(chance), 0)]),
  ),
  fault(
    'account',
    'accountWrong',
    changed((row, chance) => [plus(row, 0, 0, some(chance))]),
  ),
  fault(
    'total and fund',
    'amountsWrong',
    changed((row, chance) => {
      const part = 200 + some(chance)
      return [plus(row, part, part, 0)]
    }),
  ),
  fault('two amounts that cancel', 'compensating', compensating),
  fault(
    'person and amount',
    'severalDiffer',
    changed((row) => [{ ...plus(row, 1313, 0, 0), person: 'P-other' }]),
  ),
]

/** Only a result of the platform can say so, and no 3202 file. */
export const DISPUTED: Fault<NationalRow> = fault(
  'differs, says the platform',
  'disputed',
  changed((row) => [{ ...row, disputed: true }]),
)
