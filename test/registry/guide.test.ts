import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REGISTRY_KINDS, type RegistryKind } from '../../src/registry/entries.ts'
import { snippetsOf } from '../docs/snippets.ts'
import { importText, placesOf, Register } from './imports.ts'

function snippets(name: string) {
  const path = new URL(`../../docs/${name}`, import.meta.url)
  return snippetsOf(readFileSync(path, 'utf8')).map(({ kind, language, text }) => {
    return { kind, language, text }
  })
}

test('the examples of the guide are the same in both languages', () => {
  expect(snippets('registry.zh-CN.md')).toEqual(snippets('registry.md'))
})

test('the examples of the guide are imported one after the other', async () => {
  const register = new Register()
  const used = new Set<RegistryKind>()
  for (const { kind, language, text } of snippets('registry.md')) {
    const known = REGISTRY_KINDS.find((one) => one === kind)
    if (known === undefined) throw new TypeError(`no kind: ${kind}`)
    used.add(known)
    const format = language === 'csv' ? 'csv' : 'ndjson'
    expect(placesOf(await importText(text, { format, kind: known, register }))).toEqual([])
  }
  expect([...used].toSorted()).toEqual([...REGISTRY_KINDS].toSorted())
  expect(register.lookup('person', 'P2')).toMatchObject({
    policies: [{ id: 'FAM-7', shared: true }],
  })
})
