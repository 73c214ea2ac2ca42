import { createPublicKey, hash, verify } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm, type SigningKey } from '../../ledger/grant.ts'
import { isMap, strangers } from './reading.ts'

const KEY_ID = /^[A-Za-z0-9_.-]{1,64}$/
const PUBLIC_BYTES: Readonly<Record<SigningAlgorithm, number>> = { ed25519: 32, sm2: 65 }
/** SubjectPublicKeyInfo of an Ed25519 key before its 32 bytes (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const ED25519_SIGNATURE_BYTES = 64
/** The longest DER form of two numbers of 256 bits. */
const SM2_SIGNATURE_BYTES_MAX = 72
/** Agreed on in GM/T 0009 where signer and verifier have agreed on nothing else. */
export const SM2_USER_ID = '1234567812345678'

/** `{ id, algorithm, publicKey }`; refuses `GRANT_WRONG`, also a public key that is no point of its curve. */
export function readSigningKey(value: unknown, where: string): Result<SigningKey> {
  const wrong = (why: string) =>
    failure<SigningKey>(problem('GRANT_WRONG', where, { why: `${where}: ${why}` }))
  if (!isMap(value)) return wrong('{ id, algorithm, publicKey }')
  const { id, algorithm: stated, publicKey } = value
  const unknown = strangers(value, ['id', 'algorithm', 'publicKey'])
  if (unknown.length > 0) return wrong(unknown.map((key) => `${key}?`).join(', '))
  const algorithm = SIGNING_ALGORITHMS.find((one) => one === stated)
  if (typeof id !== 'string' || !KEY_ID.test(id)) return wrong(`id: ${KEY_ID.source}`)
  if (algorithm === undefined) return wrong(`algorithm: ${SIGNING_ALGORITHMS.join(', ')}`)
  const bytes = typeof publicKey === 'string' ? base64(publicKey) : undefined
  if (bytes?.length !== PUBLIC_BYTES[algorithm] || !isPoint(algorithm, bytes)) {
    return wrong(`publicKey: base64, ${PUBLIC_BYTES[algorithm]} B, ${algorithm}`)
  }
  return success({ id, algorithm, publicKey: bytes.toString('base64') })
}

/** Names the key whatever it is called: hex SHA-256 of algorithm and public key. */
export function keyFingerprint({ algorithm, publicKey }: SigningKey): string {
  return hash('sha256', `${algorithm}:${publicKey}`, 'hex')
}

/** Whether `signature` (base64; of SM2 the DER form of GM/T 0009) is that of `bytes` under the key. Never throws. */
export function isSignedBy(
  { algorithm, publicKey }: SigningKey,
  bytes: Uint8Array,
  signature: string,
): boolean {
  const signed = base64(signature)
  if (signed === undefined) return false
  const point = Buffer.from(publicKey, 'base64')
  try {
    switch (algorithm) {
      case 'ed25519':
        return (
          signed.length === ED25519_SIGNATURE_BYTES && verify(null, bytes, ed25519(point), signed)
        )
      case 'sm2':
        return (
          signed.length <= SM2_SIGNATURE_BYTES_MAX &&
          sm2.doVerifySignature(bytes, signed.toString('hex'), point.toString('hex'), {
            der: true,
            hash: true,
            userId: SM2_USER_ID,
          })
        )
    }
  } catch {
    // What the libraries cannot even read is no signature.
    return false
  }
}

function isPoint(algorithm: SigningAlgorithm, bytes: Buffer): boolean {
  try {
    if (algorithm === 'sm2') return sm2.verifyPublicKey(bytes.toString('hex'))
    return ed25519(bytes).asymmetricKeyType === 'ed25519'
  } catch {
    return false
  }
}

function ed25519(bytes: Buffer): ReturnType<typeof createPublicKey> {
  return createPublicKey({
    key: Buffer.concat([ED25519_SPKI, bytes]),
    format: 'der',
    type: 'spki',
  })
}

/** Undefined unless the text is the one canonical base64 of some bytes. */
function base64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined
}
