import { randomBytes } from 'node:crypto'
import type { Engine } from '../../engine/open-engine.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { CredentialEntry } from '../../ledger/credential.ts'
import { credentialRecords } from '../../server/credential-records.ts'
import type { Role } from '../../server/principal.ts'
import { newSecret, secretAuthenticator } from '../../server/secret-authenticator.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { refusedWith, type OutputOptions } from '../refused.ts'
import { harmless } from '../render/harmless.ts'
import type { Terminal } from '../terminal.ts'
import { withEngine } from './with-engine.ts'
import { existingLedger } from './with-ledger.ts'

interface Creation {
  readonly step: 'create'
  readonly role: Role
  readonly id: string | undefined
  readonly hospital: string | undefined
  readonly name: string | undefined
  readonly until: string | undefined
}

interface Rotation {
  readonly step: 'rotate'
  readonly id: string
  /** Last day of the secrets there were; absent: they end at once. */
  readonly oldUntil: string | undefined
}

export type KeyStep =
  Creation | Rotation | { readonly step: 'list' } | { readonly step: 'revoke'; readonly id: string }

export interface KeyOptions extends OutputOptions {
  /** Folder of the ledger. */
  readonly directory: string
}

/** What is shown of a credential: never a hash; `credential` once, when its secret is made. */
interface Shown extends Omit<CredentialEntry, 'secrets'> {
  readonly until: readonly (string | null)[]
  readonly credential?: string
}

/** `qingfen key`: one step with the credentials of a ledger that is there. */
export async function keyCommand(
  step: KeyStep,
  options: KeyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const there = existingLedger(options.directory)
  if (!there.ok) return refusedWith(there.problems, options, terminal)
  return withEngine(options.directory, options, terminal, async ({ engine }) => {
    const done = await runStep(engine, step)
    if (!done.ok) return refusedWith(done.problems, options, terminal)
    const { value } = done
    terminal.print(options.json ? JSON.stringify(value, null, 2) : value.map(lineOf).join('\n'))
    return EXIT.ok
  })
}

async function runStep(engine: Engine, step: KeyStep): Promise<Result<readonly Shown[]>> {
  switch (step.step) {
    case 'list':
      return success(engine.credentials().map((entry) => shown(entry)))
    case 'create':
      return create(engine, step)
    case 'revoke':
      return revoke(engine, step.id)
    case 'rotate':
      return rotate(engine, step)
  }
}

async function create(engine: Engine, step: Creation): Promise<Result<readonly Shown[]>> {
  const { role, hospital, name, until } = step
  const id = step.id ?? `${role}-${randomBytes(4).toString('hex')}`
  if (find(engine, id) !== undefined) return failure(problem('CREDENTIAL_EXISTS', '--id', { id }))
  const { credential, secretHash } = newSecret(id)
  const entry: CredentialEntry = {
    id,
    role,
    ...(hospital !== undefined && { hospital }),
    ...(name !== undefined && { name }),
    secrets: [{ secretHash, ...(until !== undefined && { until }) }],
  }
  const right = secretAuthenticator(credentialRecords([entry]), () => 0)
  if (!right.ok) return right
  if (hospital !== undefined && engine.registered('hospital', hospital) === undefined) {
    return failure(problem('HOSPITAL_UNKNOWN', '--hospital', { hospital }))
  }
  return written(engine, id, entry, [shown(entry, credential)])
}

async function rotate(
  engine: Engine,
  { id, oldUntil }: Rotation,
): Promise<Result<readonly Shown[]>> {
  const entry = find(engine, id)
  if (entry === undefined) return failure(problem('CREDENTIAL_UNKNOWN', '<id>', { id }))
  const { credential, secretHash } = newSecret(id)
  // A secret that would have ended sooner still does.
  const kept =
    oldUntil === undefined
      ? []
      : entry.secrets.map((secret) => ({ ...secret, until: earlier(secret.until, oldUntil) }))
  const next = { ...entry, secrets: [...kept, { secretHash }] }
  return written(engine, id, next, [shown(next, credential)])
}

function earlier(until: string | undefined, oldUntil: string): string {
  return until !== undefined && until < oldUntil ? until : oldUntil
}

async function revoke(engine: Engine, id: string): Promise<Result<readonly Shown[]>> {
  const entry = find(engine, id)
  if (entry === undefined) return failure(problem('CREDENTIAL_UNKNOWN', '<id>', { id }))
  return written(engine, id, undefined, [shown({ ...entry, secrets: [] })])
}

async function written(
  engine: Engine,
  id: string,
  entry: CredentialEntry | undefined,
  answer: readonly Shown[],
): Promise<Result<readonly Shown[]>> {
  const done = await engine.registry('key', [{ kind: 'credential', id, entry }])
  return done.ok ? success(answer) : done
}

function find(engine: Engine, id: string): CredentialEntry | undefined {
  return engine.credentials().find((one) => one.id === id)
}

function shown({ secrets, ...entry }: CredentialEntry, credential?: string): Shown {
  return {
    ...entry,
    until: secrets.map(({ until }) => until ?? null),
    ...(credential !== undefined && { credential }),
  }
}

function lineOf({ id, role, hospital = '', name = '', until, credential }: Shown): string {
  const days = until.map((one) => one ?? '…').join(', ')
  const line = [id, role, hospital, name, days].filter((part) => part !== '').join('  ')
  return harmless(credential === undefined ? line : `${line}\n${credential}`)
}
