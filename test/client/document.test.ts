import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { CLIENT_LIMITS } from '../../src/client/client-limits.ts'
import { connectTerminal, QingfenError, Terminal } from '../../src/client/connect-terminal.ts'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import { documentText, LANGUAGES } from '../docs/documents.ts'
import { snippetsOf } from '../docs/snippets.ts'
import { SdkTown } from './sdk-town.ts'

let town: SdkTown
beforeAll(async () => {
  town = await SdkTown.open()
})
afterAll(async () => {
  await town.close()
})

const LINES_MOST = 30

function exampleOf(document: string): string {
  const found = snippetsOf(document).find(({ kind }) => kind === 'example')
  if (found === undefined) throw new Error('the document has no example')
  return found.text
}

function readme(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
}

/** A function whose body waits: what a module may do at its top. */
const asyncFunction = Reflect.get(async () => undefined, 'constructor') as new (
  ...texts: readonly string[]
) => (...values: readonly unknown[]) => Promise<void>

it('the example settles; a second bill with the same lines is refused', async () => {
  const example = exampleOf(documentText('sdk', 'en'))
  expect(example.split('\n').length).toBeLessThanOrEqual(LINES_MOST)
  const names = ['connectTerminal', 'QingfenError', 'WebSocket', 'url', 'credential', 'console']
  const run = new asyncFunction(...names, example.replaceAll(/^import .*$/gm, ''))
  const said: string[] = []
  const log = (line: string) => said.push(line)
  const url = `ws://127.0.0.1:${town.proxy.port}/v1/terminal`
  const credential = town.served.credential('terminal-H')
  const values = [connectTerminal, QingfenError, WebSocket, url, credential, { log }]
  await run(...values)
  expect(said).toEqual(['patient: 122.00', 'settled: S000000000016, repeat: false'])
  // Another id for the same lines: the second is refused in words for the cashier.
  await run(...values)
  expect(said).toHaveLength(3)
  expect(said.at(-1)).toContain('S000000000016')
  expect(town.settled()).toHaveLength(1)
})

it('the example is the same everywhere, but for its comments', () => {
  const bare = (document: string) => exampleOf(document).replaceAll(/ *\/\/.*$/gm, '')
  const documents = [documentText('sdk', 'zh'), readme('README.md'), readme('README.zh-CN.md')]
  for (const document of documents) expect(bare(document)).toBe(bare(documentText('sdk', 'en')))
})

describe.each(LANGUAGES)('reference of the SDK, %s', (language) => {
  const document = documentText('sdk', language)

  it('has every operation, limit and code of the SDK', () => {
    const own = Object.getOwnPropertyNames(Terminal.prototype)
    const operations = own.filter((name) => !['constructor', 'hello'].includes(name))
    expect(operations.filter((name) => !document.includes(`${name}`))).toEqual([])
    const rows = new Map(
      [...document.matchAll(/^\| `(\w+)` *\| ([^|]*?) *\|/gm)].map(([, name, cell]) => [
        name,
        cell,
      ]),
    )
    for (const [name, value] of Object.entries<number>({ ...CLIENT_LIMITS })) {
      expect([name, rows.get(name)]).toEqual([name, value.toLocaleString('en-US')])
    }
    const codes = Object.keys(ERROR_TRAITS).filter((code) => code.startsWith('CLIENT_'))
    expect(codes.filter((code) => !rows.has(code))).toEqual([])
  })
})
