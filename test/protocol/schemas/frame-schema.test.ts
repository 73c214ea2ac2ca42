import { Ajv2020 } from 'ajv/dist/2020.js'
import { format } from 'prettier'
import { expect, test } from 'vitest'
import { FRAME_OPERATIONS } from '../../../src/protocol/frames/operations.ts'
import { FRAME_SCHEMA } from '../../../src/protocol/schemas/frame-schema.ts'

test('the published schema of the frames is the one used', async () => {
  const text = await format(JSON.stringify(FRAME_SCHEMA), { parser: 'json', printWidth: 100 })
  // After a change: npx vitest run test/protocol/schemas/frame-schema.test.ts -u
  await expect(text).toMatchFileSnapshot('../../../docs/protocol.schema.json')
})

test('the schema of the frames is valid draft 2020-12', () => {
  expect(new Ajv2020({ strict: false }).validateSchema(FRAME_SCHEMA)).toBe(true)
})

test('every operation has a schema for its request and for its answer', () => {
  const names = Object.keys(FRAME_SCHEMA['$defs'] as object)
  const missing = FRAME_OPERATIONS.flatMap((op) => [`request.${op}`, `answer.${op}`]).filter(
    (name) => !names.includes(name),
  )
  expect(missing).toEqual([])
})
