import { tablesOf } from '../rules/compile/analyse-table.ts'
import { compileInto } from '../rules/compile/compile-pack.ts'
import { packScope, type PackScope } from '../rules/compile/pack-scope.ts'
import { compileGrid } from '../rules/compile/tables.ts'
import type { DecisionTable, Match, RulePack } from '../rules/pack.ts'
import { noteFact, noteTerm, type Reading } from './mentions.ts'
import { Vocabulary } from './vocabulary.ts'

/** Everything the packs mention in conditions, tables, keys and values. */
export function vocabularyOf(packs: readonly RulePack[]): Vocabulary {
  const vocabulary = new Vocabulary()
  for (const pack of packs) {
    const scope = packScope(pack)
    compileInto(scope)
    const reading = { vocabulary, product: pack.product, lists: pack.lists }
    for (const { expression } of scope.expressions) noteTerm(expression.term, reading)
    for (const table of tablesOf(pack)) noteTable(table, scope, reading)
  }
  return vocabulary
}

/** The keys of each dimension that asks for a fact, with a value of every class that no row names. */
function noteTable(table: DecisionTable, scope: PackScope, reading: Reading): void {
  compileGrid(table, scope)?.dimensions.forEach(({ expression, samples }, index) => {
    const { term } = expression
    if (term.op !== 'fact') return
    const edges = table.rows.flatMap(({ matches }) => edgesOf(matches[index]))
    noteFact(
      term.fact,
      [...samples, ...edges].filter((value) => value !== undefined),
      reading,
    )
  })
}

function edgesOf(match: Match | undefined): readonly number[] {
  return match?.type === 'range' ? [match.from, match.to].filter((edge) => edge !== undefined) : []
}
