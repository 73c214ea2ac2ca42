import { runCommandLine } from './program.ts'
import { processTerminal } from './terminal.ts'

process.exitCode = runCommandLine(process.argv.slice(2), processTerminal())
