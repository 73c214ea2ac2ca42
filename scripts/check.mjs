// Formatting, lint and types, all at once: one after the other they kept one core waiting. The formatter takes longest and knows one
// core only, so it runs twice, each time over what the other leaves out.
// Plain Node without dependencies. Prints what each says when it has ended; ends with 1 when one of them found something.
import { spawn } from 'node:child_process'

const CHECKS = ['prettier --check test', 'prettier --check . !test', 'oxlint', 'tsc --noEmit -p .']

/**
 * `npm run` has put the commands of the packages into the path.
 *
 * @param {string} line
 * @returns {Promise<boolean>}
 */
async function holds(line) {
  const [command = '', ...args] = line.split(' ')
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      printed += String(bytes)
    })
  }
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  process.stdout.write(`> ${line}\n${printed}`)
  return code === 0
}

const held = await Promise.all(CHECKS.map(holds))
process.exitCode = held.every(Boolean) ? 0 : 1
