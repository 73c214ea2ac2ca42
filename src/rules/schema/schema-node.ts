/** A JSON Schema (draft 2020-12) as data. */
export interface SchemaNode {
  readonly [keyword: string]: unknown
}

/** Title and description an editor shows, Chinese first, then English. */
export function about(
  titleZh: string,
  titleEn: string,
  zh: string,
  en: string,
): { readonly title: string; readonly description: string } {
  return { title: `${titleZh} · ${titleEn}`, description: `${zh}\n${en}` }
}

/** A map with these keys and no others. */
export function closedMap(
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode {
  return { type: 'object', properties, required, additionalProperties: false }
}

/** A list of at least one item. */
export function listOf(items: SchemaNode): SchemaNode {
  return { type: 'array', items, minItems: 1 }
}

export function reference(definition: string, extra: SchemaNode = {}): SchemaNode {
  return { ...extra, $ref: `#/$defs/${definition}` }
}

export function oneOfWords(words: readonly (string | number)[]): SchemaNode {
  return { enum: [...words] }
}

const BRANCHES = ['if', 'then', 'else'] as const

/** A conditional schema. Built by name because an object written with `then` looks like a promise. */
export function conditional(
  ...branches: readonly [condition: SchemaNode, met: SchemaNode, otherwise: SchemaNode]
): SchemaNode {
  return Object.fromEntries(BRANCHES.map((keyword, index) => [keyword, branches[index]]))
}

/** `whenScalar` for a scalar or list, `whenMap` for a map: short and long form of one thing. */
export function scalarOrMap(whenScalar: SchemaNode, whenMap: SchemaNode): SchemaNode {
  return conditional({ type: 'object' }, whenMap, whenScalar)
}
