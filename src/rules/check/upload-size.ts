import { problem, type Problem } from '../../errors/problem.ts'
import { EXPRESSION_LIMITS } from '../cel/limits.ts'
import { UPLOAD_LIMITS } from '../limits.ts'
import type { DecisionTable, RulePack } from '../pack.ts'

/** What an upload comes to, counted from its packs before anything of them is compiled. */
export interface UploadSize {
  /** Parts of all values, lists of bands and limits, with parameters written out; a table has more for the cells that its rows may take. */
  readonly parts: number
  /** Characters of all conditions and other expressions. */
  readonly characters: number
  /** Characters of all patterns, as often as their counts repeat them. */
  readonly patterns: number
  /** Work of all cases: each `CASE_WORK` and its lines, by the benefits that look at them. */
  readonly caseWork: number
}

/** Why packs are too large to be tried where insurers' packs are; none: they are not. A count, so that every machine says the same. */
export function uploadProblems(packs: readonly RulePack[]): readonly Problem[] {
  const size = uploadSize(packs)
  return COUNTED.flatMap(([what, max]) => {
    const [count, countMax] = [Math.ceil(size[what]), UPLOAD_LIMITS[max]]
    return count > countMax
      ? [problem('PACK_UPLOAD_TOO_LARGE', '', { what: WORDS[what], count, countMax })]
      : []
  })
}

const COUNTED = [
  ['parts', 'partsMax'],
  ['characters', 'expressionCharactersMax'],
  ['patterns', 'patternCharactersMax'],
  ['caseWork', 'caseWorkMax'],
] as const satisfies readonly (readonly [keyof UploadSize, keyof typeof UPLOAD_LIMITS])[]

const WORDS: Readonly<Record<keyof UploadSize, string>> = {
  parts: 'values',
  characters: 'expressions',
  patterns: 'matches()',
  caseWork: 'cases',
}

export function uploadSize(packs: readonly RulePack[]): UploadSize {
  const sizes = packs.map((pack) => packSize(pack))
  const sum = (of: keyof UploadSize) => sizes.reduce((total, size) => total + size[of], 0)
  return {
    parts: sum('parts'),
    characters: sum('characters'),
    patterns: sum('patterns'),
    caseWork: sum('caseWork'),
  }
}

function packSize(pack: RulePack): UploadSize {
  const { cases: _, lists: __, ...rules } = pack
  const sources = expressionsIn(rules)
  return {
    parts: new WrittenOut(pack.parameters).of(rules),
    // Longer ones are refused before they are parsed.
    characters: sources.reduce(
      (sum, source) => sum + Math.min(source.length, EXPRESSION_LIMITS.characters),
      0,
    ),
    patterns: sources.reduce((sum, source) => sum + patternsIn(source), 0),
    caseWork: caseWork(pack),
  }
}

function isPart(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Sizes with every parameter in place of its name; one is measured once, however often it is named. */
class WrittenOut {
  readonly #parameters: RulePack['parameters']
  readonly #known = new Map<string, number>()

  constructor(parameters: RulePack['parameters']) {
    this.#parameters = parameters
  }

  of(part: unknown): number {
    if (!isPart(part)) return 0
    if (part['type'] === 'parameter' && typeof part['name'] === 'string') {
      return this.#named(part['name'])
    }
    const own = isTable(part) ? 1 + cellsOf(part) / CELLS_A_PART : 1
    return Object.values(part).reduce<number>((sum, inner) => sum + this.of(inner), own)
  }

  #named(name: string): number {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    // Circles are refused when a pack is read; one would end here.
    this.#known.set(name, 1)
    const size = this.of(this.#parameters[name])
    this.#known.set(name, size)
    return size
  }
}

/** A cell is a number; other parts are objects, and closures once they are compiled. */
const CELLS_A_PART = 4

function isTable(part: object): part is DecisionTable {
  return 'by' in part && 'rows' in part && Array.isArray(part.by) && Array.isArray(part.rows)
}

/** Between and beside the values that rows name lie as many classes again. */
function cellsOf({ by, rows }: DecisionTable): number {
  return by.reduce((cells, _, index) => {
    const named = new Set(rows.map(({ matches }) => JSON.stringify(matches[index])))
    return Math.min(cells * (2 * named.size + 1), Number.MAX_SAFE_INTEGER)
  }, 1)
}

function expressionsIn(part: unknown): readonly string[] {
  if (!isPart(part)) return []
  const { source, where } = part
  if (typeof source === 'string' && typeof where === 'string') return [source]
  return Object.values(part).flatMap(expressionsIn)
}

/** Of an expression with patterns all of its text, for a pattern is nearly all of it. */
function patternsIn(source: string): number {
  if (!/\bmatches\b/.test(source)) return 0
  const counts = [...source.matchAll(/\{([0-9]*),?([0-9]*)\}/g)]
  const times = counts.map(([, from, to]) => Math.max(1, Number(from), Number(to)))
  const isCompiled = times.reduce((sum, one) => sum + one, 0) <= EXPRESSION_LIMITS.patternRepeats
  if (!isCompiled) return source.length
  // Counts inside one another multiply, and nobody looks here whether they are.
  return source.length * times.reduce((product, one) => product * one, 1)
}

/** What a case costs beside its lines, in lines. */
const CASE_WORK = 20
/** Benefits that look at a line cost as much as the rest of it. */
const BENEFITS_ONE = 8

function caseWork({ benefits, cases }: RulePack): number {
  const lines = cases.reduce((sum, { given }) => sum + CASE_WORK + linesOf(given), 0)
  return lines * (1 + benefits.length / BENEFITS_ONE)
}

function linesOf(given: unknown): number {
  if (!isPart(given)) return 0
  const { feedetail, lines } = given
  return [feedetail, lines].reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    0,
  )
}
