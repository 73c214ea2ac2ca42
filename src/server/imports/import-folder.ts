import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportState } from './import-state.ts'

/** Imports whose errors are kept; of those before only the ledger knows how they ended. */
const KEPT_MAX = 500

/** Files of imports, each in a folder of its own: what was sent, how it stands, and what is wrong with it. */
export class ImportFolder {
  readonly #folder: string

  constructor(workFolder: string) {
    this.#folder = join(workFolder, 'imports')
  }

  async make({ id, format }: ImportState, body: Uint8Array): Promise<void> {
    await mkdir(this.of(id), { recursive: true, mode: 0o700 })
    await written(this.bodyOf(id, format), body)
  }

  of(id: string): string {
    return join(this.#folder, id)
  }

  bodyOf(id: string, format: string): string {
    return join(this.of(id), `body.${format}`)
  }

  errorsOf(id: string): string {
    return join(this.of(id), 'errors.csv')
  }

  hasErrors(id: string): boolean {
    return existsSync(this.errorsOf(id))
  }

  /** Opened when it is read: the error of a stream that nobody reads yet, while the audit is written, would end the process. */
  async *errors(id: string): AsyncGenerator<Uint8Array> {
    yield* createReadStream(this.errorsOf(id)) as AsyncIterable<Uint8Array>
  }

  async keep(state: ImportState): Promise<void> {
    const path = join(this.of(state.id), 'state.json')
    await written(`${path}.new`, Buffer.from(JSON.stringify(state)))
    await rename(`${path}.new`, path)
  }

  /** Undefined when nothing is kept of it. */
  async state(id: string): Promise<ImportState | undefined> {
    try {
      const text = await readFile(join(this.of(id), 'state.json'), 'utf8')
      // What `keep` wrote.
      return JSON.parse(text) as ImportState
    } catch {
      return undefined
    }
  }

  async dropBody({ id, format }: ImportState): Promise<void> {
    await rm(this.bodyOf(id, format), { force: true })
  }

  /** Leaves the newest. */
  async tidy(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    if (names.length <= KEPT_MAX) return
    const aged = await Promise.all(
      names.map(async (name) => ({ name, at: await changedAt(this.of(name)) })),
    )
    const old = aged.toSorted((a, b) => a.at - b.at).slice(0, names.length - KEPT_MAX)
    for (const { name } of old) await rm(this.of(name), { recursive: true, force: true })
  }
}

/** Milliseconds since 1970-01-01; 0 for what has gone, such as what another upload has just tidied away. */
async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}

async function written(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
