import type { Engine } from '../../engine/open-engine.ts'
import { success, type Result } from '../../errors/problem.ts'
import {
  createKey,
  listKeys,
  revokeKey,
  rotateKey,
  type NewKey,
  type ShownKey,
} from '../../server/keys.ts'
import type { Role } from '../../server/principal.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { refusedWith, type OutputOptions } from '../refused.ts'
import { fit, widthOf } from '../render/columns.ts'
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
    terminal.print(options.json ? JSON.stringify(value, null, 2) : keyLines(value).join('\n'))
    return EXIT.ok
  })
}

async function runStep(engine: Engine, step: KeyStep): Promise<Result<readonly ShownKey[]>> {
  switch (step.step) {
    case 'list':
      return success(listKeys(engine))
    case 'create':
      return listed(await createKey(engine, newKeyOf(step)))
    case 'revoke':
      return listed(await revokeKey(engine, step.id))
    case 'rotate':
      return listed(await rotateKey(engine, step.id, step.oldUntil))
  }
}

function newKeyOf({ role, id, hospital, name, until }: Creation): NewKey {
  return {
    role,
    ...(id !== undefined && { id }),
    ...(hospital !== undefined && { hospital }),
    ...(name !== undefined && { name }),
    ...(until !== undefined && { until }),
  }
}

function listed(done: Result<ShownKey>): Result<readonly ShownKey[]> {
  return done.ok ? success([done.value]) : done
}

/** Each credential on a line, in columns, those that are empty in all of them left out; its secret, where it is new, below. */
function keyLines(keys: readonly ShownKey[]): readonly string[] {
  const rows = keys.map(cellsOf)
  const widths = rows.reduce<readonly number[]>(
    (most, cells) => cells.map((cell, column) => Math.max(most[column] ?? 0, widthOf(cell))),
    [],
  )
  return keys.flatMap(({ credential }, index) => {
    const cells = (rows[index] ?? []).map((cell, column) => fit(cell, widths[column] ?? 0))
    const line = cells.filter((cell) => cell !== '').join('  ')
    return [line.trimEnd(), ...(credential === undefined ? [] : [credential])]
  })
}

/** Made harmless before they are measured: what is shown in the place of a control character is wider. */
function cellsOf({ id, role, hospital = '', name = '', until }: ShownKey): readonly string[] {
  const days = until.map((one) => one ?? '…').join(', ')
  return [id, role, hospital, name, days].map(harmless)
}
