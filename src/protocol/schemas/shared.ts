import { oneOfWords, reference, type SchemaNode } from '../../rules/schema/schema-node.ts'
import { PACK_KINDS } from '../../rules/kind.ts'
import { ERROR_TRAITS } from '../../errors/codes.ts'

export const TEXT: SchemaNode = { type: 'string', minLength: 1 }
export const WHOLE: SchemaNode = { type: 'integer' }
/** An amount of an answer. */
export const FEN: SchemaNode = { type: 'integer', description: 'fen' }
/** An amount of a request, and of a national record: exact to the fen. */
export const YUAN: SchemaNode = {
  type: 'string',
  pattern: '^-?[0-9]+(\\.[0-9]{1,2})?$',
  description: 'yuan',
}
export const REQUEST_ID: SchemaNode = { type: 'string', pattern: '^[!-~]{1,64}$' }
export const SETTLEMENT: SchemaNode = { type: 'string', pattern: '^S[0-9]{12}$' }
export const HOSPITAL: SchemaNode = { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,30}$' }
export const AT: SchemaNode = { type: 'integer', description: 'milliseconds since 1970-01-01' }
export const DAY: SchemaNode = { type: 'integer', description: 'days since 1970-01-01' }
/** A day of a request; days since 1970-01-01 are taken too. */
export const DATE: SchemaNode = {
  anyOf: [{ type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }, DAY],
}
export const PACK_KIND: SchemaNode = oneOfWords(PACK_KINDS)
export const ERROR_CODE: SchemaNode = reference('errorCode')
export const ERROR_CODES: SchemaNode = oneOfWords(Object.keys(ERROR_TRAITS))

export function openMap(
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode {
  return { type: 'object', properties, required }
}

/** A list of any length. */
export function anyNumberOf(items: SchemaNode): SchemaNode {
  return { type: 'array', items }
}
