import type { SchemaNode } from '../../../src/rules/schema/schema-node.ts'
import type { Chance } from '../../hostile/chance.ts'

/**
 * Texts to try for a pattern, the likely ones first. Neither the hospital, the person nor the day of the good settlements is among
 * them: what an operator is made to do to those is no fault of the server.
 */
const TEXTS: readonly string[] = [
  'town',
  'A1',
  'H',
  'rival',
  'town/acme',
  'V1',
  '1',
  '10.00',
  '2024-06-09',
  '2024-06-11',
  '20240609',
  'a'.repeat(64),
  '0'.repeat(32),
  'backup-1',
  'person',
  'csv',
]

/** A value that `schema` most likely takes: good enough that a request made of it gets past the door. */
export function sampleOf(schema: SchemaNode, chance: Chance): unknown {
  const { enum: words, anyOf, oneOf, items, properties } = schema
  if ('const' in schema) return schema['const']
  if (Array.isArray(words)) return chance.anyOf(words as readonly unknown[])
  const branches = anyOf ?? oneOf
  if (Array.isArray(branches)) {
    return sampleOf(chance.anyOf(branches as readonly SchemaNode[]) ?? {}, chance)
  }
  const type = typeOf(schema)
  if (type === 'integer' || type === 'number') return 1 + chance.below(9)
  if (type === 'boolean') return chance.below(2) === 0
  if (type === 'array') {
    const count = 1 + chance.below(2)
    return Array.from({ length: count }, () => sampleOf((items ?? {}) as SchemaNode, chance))
  }
  if (type === 'object') return mapOf((properties ?? {}) as Properties, schema, chance)
  return textOf(schema, chance)
}

type Properties = Readonly<Record<string, SchemaNode>>

function typeOf({ type }: SchemaNode): unknown {
  return Array.isArray(type) ? (type as readonly unknown[])[0] : type
}

function mapOf(
  properties: Properties,
  { required = [], additionalProperties }: SchemaNode,
  chance: Chance,
): object {
  const needed = new Set(required as readonly string[])
  const names = Object.keys(properties).filter((name) => needed.has(name) || chance.below(2) === 0)
  const map = Object.fromEntries(
    names.map((name) => [name, sampleOf(properties[name] ?? {}, chance)]),
  )
  if (typeof additionalProperties !== 'object' || additionalProperties === null) return map
  return { ...map, x: sampleOf(additionalProperties as SchemaNode, chance) }
}

function textOf({ pattern }: SchemaNode, chance: Chance): string {
  const right =
    typeof pattern === 'string' ? TEXTS.filter((text) => new RegExp(pattern).test(text)) : TEXTS
  return chance.anyOf(right) ?? 'x'
}
