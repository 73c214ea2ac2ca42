import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordsOf } from '../../../src/engine/store-rows.ts'
import { acmeGrant, acmePack, acmeText, TestSigner } from './grants.ts'
import { commandOf, PackTown, uploadOf } from './pack-town.ts'

let town: PackTown

beforeEach(async () => {
  town = await PackTown.open()
})

afterEach(async () => {
  await town.close()
})

function states(): readonly string[] {
  const packs = town.engine.rulesState('town')?.packs ?? []
  return packs.filter(({ id }) => id === 'town/acme').map(({ state }) => state)
}

describe('the life of a pack', () => {
  test('uploaded, in shadow and out of it, in force, taken back', async () => {
    const hash = await town.uploaded()
    expect(states()).toEqual(['checked'])
    for (const [command, state] of [
      ['shadow', 'shadow'],
      ['unshadow', 'checked'],
      ['activate', 'active'],
      ['rollBack', 'checked'],
    ] as const) {
      const done = await town.command(command, hash)
      expect(done).toMatchObject({ codes: [], value: { hash, state } })
    }
    const history = await town.call('acme', 'GET', `/v1/packs/${hash}/history?jurisdiction=town`)
    expect(history.value).toMatchObject({
      pack: 'town/acme',
      events: [
        { command: 'upload', by: 'acme', key: 'k1', number: 1 },
        { command: 'shadow', number: 2 },
        { command: 'unshadow', number: 3 },
        { command: 'activate', number: 4 },
        { command: 'rollBack', number: 5 },
      ],
    })
  })

  test('terminals hear of what is in force', async () => {
    const first = await town.uploaded()
    const second = await town.uploaded({ rate: '60%' })
    await town.command('activate', first)
    await town.command('activate', second, { from: '2024-06-01' })
    await town.command('rollBack', second)
    expect(town.events.map((event) => 'hash' in event && [event.hash, event.from])).toEqual([
      [first, 19358],
      [second, 19875],
      [first, 19358],
    ])
  })

  test('a roll-back names the version it takes back, and takes no other', async () => {
    const first = await town.uploaded()
    const second = await town.uploaded({ rate: '60%' })
    await town.command('activate', first)
    await town.command('activate', second, { from: '2024-06-01' })
    expect((await town.command('rollBack', first)).codes).toEqual(['PACK_STATE_WRONG'])
    expect((await town.command('rollBack', second)).codes).toEqual([])
    expect((await town.command('rollBack', second)).codes).toEqual(['PACK_STATE_WRONG'])
  })

  test('the difference to the version in force is said in words', async () => {
    await town.command('activate', await town.uploaded())
    const hash = await town.uploaded({ rate: '62.5%', when: 'person.age >= 18' })
    const diff = await town.call('acme', 'GET', `/v1/packs/${hash}/diff?jurisdiction=town`)
    expect(diff.value).toMatchObject({ left: 0 })
    const words = JSON.stringify(diff.value)
    expect(words).toContain('责任[rest].条件 由 person.age >= 0 改为 person.age >= 18')
    expect(words).toContain('50%')
    expect(words).toContain('62.5%')
  })

  test('the check report and the own cases are there for the asking', async () => {
    const hash = await town.uploaded()
    const report = await town.call('acme', 'GET', `/v1/packs/${hash}/check?jurisdiction=town`)
    expect(report).toMatchObject({ codes: [], value: { errors: [] } })
    const cases = await town.call('acme', 'GET', `/v1/packs/${hash}/cases?jurisdiction=town`)
    expect(cases).toEqual({ codes: [], value: { cases: [] } })
  })

  test('a pack whose own case comes out otherwise is not published', async () => {
    const more = `
cases:
  - name: falsch
    given:
      person: { age: 30 }
      visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-02 }
      lines: [{ inScope: 100.00 }]
    expect: { payment: 99.00 }
`
    const { hash } = acmePack({ more })
    const done = await town.upload(town.acme.sign(uploadOf(hash)), acmeText({ more }))
    expect(done.codes).toEqual(['CLI_CASE_DIFFERS'])
    expect(states()).toEqual([])
  })
})

describe('files that are no packs', () => {
  const { hash } = acmePack()
  const profile = 'profile: town\nsource: 示例\neffective: { from: 2023-01-01 }\n'
  test.each<[string, unknown]>([
    ['no files', undefined],
    ['a list', ['pack.yaml']],
    ['none', {}],
    ['no pack among them', { 'drugs.csv': 'code\nA1\n' }],
    ['a path out of the folder', { '../pack.yaml': acmeText() }],
    ['a profile', { 'pack.yaml': acmeText(), 'profile.yaml': profile }],
  ])('%s: refused, and nothing is published', async (_, files) => {
    const command = town.acme.sign(uploadOf(hash))
    const done = await town.call('acme', 'POST', '/v1/packs', { command, files })
    expect(done.codes).toEqual(['PACK_FILES_WRONG'])
    expect(states()).toEqual([])
  })
})

