import type { RequestFrame } from '../../protocol/frames/request-frame.ts'
import { REQUEST_ID } from '../../protocol/schemas/shared.ts'
import { closedMap } from '../../rules/schema/schema-node.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import type { Bilingual } from '../../rules/pack.ts'

/** An operation of terminals over HTTP: a frame without its `op`, which the address says. */
function terminalRoute(op: 'quote' | 'settle', path: string, summary: Bilingual): Route {
  const inside = (name: string) => ({
    type: 'object',
    description: `docs/protocol.schema.json: ${name}.${op}`,
  })
  return {
    id: `terminals.${op}`,
    method: 'POST',
    path,
    roles: ['terminal'],
    audit: 'beside',
    op,
    summary,
    body: {
      contentTypes: ['application/json'],
      maxBytes: 'frame',
      isExact: true,
      schema: closedMap({ id: REQUEST_ID, body: inside('request') }, ['id', 'body']),
    },
    answer: closedMap(
      {
        id: REQUEST_ID,
        ok: { const: true },
        repeat: { type: 'boolean' },
        answer: inside('answer'),
      },
      ['id', 'ok', 'repeat', 'answer'],
    ),
    handle: async (request, services) => replyTo(request, services, op),
  }
}

async function replyTo(
  { principal, json }: HttpRequest,
  services: HttpServices,
  op: RequestFrame['op'],
): Promise<HttpReply> {
  const { id, body } = json as Omit<RequestFrame, 'op'>
  const reply = await services.ask(principal, { id, op, body })
  if (reply.kind === 'refused') return reply
  const { repeat, answer } = reply
  return { kind: 'json', value: { id, ok: true, repeat, answer } }
}

/** For hospital systems that do without a WebSocket. */
export const TERMINAL_ROUTES: readonly Route[] = [
  terminalRoute('quote', '/v1/quotes', {
    zh: '试算一张账单，不写入',
    en: 'Quotes a bill; writes nothing',
  }),
  terminalRoute('settle', '/v1/settlements', {
    zh: '结算一张账单；id 是幂等键',
    en: 'Settles a bill; id is the idempotency key',
  }),
]
