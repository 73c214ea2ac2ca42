import { FACTS, type FactTrait, type FactType } from '../facts.ts'

/** The fact an expression names when it is nothing but `group.name`. */
export function factNamed(source: string): FactTrait | undefined {
  const parts = /^\s*(\w+)\.(\w+)\s*$/.exec(source)
  if (parts === null) return undefined
  const groups: Readonly<Record<string, Readonly<Record<string, FactTrait>>>> = FACTS
  const [, group = '', name = ''] = parts
  return Object.hasOwn(groups, group) && Object.hasOwn(groups[group] ?? {}, name)
    ? groups[group]?.[name]
    : undefined
}

const BOOLEAN_OPERATORS = /==|!=|<|>|&&|\|\||\bin\b|^\s*!/
const BOOLEAN_CALLS =
  /(?:^|\.)\s*(?:inList|has|startsWith|endsWith|contains|matches|exists|all)\s*\(/
const WHOLE_NUMBER_CALLS = /^\s*(?:year|daysBetween|size)\s*\(/

/**
 * The type that can be seen from the text of an expression: exact for a single fact, by its outermost operators
 * otherwise; undefined when the text alone does not tell. The compiler checks the real type.
 */
export function visibleType(source: string): FactType | undefined {
  const fact = factNamed(source)
  if (fact !== undefined) return fact.type
  const bare = source.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
  if (bare.includes('?')) return undefined
  if (BOOLEAN_OPERATORS.test(bare) || BOOLEAN_CALLS.test(bare)) return 'bool'
  if (WHOLE_NUMBER_CALLS.test(bare)) return 'int'
  return arithmeticType(bare)
}

/** Type of sums and products of facts and `yuan(…)`: money as soon as one part is. */
function arithmeticType(bare: string): FactType | undefined {
  if (/\byuan\s*\(/.test(bare)) return 'money'
  const types = [...bare.matchAll(/\b(\w+\.\w+)\b/g)].map(([name]) => factNamed(name)?.type)
  if (types.includes('money')) return 'money'
  const whole = types.length > 0 && types.every((type) => type === 'int')
  return whole ? 'int' : undefined
}

/** Names of lists in the calls `inList(value, "name")` of an expression. */
export function listsNamed(source: string): readonly string[] {
  const calls = source.matchAll(/\binList\s*\(/g)
  return [...calls].flatMap(({ index, 0: head }) => {
    const name = lastTextArgument(source.slice(index + head.length))
    return name === undefined ? [] : [name]
  })
}

/** The last quoted text before the parenthesis that closes the call whose arguments begin `rest`. */
function lastTextArgument(rest: string): string | undefined {
  let depth = 1
  let last: string | undefined
  for (const [token] of rest.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()]/g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth === 1) last = token.slice(1, -1)
    if (depth === 0) return last
  }
  return undefined
}
