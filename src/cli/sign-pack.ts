import { readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { failureOf, problem, success, type Result } from '../errors/problem.ts'
import type { PackCommandName, SigningAlgorithm } from '../ledger/grant.ts'
import { readPackTexts, type PackTexts } from '../rules/read/read-pack-texts.ts'
import { readEnvelope, type PackCommand } from '../server/insurers/pack-command.ts'
import { makeSigningKey, readPrivateKey, signCommand } from '../server/insurers/sign-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { writeNewFile } from './new-file.ts'
import { readText, reasonOf } from './read-text.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import type { Terminal } from './terminal.ts'

export interface NewKey {
  readonly file: string
  readonly algorithm: SigningAlgorithm
  readonly id: string
}

/** Only the owner reads it. */
const PRIVATE_MODE = 0o600

/** Writes a private key and prints the public one as a grant states it. */
export function makeKeyCommand(
  { file, algorithm, id }: NewKey,
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  const pem = makeSigningKey(algorithm)
  const key = readPrivateKey(pem)
  if (!key.ok) return refusedWith(key.problems, options, terminal)
  const written = writeNewFile(file, pem, PRIVATE_MODE)
  if (!written.ok) return refusedWith(written.problems, options, terminal)
  const { publicKey } = key.value
  terminal.print(JSON.stringify({ id, algorithm, publicKey }, null, 2))
  return EXIT.ok
}

export interface Signing {
  /** Files of packs, or the hash of a version. */
  readonly what: string
  readonly command: PackCommandName
  readonly jurisdiction: string
  readonly keyFile: string
  readonly key: string
  readonly number: number
  readonly from: string | undefined
}

/** Prints the body of the request: of an upload the command with the files, of others the command. */
export function signCommandLine(
  signing: Signing,
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  const body = signed(signing)
  if (!body.ok) return refusedWith(body.problems, options, terminal)
  terminal.print(JSON.stringify(body.value))
  return EXIT.ok
}

function signed({
  what,
  command,
  jurisdiction,
  keyFile,
  key,
  number,
  from,
}: Signing): Result<object> {
  const pem = readText(keyFile)
  const secret = pem.ok ? readPrivateKey(pem.value) : pem
  if (!secret.ok) return secret
  const files = command === 'upload' ? textsAt(what) : undefined
  if (files?.ok === false) return files
  const packs = files === undefined ? success([what]) : hashesOf(files.value)
  if (!packs.ok) return packs
  const named: PackCommand = {
    command,
    jurisdiction,
    packs: packs.value,
    ...(from !== undefined && { from }),
  }
  const envelope = signCommand(named, { key, number }, secret.value)
  // What the server would not read is not printed.
  const read = readEnvelope(envelope)
  if (!read.ok) return read
  return success(files === undefined ? envelope : { command: envelope, files: files.value })
}

function hashesOf(texts: PackTexts): Result<readonly string[]> {
  const read = readPackTexts(texts)
  if (!read.ok) return read
  return success(read.value.packs.map(({ hash }) => hash).toSorted())
}

const PACK_FILE = /\.(?:yaml|yml|json)$/
const LIST_FILE = /\.(?:csv|txt)$/

/** A file with the lists beside and below it, or a folder. */
function textsAt(path: string): Result<PackTexts> {
  let names: readonly string[]
  let folder: string
  try {
    const isFolder = statSync(path).isDirectory()
    folder = isFolder ? path : dirname(path)
    const below = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const wanted = below.filter(
      (name) => LIST_FILE.test(name) || (isFolder && PACK_FILE.test(name)),
    )
    names = isFolder ? wanted : [relative(folder, path), ...wanted]
  } catch (error) {
    const details = { file: path, why: reasonOf(error) }
    return failureOf([{ ...problem('CLI_FILE_UNREADABLE', '', details), file: path }])
  }
  const texts: Record<string, string> = {}
  for (const name of names.toSorted()) {
    const text = readText(join(folder, name))
    if (!text.ok) return text
    texts[name.split(sep).join('/')] = text.value
  }
  return success(texts)
}
