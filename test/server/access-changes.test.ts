import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HttpReply, Route } from '../../src/server/http/route.ts'
import { importQueue } from '../../src/server/imports/import-queue.ts'
import { GRANT_ROUTES } from '../../src/server/insurers/grant-routes.ts'
import { createKey, revokeKey } from '../../src/server/keys.ts'
import { LedgerAuthenticator } from '../../src/server/ledger-authenticator.ts'
import { openServer } from '../../src/server/open-server.ts'
import { KEY_ROUTES } from '../../src/server/operators/key-routes.ts'
import { REGISTRY_ROUTES } from '../../src/server/operators/registry-routes.ts'
import { accepted } from '../conformance/rules.ts'
import { NOW, RouteTown } from './routes/route-town.ts'

/* Changes of who may do what that meet each other, and requests that wait while the credential of their sender goes. */

let town: RouteTown
beforeEach(async () => {
  town = await RouteTown.open()
  for (const id of ['one', 'two']) await createKey(town.engine, { role: 'operator', id })
  for (const id of ['a', 'b']) await createKey(town.engine, { role: 'insurer', id })
})
afterEach(async () => {
  await town.close()
})

function idsNow(): readonly string[] {
  return town.engine.credentials().map(({ id }) => id)
}

/** As the router calls it, by an operator whose credential is looked up when it is asked for. */
async function call(
  [routes, id]: readonly [readonly Route[], string],
  as: string,
  {
    params = {},
    json,
  }: { readonly params?: Readonly<Record<string, string>>; readonly json?: object },
): Promise<HttpReply> {
  const route = routes.find((one) => one.id === id)
  if (route === undefined) throw new Error(id)
  const services = {
    ...town.services,
    isCurrent: (who: { id: string }) => idsNow().includes(who.id),
  }
  const principal = { id: as, role: 'operator' as const }
  const empty = { query: {}, headers: {}, body: new Uint8Array(), subject: () => undefined }
  return route.handle({ principal, params, json, ...empty }, services)
}

function outcome(reply: HttpReply): string {
  return reply.kind === 'refused' ? reply.problems.map(({ code }) => code).join() : 'done'
}

it('of two operators who revoke each other at once one stays', async () => {
  const revoke = [KEY_ROUTES, 'keys.revoke'] as const
  const replies = await Promise.all([
    call(revoke, 'one', { params: { id: 'two' } }),
    call(revoke, 'two', { params: { id: 'one' } }),
    call([KEY_ROUTES, 'keys.create'], 'two', { json: { role: 'insurer', id: 'back-door' } }),
    call([GRANT_ROUTES, 'grants.end'], 'two', { params: { id: 'insurer-a' } }),
  ])
  const wrong = 'CREDENTIAL_WRONG'
  expect(replies.map(outcome)).toEqual(['done', wrong, wrong, wrong])
  expect(idsNow()).toEqual(['a', 'b', 'one'])
})

it('a signing key comes into one of two grants that are set at once', async () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
  const keys = [{ id: 'k', algorithm: 'ed25519', publicKey: raw }]
  const lists = { payers: [], kinds: [], counters: [], jurisdictions: [], facts: [] }
  const set = async (id: string) =>
    call([GRANT_ROUTES, 'grants.set'], 'one', { params: { id }, json: { ...lists, keys } })
  const replies = await Promise.all([set('a'), set('b')])
  expect(replies.map(outcome)).toEqual(['done', 'GRANT_WRONG'])
  expect(town.engine.registered('grant', 'b')).toBeUndefined()
})

it('what waits for an import is not written for an operator who has gone', async () => {
  let end = () => {}
  const running = importQueue(town.services).alone(
    async () => new Promise<void>((resolve) => (end = resolve)),
  )
  const policy = { person: 'P1', id: 'LATE', product: 'a/plan', start: '2024-01-01' }
  const entries = [{ ...policy, end: '2024-12-31' }]
  const write = [REGISTRY_ROUTES, 'registry.write'] as const
  const waiting = call(write, 'two', { params: { kind: 'policy' }, json: { entries } })
  accepted(await revokeKey(town.engine, 'two'), 'revoke')
  end()
  await running
  expect(outcome(await waiting)).toBe('CREDENTIAL_WRONG')
  expect(town.engine.registered('policy', 'LATE')).toBeUndefined()
})

it('nor is what was asked for while the audit was written', async () => {
  const { engine, store, workFolder } = town
  const clock = () => NOW
  const made = accepted(await createKey(engine, { role: 'operator', id: 'late' }), 'key')
  const audit: typeof engine.audit = async (entries) => {
    const written = await engine.audit(entries)
    if (entries.some((entry) => entry.outcome === 'asked')) await revokeKey(engine, 'late')
    return written
  }
  const opened = await openServer({
    engine: {
      submit: async (request) => engine.submit(request),
      recompute: (settlement) => engine.recompute(settlement),
      wantsMessage: (operation) => engine.wantsMessage(operation),
      audit,
    },
    authenticator: new LedgerAuthenticator(engine, clock),
    host: '127.0.0.1',
    port: 0,
    clock,
    program: '0.1.0',
    http: { engine, store, mode: 'production', workFolder },
  })
  const server = accepted(opened, 'server')
  const answer = await fetch(`http://127.0.0.1:${server.port}/v1/registry/hospital`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${made.credential ?? ''}`,
      'content-type': 'application/json',
    },
    body: '{"entries":[{"id":"LATE"}]}',
  })
  expect(answer.status).toBe(401)
  expect(engine.registered('hospital', 'LATE')).toBeUndefined()
  await server.stop()
})
