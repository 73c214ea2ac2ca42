import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { SigningAlgorithm } from '../../ledger/grant.ts'
import { signedBytes, type PackCommand } from './pack-command.ts'
import { SM2_USER_ID } from './signing-key.ts'

/** A private key for pack commands, with the public key as a grant states it. */
export interface PrivateSigningKey {
  readonly algorithm: SigningAlgorithm
  readonly publicKey: string
  /** Base64 of the signature, as `isSignedBy` takes it. */
  readonly sign: (bytes: Uint8Array) => string
}

const ED25519_BYTES = 32
/** In PKCS #8: id-ecPublicKey with the curve SM2 (GM/T 0006), then, in the key itself, version 1 and 32 bytes. */
const SM2_CURVE = '06072a8648ce3d020106082a811ccf5501822d'
const PEM = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/
const SM2_SCALAR = /0201010420([0-9a-f]{64})/

/** Makes a key pair; the private key as PEM (PKCS #8). */
export function makeSigningKey(algorithm: SigningAlgorithm): string {
  const { privateKey } =
    algorithm === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'SM2' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Reads PEM of PKCS #8; refuses `SIGNING_KEY_UNUSABLE`. */
export function readPrivateKey(pem: string): Result<PrivateSigningKey> {
  const body = PEM.exec(pem)?.[1]
  const der = Buffer.from(body ?? '', 'base64').toString('hex')
  // Node reads keys of SM2 without knowing what they are, and has been seen to abort when asked for them.
  if (der.includes(SM2_CURVE)) {
    const scalar = SM2_SCALAR.exec(der)?.[1]
    return scalar === undefined ? unusable('SM2') : success(sm2Key(scalar))
  }
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ed25519'
      ? success(ed25519(key))
      : unusable(key.asymmetricKeyType ?? '')
  } catch (error) {
    return unusable(error instanceof Error ? error.message : '')
  }
}

function unusable(why: string): Result<PrivateSigningKey> {
  return failure(problem('SIGNING_KEY_UNUSABLE', '', { why }))
}

/** The envelope of a command, as `readEnvelope` takes it. */
export function signCommand(
  command: PackCommand,
  { key, number }: { readonly key: string; readonly number: number },
  { sign: signBytes }: PrivateSigningKey,
): PackCommand & { readonly key: string; readonly number: number; readonly signature: string } {
  const signature = signBytes(signedBytes(command, { key, number }))
  return { ...command, key, number, signature }
}

function ed25519(key: KeyObject): PrivateSigningKey {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    algorithm: 'ed25519',
    publicKey: spki.subarray(spki.length - ED25519_BYTES).toString('base64'),
    sign: (bytes) => sign(null, bytes, key).toString('base64'),
  }
}

function sm2Key(scalar: string): PrivateSigningKey {
  const point = sm2.getPublicKeyFromPrivateKey(scalar)
  const options = { der: true, hash: true, publicKey: point, userId: SM2_USER_ID }
  return {
    algorithm: 'sm2',
    publicKey: Buffer.from(point, 'hex').toString('base64'),
    sign: (bytes) => Buffer.from(sm2.doSignature(bytes, scalar, options), 'hex').toString('base64'),
  }
}
