/**
 * What each hostile pack of the tests costs from its text to its refusal, in milliseconds of processor time: reading, then its cases and
 * the search for trial bills. The thread is warm, as it is after its first pack.
 */
import process from 'node:process'
import { takeTexts, tryPacks } from '../../src/workers/pack-check.ts'
import { acmeText } from '../../test/server/insurers/grants.ts'
import { HOSTILE, SEARCHED } from '../../test/server/insurers/hostile-packs.ts'
import { packOf, townProfile } from '../../test/workers/town.ts'

const profile = townProfile()
const beside = [packOf('town/basic')]

/** Of all threads of this process, the collector's too: what neighbours on the machine do not disturb. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function measured(text: string, lists: Readonly<Record<string, string>> = {}) {
  const began = cpuMs()
  const read = takeTexts({ 'pack.yaml': text, ...lists })
  const readAt = cpuMs()
  if (!read.ok) return { readMs: readAt - began, tryMs: 0, codes: codesOf(read.problems) }
  const packs = read.value.packs.map(({ pack }) => pack)
  const { errors } = tryPacks({ packs, beside, profile, search: true })
  return { readMs: readAt - began, tryMs: cpuMs() - readAt, codes: codesOf(errors) }
}

function codesOf(problems: readonly { readonly code: string }[]): readonly string[] {
  return [...new Set(problems.map(({ code }) => code))]
}

measured(acmeText())
for (const [what, text, , lists] of [...HOSTILE, SEARCHED]) {
  const { readMs, tryMs, codes } = measured(text, lists)
  const times = [readMs, tryMs].map((ms) => ms.toFixed(0).padStart(6)).join('')
  // Without an error it is one that only the grant refuses, which is looked at between the two.
  process.stdout.write(`${times}  ${what}: ${codes.join(', ') || 'PACK_OUTSIDE_GRANT'}\n`)
}
