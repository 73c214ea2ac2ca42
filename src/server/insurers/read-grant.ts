import { failureOf, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import {
  INSURER_KINDS,
  type GrantEntry,
  type InsurerKind,
  type SigningKey,
} from '../../ledger/grant.ts'
import { FACTS } from '../../rules/facts.ts'
import { isMap, isTextList, strangers, type Member } from './reading.ts'
import { keyFingerprint, readSigningKey } from './signing-key.ts'

const MAX = 200
const WORD = /^[^\p{C}\p{Z},]{1,100}$/u
const MEMBERS = ['id', 'payers', 'kinds', 'counters', 'jurisdictions', 'facts', 'keys'] as const

const FACT_NAMES: ReadonlySet<string> = new Set(
  Object.entries(FACTS).flatMap(([group, facts]) => [
    `${group}.*`,
    ...Object.keys(facts).map((name) => `${group}.${name}`),
  ]),
)

/** A grant from outside or from the ledger; `GRANT_WRONG` for each member that is wrong or that nobody knows. */
export function readGrant(id: string, value: unknown): Result<GrantEntry> {
  if (!isMap(value)) return failureOf([wrong('', 'object')])
  const problems: Problem[] = strangers(value, MEMBERS).map((key) => wrong(key, `${key}?`))
  if (value['id'] !== undefined && value['id'] !== id) problems.push(wrong('id', id))
  const texts = (key: string, pattern = WORD) => textsAt(value, key, pattern, problems)
  const grant = {
    id,
    payers: texts('payers'),
    kinds: kindsOf(texts('kinds'), problems),
    counters: texts('counters'),
    jurisdictions: texts('jurisdictions'),
    facts: texts('facts'),
    keys: keysOf(value['keys'], problems),
  }
  const unknown = grant.facts.filter((fact) => !FACT_NAMES.has(fact))
  problems.push(...unknown.map((fact) => wrong('facts', `${fact}?`)))
  return problems.length > 0 ? failureOf(problems) : success(grant)
}

/** A grant as the register has it; undefined: there is none that could be kept to. */
export function registeredGrant(id: string, entry: unknown): GrantEntry | undefined {
  const grant = entry === undefined ? undefined : readGrant(id, entry)
  return grant?.ok === true ? grant.value : undefined
}

function textsAt(
  map: Member,
  key: string,
  pattern: RegExp,
  problems: Problem[],
): readonly string[] {
  const list = map[key]
  if (isTextList(list, pattern, MAX)) return list
  problems.push(wrong(key, `${key}: [text, …], ≤ ${MAX}`))
  return []
}

function kindsOf(words: readonly string[], problems: Problem[]): readonly InsurerKind[] {
  const kinds = INSURER_KINDS.filter((kind) => words.includes(kind))
  if (kinds.length < words.length) problems.push(wrong('kinds', INSURER_KINDS.join(', ')))
  return kinds
}

function keysOf(value: unknown, problems: Problem[]): readonly SigningKey[] {
  if (!Array.isArray(value) || value.length > MAX) {
    problems.push(wrong('keys', `keys: [{ id, algorithm, publicKey }, …], ≤ ${MAX}`))
    return []
  }
  const read = value.map((item, index) => readSigningKey(item, `keys[${index}]`))
  problems.push(...read.flatMap((one) => (one.ok ? [] : one.problems)))
  const keys = read.flatMap((one) => (one.ok ? [one.value] : []))
  const ids = new Set(keys.map((key) => key.id))
  const prints = new Set(keys.map(keyFingerprint))
  if (ids.size < keys.length || prints.size < keys.length) {
    problems.push(wrong('keys', 'keys: 2 ×'))
  }
  return keys
}

function wrong(where: string, why: string): Problem {
  return problem('GRANT_WRONG', where, { why })
}
