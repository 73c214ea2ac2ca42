import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const CLIENT = new URL('../../src/client/', import.meta.url)

/** What a module loads when it runs: imports of types are gone by then. */
function loadedBy(text: string): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?from\s+['"]([^'"]+)/gm)
  return [...statements].map(([, specifier = '']) => specifier)
}

it('the SDK loads nothing that only Node has', () => {
  const open = readdirSync(fileURLToPath(CLIENT)).map((name) => new URL(name, CLIENT).href)
  const seen = new Set(open)
  const packages = new Set<string>()
  const strays: string[] = []
  for (const href of seen) {
    const text = readFileSync(fileURLToPath(href), 'utf8')
    if (/\b(Buffer|process|require|__dirname)\b[.(]/.test(text)) strays.push(href)
    for (const specifier of loadedBy(text)) {
      if (specifier.startsWith('.')) seen.add(new URL(specifier, href).href)
      else packages.add(specifier)
    }
  }
  expect(seen.size).toBeGreaterThan(open.length)
  expect(strays).toEqual([])
  // It has an entry for browsers of its own.
  expect([...packages]).toEqual(['msgpackr'])
})
