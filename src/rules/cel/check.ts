import { ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'

import type { ErrorCode } from '../../errors/codes.ts'
import { failure, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import type { Expression } from '../pack.ts'
import { createEnvironment } from './environment.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { ExpressionRefused } from './refusal.ts'
import type { ExpressionType, Term } from './term.ts'
import { translate } from './translate.ts'

/** What an expression may be used as: `number` is an int, `factor` an int or money, `key` what a table may ask. */
export type ExpectedResult = 'bool' | 'int' | 'money' | 'string' | 'number' | 'factor' | 'key'

export interface ExpressionContext {
  /** There is a current line: `line.*` may be read. */
  readonly lines: boolean
  /** The pack runs for a policy: `policy.*` may be read. */
  readonly policy: boolean
  /** Names of the pack's lists. */
  readonly lists: readonly string[]
  readonly result: ExpectedResult
}

/** An expression that packs may say, with every name and literal resolved. */
export interface TypedExpression {
  readonly source: string
  readonly where: string
  readonly type: ExpressionType
  readonly term: Term
}

const ACCEPTED: Readonly<Record<ExpectedResult, readonly ExpressionType[]>> = {
  bool: ['bool'],
  int: ['int'],
  number: ['int'],
  money: ['money'],
  string: ['string'],
  factor: ['int', 'money'],
  key: ['bool', 'int', 'string', 'money'],
}

/** Lists play no part in checking, so one environment serves every pack. */
const ENVIRONMENT = createEnvironment(new Map())

/**
 * Parses, resolves and type-checks one expression; the problem says where in it (`position`, 1-based character).
 *
 * Our translation speaks first because it knows what packs mean; the library's own checker must then agree.
 */
export function checkExpression(
  expression: Expression,
  context: ExpressionContext,
): Result<TypedExpression> {
  const { source, where } = expression
  const refuse = (code: ErrorCode, details: Problem['details']) =>
    failure<TypedExpression>(problem(code, where, details))
  if (source.length > EXPRESSION_LIMITS.characters) return refuse(...TOO_LARGE)
  try {
    const parsed = ENVIRONMENT.parse(source)
    const term = translate(parsed.ast, { ...context, translate })
    const checked = parsed.check()
    if (checked.error !== undefined) throw checked.error
    const accepted = ACCEPTED[context.result]
    if (!accepted.includes(term.type)) {
      const details = { expected: accepted.join(' | '), found: term.type }
      return refuse('EXPRESSION_RESULT_TYPE', details)
    }
    return success({ source, where, type: term.type, term })
  } catch (error) {
    return refuse(...refusalOf(error))
  }
}

const TOO_LARGE = [
  'EXPRESSION_TOO_LARGE',
  {
    charactersMax: EXPRESSION_LIMITS.characters,
    nodesMax: EXPRESSION_LIMITS.nodes,
    depthMax: EXPRESSION_LIMITS.depth,
  },
] as const

function refusalOf(error: unknown): readonly [ErrorCode, Problem['details']] {
  if (error instanceof ExpressionRefused) {
    return [error.code, { position: error.place.start + 1, ...error.details }]
  }
  if (error instanceof ParseError) {
    if (error.code === 'limit_exceeded') return TOO_LARGE
    return ['EXPRESSION_SYNTAX', libraryDetails(error)]
  }
  if (error instanceof CelTypeError) return ['EXPRESSION_TYPES_DIFFER', libraryDetails(error)]
  throw error
}

function libraryDetails(error: ParseError | CelTypeError): Problem['details'] {
  return { position: (error.range?.start ?? 0) + 1, why: error.summary }
}
