import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { StoreFailed } from '../../../src/engine/store-failed.ts'
import { problem } from '../../../src/errors/problem.ts'
import type { Route } from '../../../src/server/http/route.ts'
import { ServedTown } from '../served-town.ts'

const SECRET = '/secret/of-the-server'

/** A route that fails as a bug, or a disk, would make it fail. */
function failing(name: string, fail: () => unknown): Route {
  return {
    id: `test.${name}`,
    method: 'GET',
    path: `/v1/test/${name}`,
    roles: ['auditor'],
    audit: 'none',
    summary: { zh: '', en: '' },
    answer: {},
    handle: async () => Promise.resolve({ kind: 'json', value: fail() }),
  }
}

it('says in an answer what failed and not where; the log says where', async () => {
  const details = { directory: SECRET, table: 'audit', why: 'closed' }
  const routes = [
    failing('system', () => readFileSync(SECRET)),
    failing('store', () => {
      throw new StoreFailed(problem('STORE_READ_FAILED', '', details))
    }),
    failing('bug', () => {
      throw new TypeError(`no map in ${SECRET}`)
    }),
  ]
  const town = await ServedTown.open({ http: true, routes })
  const said: string[] = []
  for (const { path } of routes) {
    const answer = await town.fetch(path, { as: 'auditor' })
    expect(answer.status).toBe(500)
    said.push(await answer.text())
  }
  expect(said.join()).not.toContain('secret')
  expect(said[0]).toContain('ENOENT')
  expect(said[1]).toContain('STORE_READ_FAILED')
  expect(said[2]).toContain('no map in …')
  const logged = town.log.filter(({ event }) => event === 'defect')
  expect(logged).toMatchObject([
    { name: 'Error', code: 'ENOENT', place: SECRET },
    { name: 'StoreFailed', code: 'STORE_READ_FAILED', place: SECRET },
    { name: 'TypeError' },
  ])
  await expect(town.close()).rejects.toThrow('defects: ')
})
