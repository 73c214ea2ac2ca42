import type { ExpressionType } from '../cel/term.ts'
import type { Match } from '../pack.ts'

/** Keys of one row for one dimension, of the dimension's own type; undefined: the key is of another type. */
export function typedMatch(match: Match, type: ExpressionType): Match | undefined {
  switch (match.type) {
    case 'any':
      return match
    case 'range':
      return type === 'int' || type === 'money' ? match : undefined
    case 'anyOf': {
      const values = match.values.map((value) => typedKey(value, type))
      const known = values.filter((value) => value !== undefined)
      return known.length === values.length ? { type: 'anyOf', values: known } : undefined
    }
  }
}

/**
 * A key as the dimension's type. Files blur numbers, booleans and texts of the same look, so what has one meaning
 * only in the dimension's type is taken to mean that.
 */
function typedKey(
  key: string | number | boolean,
  type: ExpressionType,
): string | number | boolean | undefined {
  switch (type) {
    case 'bool':
      if (typeof key === 'boolean') return key
      return key === 'true' ? true : key === 'false' ? false : undefined
    case 'string':
      return String(key)
    case 'int':
    case 'money': {
      const value = typeof key === 'string' && /^-?[0-9]+$/.test(key) ? Number(key) : key
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
    }
    case 'date':
    case 'strings':
      return undefined
  }
}

/** A key as its author reads it, for problems. */
export function matchText(match: Match): string {
  switch (match.type) {
    case 'any':
      return '*'
    case 'range':
      return `${match.from ?? ''}..${match.to ?? ''}`
    case 'anyOf':
      return match.values.join('|')
  }
}
