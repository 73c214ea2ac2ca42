import { describe, expect, test } from 'vitest'
import {
  readEnvelope,
  signedBytes,
  type PackCommand,
} from '../../../src/server/insurers/pack-command.ts'
import { makeSigningKey, readPrivateKey } from '../../../src/server/insurers/sign-command.ts'
import { isSignedBy, keyFingerprint } from '../../../src/server/insurers/signing-key.ts'
import { SIGNING_ALGORITHMS } from '../../../src/ledger/grant.ts'
import { TestSigner } from './grants.ts'

const COMMAND: PackCommand = {
  command: 'activate',
  jurisdiction: 'town',
  packs: ['a'.repeat(64)],
  from: '2026-12-01',
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}

test('the example of GM/T 0003.5 is a signature, and of nothing else', () => {
  const x = '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020'
  const y = 'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13'
  const r = 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3'
  const s = 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa'
  const key = { id: 'k', algorithm: 'sm2', publicKey: base64(`04${x}${y}`) } as const
  const signature = base64(`3046022100${r}022100${s}`)
  expect(isSignedBy(key, Buffer.from('message digest'), signature)).toBe(true)
  expect(isSignedBy(key, Buffer.from('message digesT'), signature)).toBe(false)
  expect(isSignedBy(key, Buffer.from('message digest'), base64(`3046022100${s}022100${r}`))).toBe(
    false,
  )
})

test('the first example of RFC 8032 is a signature', () => {
  const key = {
    id: 'k',
    algorithm: 'ed25519',
    publicKey: base64('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
  } as const
  const signature = base64(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  )
  expect(isSignedBy(key, new Uint8Array(), signature)).toBe(true)
  expect(isSignedBy(key, Buffer.from('x'), signature)).toBe(false)
})

describe.each(SIGNING_ALGORITHMS)('%s', (algorithm) => {
  const signer = new TestSigner('k1', algorithm)
  const sent = signer.sign(COMMAND)
  const bytes = signedBytes(COMMAND, sent)

  test('a signature holds for the bytes and the key it was made with', () => {
    expect(isSignedBy(signer.key, bytes, sent.signature)).toBe(true)
    expect(isSignedBy(new TestSigner('k1', algorithm).key, bytes, sent.signature)).toBe(false)
  })
  test.each([
    ['command', { ...COMMAND, command: 'shadow' }, sent],
    ['jurisdiction', { ...COMMAND, jurisdiction: 'city' }, sent],
    ['pack', { ...COMMAND, packs: ['b'.repeat(64)] }, sent],
    ['day', { ...COMMAND, from: '2026-12-02' }, sent],
    ['key', COMMAND, { ...sent, key: 'k2' }],
    ['number', COMMAND, { ...sent, number: sent.number + 1 }],
  ] as const)('it covers the %s', (_, command, { key, number }) => {
    expect(isSignedBy(signer.key, signedBytes(command, { key, number }), sent.signature)).toBe(
      false,
    )
  })
  test.each(['', 'AA==', '!!!!', 'A'.repeat(200), base64('3000'), base64('00'.repeat(64))])(
    'what is no signature is none: %s',
    (signature) => {
      expect(isSignedBy(signer.key, bytes, signature)).toBe(false)
    },
  )
  test('a private key is read as it was made', () => {
    const pem = makeSigningKey(algorithm)
    const read = readPrivateKey(pem)
    expect(read.ok && read.value.algorithm).toBe(algorithm)
  })
})

test('a key has one fingerprint whatever it is called', () => {
  const { key } = new TestSigner()
  expect(keyFingerprint({ ...key, id: 'other' })).toBe(keyFingerprint(key))
  expect(keyFingerprint(new TestSigner().key)).not.toBe(keyFingerprint(key))
})

test.each(['', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'x'])(
  'what is no private key is refused',
  (pem) => {
    const read = readPrivateKey(pem)
    expect(read.ok ? '' : read.problems[0]?.code).toBe('SIGNING_KEY_UNUSABLE')
  },
)

describe('an envelope is read', () => {
  const sent = new TestSigner().sign(COMMAND)
  test('as it is written, with a signature or none', () => {
    const { key, number, signature, ...command } = sent
    expect(readEnvelope(sent)).toEqual({
      ok: true,
      value: { command, signature: { key, number, signature } },
    })
    expect(readEnvelope(command)).toEqual({ ok: true, value: { command } })
  })
  test.each([
    ['no map', []],
    ['an unknown member', { ...sent, by: 'x' }],
    ['no command', { ...sent, command: 'destroy' }],
    ['two packs', { ...sent, packs: ['a'.repeat(64), 'b'.repeat(64)] }],
    ['no pack', { ...sent, packs: [] }],
    ['no hash', { ...sent, packs: ['A'.repeat(64)] }],
    ['a line break', { ...sent, jurisdiction: 'town\npacks:x' }],
    ['no day', { ...sent, from: '2026-13-01' }],
    ['a day where none is', { ...sent, command: 'shadow' }],
    ['half a signature', { ...sent, number: undefined }],
    ['a number that is none', { ...sent, number: 1.5 }],
    ['no number', { ...sent, number: 0 }],
  ])('and refused: %s', (_, value) => {
    const read = readEnvelope(value)
    expect(read.ok ? '' : read.problems[0]?.code).toBe('COMMAND_MALFORMED')
  })
})
