import { CATEGORIES } from '../../src/rules/category.ts'
import { objectOf } from './complete-bill.ts'
import type { Ask } from './ask.ts'
import { checkedSplit, currentBasis, record } from './model-settle.ts'
import { linesOf, type Tree } from './model-split.ts'
import { isLive, type ModelSettlement, type ModelState } from './model-state.ts'
import { Refused } from './refused.ts'

export function supplement(state: ModelState, ask: Ask): Tree {
  const sources = sourcesOf(state, ask)
  const [first] = sources
  if (first === undefined) throw new Refused('REQUEST_MALFORMED')
  const lines = sources.flatMap((source) => cellLines(state, source))
  if (lines.length === 0) throw new Refused('BILL_EMPTY')
  const { date, packs } = ask.body
  const { person, visit, hospital } = first.document
  const document: Tree = {
    person,
    visit,
    ...(hospital !== undefined && { hospital }),
    ...(date !== undefined && { settlementDate: date }),
    supplement: { packs },
    lines,
  }
  const basis = currentBasis(state, first.hospital, document)
  const made = checkedSplit(state, ask, basis, { invoice: undefined, takes: sources })
  return record(state, ask, basis, made)
}

function sourcesOf(state: ModelState, { body, hospital }: Ask): readonly ModelSettlement[] {
  const ids = new Set(Array.isArray(body['settlements']) ? body['settlements'] : [])
  return [...ids].map((id) => {
    const found = state.own(id, hospital)
    if (found === undefined || found.person.id !== body['person']) {
      throw new Refused('SETTLEMENT_UNKNOWN')
    }
    if (!isLive(found) || found.operation === 'supplement') {
      throw new Refused('NOT_LIVE').naming([found.id])
    }
    return found
  })
}

/** One cell of a line: fen. */
interface Cell {
  readonly line: string
  readonly category: string
  readonly amount: number
}

/** The patient's cells of a settlement, less what live supplements have paid of them. */
export function cellsLeft(state: ModelState, source: ModelSettlement): readonly Cell[] {
  const takers = state.settlements.filter((one) => isLive(one) && one.takes.includes(source))
  return source.answer.lines.flatMap(([line, , , , residual]) =>
    CATEGORIES.map((category, index) => {
      const id = `${source.id}/${line}`
      const paid = takers.map((one) => paidOf(one, id, category, index))
      return {
        line,
        category,
        amount: paid.reduce((left, sum) => left - sum, residual[index] ?? 0),
      }
    }),
  )
}

/** The lines of a supplement for what it takes of one settlement. */
function cellLines(state: ModelState, source: ModelSettlement): readonly Tree[] {
  const cells = cellsLeft(state, source).filter(({ amount }) => amount > 0)
  const written = new Map(linesOf(source.document).map((line) => [String(line['id']), line]))
  return [...new Set(cells.map(({ line }) => line))].map((id) => {
    const { code, tags, date } = objectOf(written.get(id))
    const own = cells.filter(({ line }) => line === id)
    return {
      date: date ?? objectOf(source.document['visit'])['start'],
      ...(code !== undefined && { code }),
      ...(tags !== undefined && { tags }),
      id: `${source.id}/${id}`,
      cells: Object.fromEntries(own.map(({ category, amount }) => [category, yuan(amount)])),
    }
  })
}

/** What a supplement has paid of one cell: what it was given less what it left. */
function paidOf(one: ModelSettlement, id: string, category: string, index: number): number {
  const given = linesOf(one.document).find((line) => line['id'] === id)
  const left = one.answer.lines.find(([lineId]) => lineId === id)
  const cell = objectOf(given?.['cells'])[category] ?? 0
  return Math.round(Number(cell) * 100) - (left?.[4][index] ?? 0)
}

function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
