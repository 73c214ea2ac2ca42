import { expect, test } from 'vitest'
import { format } from 'prettier'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { PACK_SCHEMA } from '../../../src/rules/schema/pack-schema.ts'
import { PROFILE_SCHEMA } from '../../../src/rules/schema/profile-schema.ts'

const published = [
  { name: 'pack', schema: PACK_SCHEMA },
  { name: 'profile', schema: PROFILE_SCHEMA },
]

test.each(published)('the published $name schema is the one used', async ({ name, schema }) => {
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 100 })
  // After a change: npx vitest run test/rules/read/schema-published.test.ts -u
  await expect(text).toMatchFileSnapshot(`../../../rules/schema/${name}.schema.json`)
})

test.each(published)('the $name schema is valid draft 2020-12', ({ schema }) => {
  expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true)
})

/** Keys with no title of their own or of what they refer to. */
function untitled(node: unknown, path: string, definitions: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  const properties: unknown = Reflect.get(node, 'properties')
  const own =
    typeof properties === 'object' && properties !== null
      ? Object.entries(properties).flatMap(([key, schema]) =>
          titled(schema, definitions) ? [] : [`${path}/${key}`],
        )
      : []
  const inner = Object.entries(node).flatMap(([key, value]) =>
    untitled(value, `${path}/${key}`, definitions),
  )
  return [...own, ...inner]
}

function titled(schema: unknown, definitions: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  if (Reflect.has(schema, 'title')) return true
  const target = String(Reflect.get(schema, '$ref')).replace('#/$defs/', '')
  const definition: unknown = Reflect.get(Object(definitions), target)
  return typeof definition === 'object' && definition !== null && Reflect.has(definition, 'title')
}

test.each(published)('an editor has a title for every key of the $name schema', ({ schema }) => {
  expect(untitled(schema, '', schema['$defs'])).toEqual([])
})
