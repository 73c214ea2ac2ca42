import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeCodeOf } from '../../src/protocol/frames/close-code.ts'
import { FRAME_OPERATIONS, TOPICS } from '../../src/protocol/frames/operations.ts'
import { ERROR_TRAITS, type ErrorCode } from '../../src/errors/codes.ts'
import { SERVER_LIMITS } from '../../src/server/limits.ts'
import { ROLES } from '../../src/server/principal.ts'
import { mayDo } from '../../src/server/terminals/permissions.ts'
import { faultsOf } from '../server/frame-check.ts'
import { ServedTown } from '../server/served-town.ts'
import type { Received } from '../server/terminal-client.ts'
import { LANGUAGES, documentText } from './documents.ts'
import { snippetsOf, type Snippet } from './snippets.ts'

interface Request {
  readonly id: string
  readonly op: string
  readonly body: Readonly<Record<string, unknown>>
}

const examples = snippetsOf(documentText('protocol', 'en')).filter(
  ({ language }) => language === 'json',
)

let served: ServedTown
beforeAll(async () => {
  served = await ServedTown.open()
})
afterAll(async () => {
  await served.close()
})

describe('examples of the protocol', () => {
  it('are the same in both languages', () => {
    const bare = ({ kind, text }: Snippet) => ({ kind, text })
    const chinese = snippetsOf(documentText('protocol', 'zh'))
    expect(chinese.filter(({ language }) => language === 'json').map(bare)).toEqual(
      examples.map(bare),
    )
  })

  it('are what a real server is sent and answers, in their order, on one connection', async () => {
    const client = await served.connect()
    let asked: Request | undefined
    let sent = 0
    for (const { kind, text, line } of examples) {
      const shown = JSON.parse(
        text.replace('terminal-H.SECRET', served.credential('terminal-H')),
      ) as Received
      if (kind === 'request') {
        asked = shown as unknown as Request
        expect([line, faultsOf(`request.${asked.op}`, asked)]).toEqual([line, ''])
        const reply = await client.ask(asked.id, asked.op, asked.body)
        expect([line, typeof reply.ok]).toEqual([line, 'boolean'])
        sent += 1
      } else {
        const isMeant = ({ id, event }: Received) =>
          kind === 'event' ? event === shown.event : id === asked?.id
        expect([line, await client.first(isMeant)]).toEqual([line, shown])
      }
    }
    expect(sent).toBeGreaterThan(10)
  })
})

describe.each(LANGUAGES)('reference of the protocol, %s', (language) => {
  const document = documentText('protocol', language)
  const rows = [...document.matchAll(/^\| *([^|]+?) *\|(.*)$/gm)].map(
    ([, name = '', rest = '']) => ({
      name: name.replaceAll('`', ''),
      cells: rest.split('|').map((cell) => cell.trim()),
    }),
  )
  const row = (name: string) => rows.find((one) => one.name === name)?.cells ?? []

  it('has every operation with its roles', () => {
    const words = { terminal: /terminal|终端|all|全部/, operator: /operator|运营方|all|全部/ }
    for (const op of FRAME_OPERATIONS) {
      const [roles = ''] = row(op)
      for (const role of ['terminal', 'operator'] as const) {
        expect([op, role, words[role].test(roles)]).toEqual([op, role, mayDo(role, op)])
      }
      const isEverybodys = ROLES.every((role) => mayDo(role, op))
      expect([op, /all|全部/.test(roles)]).toEqual([op, isEverybodys])
    }
  })

  it('has every limit with its default', () => {
    for (const [name, value] of Object.entries<number>({ ...SERVER_LIMITS })) {
      expect([name, row(name)[0]]).toEqual([name, value.toLocaleString('en-US')])
    }
  })

  it('has every topic', () => {
    expect(TOPICS.filter((topic) => row(topic).length === 0)).toEqual([])
  })

  it('has the close codes as they are sent', () => {
    const closes = rows.filter(({ name }) => /^\d{4}$/.test(name))
    expect(closes.length).toBeGreaterThan(8)
    for (const { name, cells } of closes) {
      const code = (cells[0] ?? '').replaceAll('`', '') as ErrorCode
      expect(Object.keys(ERROR_TRAITS)).toContain(code)
      expect([code, String(closeCodeOf(code))]).toEqual([code, name])
    }
  })
})
