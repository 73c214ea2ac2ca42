/**
 * What a ledger costs as it grows, with a whole city registered: settlements a second through the engine, bytes on the disk,
 * memory, and the time from opening to the first answer, at each size (`ledger-growth.ts`). `--persons=1000000`,
 * `--sizes=500000,5000000`, `--settlements=20000`, `--rounds=3`, `--inflight=256`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureGrowth } from './ledger-growth.ts'
import { workloadOf } from './workload-spec.ts'

const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '1000000' },
    sizes: { type: 'string', default: '500000,5000000' },
    settlements: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    inflight: { type: 'string', default: '256' },
  },
})
const persons = Number(values.persons)
const folder = mkdtempSync(join(tmpdir(), 'qingfen-growth-'))

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

const grown = await measureGrowth(
  {
    directory: join(folder, 'ledger'),
    workload: workloadOf({ lines: 20, persons, bills: 2_000 }),
    isPrepared: false,
    persons,
    sizes: values.sizes.split(',').map(Number),
    settlements: Number(values.settlements),
    rounds: Number(values.rounds),
    inFlight: Number(values.inflight),
  },
  print,
)
for (const { size, rate, bytesEach, fileBytes, memory, firstAnswerMs } of grown) {
  print(
    `${String(size).padStart(9)} settlements  ${rate.toFixed(0).padStart(6)}/s  ` +
      `${bytesEach.toFixed(0)} bytes each  file ${(fileBytes / 2 ** 30).toFixed(2)} GB  ` +
      `RssAnon ${memory} MB  first answer after ${firstAnswerMs.toFixed(0)} ms (target 2000)`,
  )
}
const [small, large] = [grown[0], grown.at(-1)]
const share = ((large?.rate ?? 0) / (small?.rate ?? 1)) * 100
print(`rate at ${large?.size}: ${share.toFixed(0)} % of that at ${small?.size} (target 85)`)
rmSync(folder, { recursive: true })