describe('a command is worth one use', () => {
  test('sent again, it is refused, also by a process that begins anew', async () => {
    const hash = await town.uploaded()
    const activate = town.acme.sign(commandOf('activate', hash))
    expect((await town.send('acme', activate)).codes).toEqual([])
    const back = town.acme.sign(commandOf('rollBack', hash))
    expect((await town.send('acme', back)).codes).toEqual([])
    expect((await town.send('acme', activate)).codes).toEqual(['SEQUENCE_USED'])
    town = await town.reopen()
    expect((await town.send('acme', activate)).codes).toEqual(['SEQUENCE_USED'])
    expect(states()).toEqual(['checked'])
  })

  test('of many at once with one number one is done, and nothing is written for the others', async () => {
    const hash = await town.uploaded()
    const number = 100
    const sent = ['activate', 'shadow', 'activate', 'shadow', 'activate'] as const
    const all = await Promise.all(
      sent.map(async (command) =>
        town.send('acme', town.acme.sign(commandOf(command, hash), number)),
      ),
    )
    expect(all.filter(({ codes }) => codes.length === 0)).toHaveLength(1)
    expect(all.flatMap(({ codes }) => codes)).toEqual(Array(4).fill('SEQUENCE_USED'))
    const history = await town.call('acme', 'GET', `/v1/packs/${hash}/history?jurisdiction=town`)
    expect(history.value).toMatchObject({ events: [{ number: 1 }, { number: 100 }] })
  })

  test('a lower number than one that was used is too late, a gap is not', async () => {
    const hash = await town.uploaded()
    const late = town.acme.sign(commandOf('shadow', hash), 50)
    expect((await town.send('acme', town.acme.sign(commandOf('shadow', hash), 70))).codes).toEqual(
      [],
    )
    expect((await town.send('acme', late)).codes).toEqual(['SEQUENCE_USED'])
  })

  test('a refused command uses no number up', async () => {
    const hash = await town.uploaded()
    const wrong = town.acme.sign(commandOf('unshadow', hash), 7)
    expect((await town.send('acme', wrong)).codes).toEqual(['PACK_STATE_WRONG'])
    expect((await town.send('acme', town.acme.sign(commandOf('shadow', hash), 7))).codes).toEqual(
      [],
    )
  })

  test('the number stays with the key, whatever it is called and whoever takes it away', async () => {
    const hash = await town.uploaded()
    const shadow = town.acme.sign(commandOf('shadow', hash), 9)
    expect((await town.send('acme', shadow)).codes).toEqual([])
    await town.grant(acmeGrant([]))
    expect((await town.send('acme', shadow)).codes).toEqual(['SIGNING_KEY_UNKNOWN'])
    await town.grant(acmeGrant([town.acme.key]))
    expect((await town.send('acme', shadow)).codes).toEqual(['SEQUENCE_USED'])
  })

  test('its number and what it does are one commit', async () => {
    const hash = await town.uploaded()
    await town.command('shadow', hash)
    const blocks = [...town.store.range('journal')].map(({ value }) => recordsOf(value))
    const kinds = blocks.at(-1)?.map(({ kind }) => kind)
    expect(kinds).toContain('registry')
    expect(kinds).toContain('rules')
  })
})

