import { StoreFailed } from '../../engine/store-failed.ts'
import { basename } from 'node:path'
import type { ExitCode } from '../exit-codes.ts'
import { refusedWith } from '../refused.ts'
import { registryImportCommand, type RegistryImportOptions } from '../registry-commands.ts'
import type { Terminal } from '../terminal.ts'
import { withEngine } from './with-engine.ts'

/** `qingfen ledger import`: a file of the register into the ledger of a folder. */
export async function ledgerImportCommand(
  options: RegistryImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    return await registryImportCommand(options, terminal, (use) =>
      withEngine(options.ledger, options, terminal, ({ engine }) =>
        use({
          lookup: (kind, id) => engine.registered(kind, id),
          write: async (entries) => {
            const written = await engine.registry(basename(options.file), entries)
            const [problem] = written.ok ? [] : written.problems
            if (problem !== undefined) throw new StoreFailed(problem)
          },
        }),
      ),
    )
  } catch (error) {
    if (error instanceof StoreFailed) return refusedWith([error.problem], options, terminal)
    throw error
  }
}
