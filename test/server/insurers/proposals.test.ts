import { afterEach, beforeEach, expect, test } from 'vitest'
import { acmeGrant, acmePack, acmeText, TestSigner } from './grants.ts'
import { commandOf, PackTown, uploadOf } from './pack-town.ts'
import { basicAt } from '../../workers/town.ts'

let town: PackTown

beforeEach(async () => {
  town = await PackTown.open()
})

afterEach(async () => {
  await town.close()
})

const BASIC = basicAt(70)

function basicText(percent: number): string {
  return `
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件 修订 ${percent}
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 100.00 }
    rate: ${percent}%
    limits: [{ on: payment, per: year, amount: 900.00 }]
`
}

function stateOf(hash: string): string | undefined {
  return town.engine.rulesState('town')?.packs.find((pack) => pack.hash === hash)?.state
}

async function proposed(body: object, by = 'operator'): Promise<string> {
  const made = await town.call(by, 'POST', '/v1/proposals', body)
  expect(made.codes).toEqual([])
  return (made.value as { readonly id: string }).id
}

async function approve(id: string, by: string): Promise<readonly string[]> {
  return (await town.call(by, 'POST', `/v1/proposals/${id}/approve`)).codes
}

test('a version of another kind is no way for one operator alone to end a public pack', async () => {
  const [before] = town.engine.rulesState('town')?.packs ?? []
  const other = { id: 'town/basic', kind: 'commercial', payer: 'other' }
  const { hash } = acmePack(other)
  expect((await town.upload(uploadOf(hash), acmeText(other), 'operator')).codes).toEqual([])
  const alone = await town.send('operator', commandOf('activate', hash))
  expect(alone.codes).toEqual(['SECOND_PERSON_NEEDED'])
  expect([stateOf(before?.hash ?? ''), stateOf(hash)]).toEqual(['active', 'checked'])
})

test('a public pack is put in force by two operators, once', async () => {
  expect((await town.upload(uploadOf(BASIC.hash), basicText(70), 'operator')).codes).toEqual([])
  const alone = await town.send('operator', commandOf('activate', BASIC.hash))
  expect(alone.codes).toEqual(['SECOND_PERSON_NEEDED'])
  const body = { command: 'activate', jurisdiction: 'town', hash: BASIC.hash, from: '2024-06-01' }
  const id = await proposed(body)
  expect(stateOf(BASIC.hash)).toBe('checked')
  expect(await approve(id, 'operator')).toEqual(['SECOND_PERSON_SAME'])
  const both = await Promise.all([approve(id, 'second'), approve(id, 'second')])
  expect(both.flat()).toEqual(['PROPOSAL_UNKNOWN'])
  expect(stateOf(BASIC.hash)).toBe('active')
  const history = await town.call(
    'auditor',
    'GET',
    `/v1/packs/${BASIC.hash}/history?jurisdiction=town`,
  )
  expect(history.value).toMatchObject({
    events: [
      { command: 'upload', by: 'operator' },
      { command: 'activate', by: 'second', proposedBy: 'operator', from: '2024-06-01' },
    ],
  })
})

test('one operator is enough to hold a pack back, and not to take it up again', async () => {
  const [basic] = town.engine.rulesState('town')?.packs ?? []
  const hash = basic?.hash ?? ''
  expect((await town.send('operator', commandOf('suspend', hash))).codes).toEqual([])
  expect((await town.send('operator', commandOf('resume', hash))).codes).toEqual([
    'SECOND_PERSON_NEEDED',
  ])
  const id = await proposed({ command: 'resume', jurisdiction: 'town', hash })
  expect(await approve(id, 'second')).toEqual([])
  expect(town.engine.rulesState('town')?.suspended).toEqual([])
})

test('an operator acts for an insurer alone, and signs if it likes', async () => {
  const hash = await town.uploaded()
  const signer = new TestSigner('op')
  await town.grant(acmeGrant([signer.key], { id: 'operator', payers: [], counters: [], facts: [] }))
  expect((await town.send('operator', signer.sign(commandOf('activate', hash)))).codes).toEqual([])
  expect((await town.send('operator', commandOf('suspend', hash))).codes).toEqual([])
  expect(stateOf(hash)).toBe('active')
})

test('a profile needs two operators, and may begin a jurisdiction', async () => {
  const profile = `
profile: hamlet
title: { zh: 村, en: Hamlet }
source: 文件
effective: { from: 2023-01-01 }
`
  const id = await proposed({ command: 'profile', jurisdiction: 'hamlet', profile })
  expect(town.engine.rulesState('hamlet')).toBeUndefined()
  expect(await approve(id, 'operator')).toEqual(['SECOND_PERSON_SAME'])
  expect(await approve(id, 'second')).toEqual([])
  expect(town.engine.profile('hamlet')?.title.en).toBe('Hamlet')
})

/** What an upload may have, a profile may. */
const TOO_LARGE = 'PACK_UPLOAD_TOO_LARGE'

test('what is withdrawn cannot be approved, and what is wrong is not proposed', async () => {
  const [basic] = town.engine.rulesState('town')?.packs ?? []
  const id = await proposed({ command: 'rollBack', jurisdiction: 'town', hash: basic?.hash })
  const listed = await town.call('auditor', 'GET', '/v1/proposals')
  expect(listed.value).toMatchObject({ proposals: [{ id, by: 'operator' }] })
  expect((await town.call('second', 'DELETE', `/v1/proposals/${id}`)).codes).toEqual([])
  expect(await approve(id, 'second')).toEqual(['PROPOSAL_UNKNOWN'])
  for (const [body, code] of [
    [{ command: 'activate', jurisdiction: 'town', hash: '0'.repeat(64) }, 'CONTENT_UNKNOWN'],
    [{ command: 'activate', jurisdiction: 'town' }, 'PROPOSAL_WRONG'],
    [{ command: 'shadow', jurisdiction: 'town', hash: basic?.hash }, 'PROPOSAL_WRONG'],
    [{ command: 'profile', jurisdiction: 'town', profile: 'profile: city' }, 'PACK_MISSING_KEY'],
    [{ command: 'profile', jurisdiction: 'town', profile: '- a\n'.repeat(50_000) }, TOO_LARGE],
  ] as const) {
    expect((await town.call('operator', 'POST', '/v1/proposals', body)).codes).toContain(code)
  }
})

test('an insurer neither proposes nor brings a public pack', async () => {
  expect((await town.call('acme', 'POST', '/v1/proposals', {})).codes).toEqual([
    'OPERATION_NOT_YOURS',
  ])
  const signed = town.acme.sign(uploadOf(BASIC.hash))
  expect((await town.upload(signed, basicText(70))).codes).toEqual(['PACK_OUTSIDE_GRANT'])
})
