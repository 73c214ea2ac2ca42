import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { EXIT, type ExitCode } from './cli/exit-codes.ts'
import { endWith, processTerminal, type Terminal } from './cli/terminal.ts'
import { runDemo } from './demo/run-demo.ts'

const root = projectRoot(dirname(fileURLToPath(import.meta.url)))

/** The folder of package.json: one level up from the sources, two from the build. */
function projectRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder))
}

const PORT_STANDARD = 8080
const PORT_MOST = 65_535

const USAGE = `用法 usage: npm start -- [--once] [--port N] [--data DIR]
  --once      结算演示账单后结束 end when the bills are settled
  --port N    端口，默认 ${PORT_STANDARD} the port, ${PORT_STANDARD} by default
  --data DIR  账本文件夹，默认 ./data folder of the ledger, ./data by default`

endWith(await main(process.argv.slice(2), processTerminal()))

async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const read = readArguments(args)
  if (typeof read === 'string') {
    terminal.complain(`${read}\n${USAGE}`)
    return EXIT.usage
  }
  if (read.isHelp) {
    terminal.print(USAGE)
    return EXIT.ok
  }
  return runDemo({ root, ...read }, terminal)
}

/** The options, or what is wrong with them. */
function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string', default: join(root, 'data') },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { once: isOnce, data: directory, help: isHelp } = values
    // Who sees the bills and goes needs no port that anybody knows.
    const port = values.port ?? (isOnce ? '0' : String(PORT_STANDARD))
    if (!/^\d{1,5}$/.test(port) || Number(port) > PORT_MOST) return `--port: 0–${PORT_MOST}`
    return { isOnce, isHelp, directory, port: Number(port) }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
