import { parseEpochDay } from '../../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import { PACK_COMMANDS, type PackCommandName } from '../../ledger/grant.ts'
import { isMap, isTextList, strangers, type Member } from './reading.ts'

/** What is to be done with which packs. */
export interface PackCommand {
  readonly command: PackCommandName
  readonly jurisdiction: string
  /** Content hashes, ascending; one, but for an upload of several versions. */
  readonly packs: readonly string[]
  /** First day in force, `YYYY-MM-DD`; of `activate` only. */
  readonly from?: string
}

export interface CommandSignature {
  /** Id of the key in the signer's grant. */
  readonly key: string
  /** Above every number that this key has signed before. */
  readonly number: number
  /** Base64. */
  readonly signature: string
}

/** A command as it is sent: with all three members of a signature, or with none. */
export interface Envelope {
  readonly command: PackCommand
  readonly signature?: CommandSignature
}

export const ENVELOPE_MEMBERS = [
  'command',
  'jurisdiction',
  'packs',
  'from',
  'key',
  'number',
  'signature',
] as const

const HASH = /^[0-9a-f]{64}$/
const WORD = /^[^\p{C}\p{Z},:]{1,100}$/u
const KEY_ID = /^[A-Za-z0-9_.-]{1,64}$/
const SIGNATURE = /^[A-Za-z0-9+/=]{1,200}$/
const PACKS_MAX = 100

/** Refuses `COMMAND_MALFORMED`. */
export function readEnvelope(value: unknown): Result<Envelope> {
  if (!isMap(value)) return malformed('', '{ command, jurisdiction, packs, … }')
  const [unknown] = strangers(value, ENVELOPE_MEMBERS)
  if (unknown !== undefined) return malformed(unknown, `${unknown}?`)
  const command = readCommand(value)
  if (!command.ok) return command
  const parts = ['key', 'number', 'signature'].filter((name) => value[name] !== undefined)
  if (parts.length === 0) return success({ command: command.value })
  const { key, number, signature } = value
  if (typeof key !== 'string' || !KEY_ID.test(key)) return malformed('key', KEY_ID.source)
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) {
    return malformed('number', '1, 2, 3 …')
  }
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) {
    return malformed('signature', 'base64')
  }
  return success({ command: command.value, signature: { key, number, signature } })
}

function readCommand({ command: stated, jurisdiction, packs, from }: Member): Result<PackCommand> {
  const command = PACK_COMMANDS.find((one) => one === stated)
  if (command === undefined) return malformed('command', PACK_COMMANDS.join(', '))
  if (typeof jurisdiction !== 'string' || !WORD.test(jurisdiction)) {
    return malformed('jurisdiction', 'text')
  }
  if (!isTextList(packs, HASH, PACKS_MAX) || packs.length === 0) {
    return malformed('packs', '[SHA-256, …]')
  }
  if (command !== 'upload' && packs.length > 1) return malformed('packs', '1')
  const sorted = packs.toSorted()
  if (from === undefined) return success({ command, jurisdiction, packs: sorted })
  const isDay = typeof from === 'string' && parseEpochDay(from) !== undefined
  if (command !== 'activate' || !isDay) return malformed('from', 'activate, YYYY-MM-DD')
  return success({ command, jurisdiction, packs: sorted, from })
}

/**
 * What is signed: UTF-8, one `name:value` a line, each line ended by LF, in this order and with nothing else. No value can hold a
 * line break, so that different commands never have the same bytes.
 */
export function signedBytes(
  { command, jurisdiction, packs, from = '' }: PackCommand,
  { key, number }: Pick<CommandSignature, 'key' | 'number'>,
): Uint8Array {
  const lines = [
    'qingfen-pack-command:1',
    `command:${command}`,
    `jurisdiction:${jurisdiction}`,
    `packs:${packs.join(',')}`,
    `from:${from}`,
    `key:${key}`,
    `number:${number}`,
  ]
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8')
}

function malformed<T>(where: string, why: string): Result<T> {
  return failure(problem('COMMAND_MALFORMED', where, { why: `${where}: ${why}` }))
}
