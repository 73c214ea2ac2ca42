import { runCommandLine } from './program.ts'
import { endWith, processTerminal } from './terminal.ts'

endWith(await runCommandLine(process.argv.slice(2), processTerminal()))
