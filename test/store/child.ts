import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface Children {
  /** Path of the built `NAME.ts` of the folder, to be run by Node. */
  path(name: string): string
  remove(): void
}

/** Builds the programs in `programs`, for tests that need a process of their own; below the root, so that packages are found. */
export function buildChildren(programs = 'test/store/children'): Children {
  mkdirSync(join(root, '.qingfen'), { recursive: true })
  const folder = mkdtempSync(join(root, '.qingfen', 'test-children-'))
  const project = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { outDir: folder, rootDir: root, noCheck: true },
    include: [join(root, programs)],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const built = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: root, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`)
  return {
    path: (name) => join(folder, programs, `${name}.js`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly printed: string
}

/** A process and what it prints. */
export class Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  #printed = ''
  #wake: () => void = () => undefined

  constructor(command: string, args: readonly string[]) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.process.stdout?.on('data', (piece: Buffer) => {
      this.#printed += piece.toString()
      this.#wake()
    })
    this.ended = new Promise((resolve, reject) => {
      this.process.on('error', reject)
      this.process.on('close', (code, signal) => {
        this.#wake()
        resolve({ code, signal, printed: this.#printed })
      })
    })
  }

  get lines(): readonly string[] {
    return this.#printed.split('\n').slice(0, -1)
  }

  /** Waits for `count` lines, or for its end. */
  async printed(count: number): Promise<readonly string[]> {
    while (
      this.lines.length < count &&
      this.process.exitCode === null &&
      this.process.signalCode === null
    ) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.lines
  }

  say(line: string): void {
    this.process.stdin?.write(`${line}\n`)
  }
}