describe('a command is refused', () => {
  test('without a signature, but for development', async () => {
    const { hash } = acmePack()
    expect((await town.upload(uploadOf(hash), acmeText())).codes).toEqual(['COMMAND_UNSIGNED'])
    const workshop = await PackTown.open('development')
    expect((await workshop.upload(uploadOf(hash), acmeText())).codes).toEqual([])
    expect((await workshop.send('acme', commandOf('activate', hash))).codes).toEqual([])
    await workshop.close()
  })

  test('with a signature that is not its own', async () => {
    const { hash } = acmePack()
    const signed = town.acme.sign(uploadOf(hash))
    const forged = new TestSigner('k1').sign(uploadOf(hash))
    expect((await town.upload(forged, acmeText())).codes).toEqual(['SIGNATURE_WRONG'])
    expect((await town.upload({ ...signed, number: 5 }, acmeText())).codes).toEqual([
      'SIGNATURE_WRONG',
    ])
    expect((await town.upload({ ...signed, key: 'k2' }, acmeText())).codes).toEqual([
      'SIGNING_KEY_UNKNOWN',
    ])
    expect((await town.upload(signed, acmeText(), 'rival')).codes).toEqual(['SIGNATURE_WRONG'])
  })

  test('for other files, another address or another pack than it was signed for', async () => {
    const { hash } = acmePack()
    const signed = town.acme.sign(uploadOf(hash))
    expect((await town.upload(signed, acmeText({ rate: '90%' }))).codes).toEqual([
      'COMMAND_DIFFERS',
    ])
    await town.upload(signed, acmeText())
    const shadow = town.acme.sign(commandOf('shadow', hash))
    const elsewhere = await town.call('acme', 'POST', `/v1/packs/${hash}/activate`, shadow)
    expect(elsewhere.codes).toEqual(['COMMAND_DIFFERS'])
    const other = await town.call('acme', 'POST', `/v1/packs/${'0'.repeat(64)}/shadow`, shadow)
    expect(other.codes).toEqual(['COMMAND_DIFFERS'])
  })

  test('without a grant', async () => {
    const hash = await town.uploaded()
    const shadow = town.acme.sign(commandOf('shadow', hash))
    expect((await town.call('operator', 'DELETE', '/v1/grants/acme')).codes).toEqual([])
    expect((await town.send('acme', shadow)).codes).toEqual(['SIGNING_KEY_UNKNOWN'])
    const listed = await town.call('acme', 'GET', '/v1/packs?jurisdiction=town')
    expect(listed.codes).toEqual(['GRANT_UNKNOWN'])
  })

  test('to activate what the grant does not allow any more', async () => {
    const hash = await town.uploaded()
    await town.grant(acmeGrant([town.acme.key], { facts: [] }))
    expect((await town.command('activate', hash)).codes).toEqual(['PACK_OUTSIDE_GRANT'])
  })
})

describe('one insurer and the packs of another', () => {
  const views = ['check', 'cases', 'diff', 'shadow-report', 'history']

  test('are as unknown as packs that are not there', async () => {
    const hash = await town.uploaded()
    const absent = '0'.repeat(64)
    for (const view of views) {
      const [own, none] = await Promise.all(
        [hash, absent].map(async (one) =>
          town.call('rival', 'GET', `/v1/packs/${one}/${view}?jurisdiction=town`),
        ),
      )
      const words = JSON.stringify(none).replaceAll(absent, hash)
      expect(JSON.stringify(own)).toBe(words)
      expect(own?.codes).toEqual(['CONTENT_UNKNOWN'])
    }
    for (const command of ['shadow', 'unshadow', 'activate', 'rollBack'] as const) {
      const own = await town.send('rival', town.rival.sign(commandOf(command, hash)))
      const none = await town.send('rival', town.rival.sign(commandOf(command, absent)))
      expect(JSON.stringify(own)).toBe(JSON.stringify(none).replaceAll(absent, hash))
      expect(own.codes).toEqual(['CONTENT_UNKNOWN'])
    }
    const listed = await town.call('rival', 'GET', '/v1/packs?jurisdiction=town')
    expect(listed.value).toEqual({ packs: [] })
    expect(states()).toEqual(['checked'])
  })

  test('a jurisdiction outside the grant is as unknown as one without rules', async () => {
    await town.grant(acmeGrant([town.acme.key], { jurisdictions: ['city'] }))
    for (const jurisdiction of ['town', 'city', 'nowhere']) {
      const listed = await town.call('acme', 'GET', `/v1/packs?jurisdiction=${jurisdiction}`)
      expect(listed.codes).toEqual(['JURISDICTION_UNKNOWN'])
    }
  })

  test('a version under the id of another is refused even where two grants overlap', async () => {
    await town.command('activate', await town.uploaded())
    await town.grant(
      acmeGrant([town.rival.key], { id: 'rival', payers: ['rival-insurer'], counters: ['town/'] }),
    )
    const foreign = { payer: 'rival-insurer', rate: '90%' }
    const { hash } = acmePack(foreign)
    const done = await town.upload(town.rival.sign(uploadOf(hash)), acmeText(foreign), 'rival')
    expect(done.codes).toEqual(['PACK_OUTSIDE_GRANT'])
    expect(states()).toEqual(['active'])
  })

  test('a key is in one grant', async () => {
    const { id, ...grant } = acmeGrant([town.acme.key], { id: 'rival' })
    const set = await town.call('operator', 'PUT', `/v1/grants/${id}`, grant)
    expect(set.codes).toEqual(['GRANT_WRONG'])
  })

  test('a grant says where its keys have come to', async () => {
    await town.uploaded()
    const own = await town.call('acme', 'GET', '/v1/grant')
    expect(own.value).toMatchObject({ id: 'acme', keys: [{ id: 'k1', last: 1 }] })
    expect((await town.call('acme', 'GET', '/v1/grants/rival')).codes).toEqual([
      'OPERATION_NOT_YOURS',
    ])
  })
})
