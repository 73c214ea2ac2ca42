/**
 * Takes golden settlements in: `GOLDEN=new npx vitest run --config test/golden/update.config.ts` adds those that are not in the
 * file. `GOLDEN=semantics` adds all of them under a new number of the semantics, beside the old ones. What is in the file stays.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { SEMANTICS } from '../../src/adjudication/settlement.ts'
import { goldenInputs } from './golden-cases.ts'
import { readGolden, writeGolden, type GoldenCase, type GoldenFile } from './golden-file.ts'
import { historyBytes, recordBytes, settleAgain } from './settle-again.ts'

const SETTLEMENTS = 200

const hasFile = existsSync(fileURLToPath(new URL('settlements.ndjson', import.meta.url)))
const before: GoldenFile = hasFile ? readGolden() : { contents: new Map(), cases: [], history: [] }

/** Names that are to be taken in, or an error that says why none may. */
function isWanted(): (name: string) => boolean {
  const mode = process.env['GOLDEN']
  const newest = Math.max(0, ...before.cases.map(({ semantics }) => semantics))
  if (mode === 'semantics') {
    if (SEMANTICS > newest) return () => true
    throw new Error(
      `the file has semantics ${newest} already: raise SEMANTICS before you replace amounts`,
    )
  }
  if (mode !== 'new') throw new Error('say GOLDEN=new or GOLDEN=semantics')
  const known = new Set(before.cases.map(({ name }) => name))
  return (name) => !known.has(name)
}

test('take golden settlements in', async () => {
  const wanted = isWanted()
  const { contents, inputs } = goldenInputs()
  const added: GoldenCase[] = []
  let settlements = before.cases
    .filter(({ semantics }) => semantics === SEMANTICS)
    .reduce((sum, { records }) => sum + records.length, 0)
  for (const input of inputs) {
    if (!wanted(input.name) || settlements >= SETTLEMENTS) continue
    try {
      const { records } = await settleAgain(input, contents)
      added.push({ ...input, semantics: SEMANTICS, records: records.map(recordBytes) })
      settlements += records.length
    } catch (error) {
      // A scaled bill may contradict itself, or a bill be one that a register cannot bring about.
      process.stdout.write(`left out: ${input.name}: ${String(error).slice(0, 160)}\n`)
    }
  }
  const cases = [...before.cases, ...added]
  const used = new Set(
    cases.flatMap(({ profile, packs, catalog }) => [profile, ...packs, catalog ?? '']),
  )
  const kept = [...before.contents, ...contents].filter(([hash]) => used.has(hash))
  // Under new semantics the history is another one; what there is of it otherwise stays.
  const isNew = before.history.length === 0 || process.env['GOLDEN'] === 'semantics'
  const history = isNew ? await historyBytes() : before.history
  writeGolden({ contents: new Map(kept), cases, history })
  process.stdout.write(`${added.length} cases added, ${settlements} settlements\n`)
})
