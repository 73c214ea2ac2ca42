import { describe, expect, it } from 'vitest'
import {
  isBoundedJson,
  JSON_DEPTH_MAX,
  JSON_VALUES_MAX,
} from '../../../src/server/http/json-shape.ts'

function nested(depth: number): string {
  return `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
}

function list(values: number): string {
  return `[${'1,'.repeat(values - 1)}1]`
}

describe('the bounds of a body', () => {
  it.each([
    ['as deep as may be', nested(JSON_DEPTH_MAX), true],
    ['deeper', nested(JSON_DEPTH_MAX + 2), false],
    ['never closed', '['.repeat(JSON_DEPTH_MAX + 1), false],
    ['deep again and again', `[${'[[]],'.repeat(1_000)}[]]`, true],
    ['as many values as may be, with their list', list(JSON_VALUES_MAX - 1), true],
    ['more', list(JSON_VALUES_MAX), false],
    ['brackets and commas in a text', JSON.stringify('[,{"\\'.repeat(JSON_VALUES_MAX)), true],
    ['a text that ends with a backslash, then brackets', `["\\\\",${'['.repeat(99)}`, false],
    ['no JSON', ']]]]', true],
    ['nothing', '', true],
  ])('%s', (_, text, isBounded) => {
    expect(isBoundedJson(Buffer.from(text))).toBe(isBounded)
  })
})
