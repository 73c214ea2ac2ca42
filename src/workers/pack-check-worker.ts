import { assert } from '../assert.ts'
import { takeTexts, tryPacks, type PackCheckTask } from './pack-check.ts'

const SAMPLE = `
pack: sample
kind: commercial
payer: { id: sample }
effective: { from: 2024-01-01 }
source: sample
benefits: [{ id: all, clause: all, when: 'person.age > 0', base: [inScope], rate: 1% }]
`

/** The schemas are compiled with the first pack that is read; no pack from outside is to pay for that. */
let warm: true | undefined

function tryReading(): true {
  const taken = takeTexts({ 'sample.yaml': SAMPLE })
  assert(taken.ok, 'the sample is a pack')
  return true
}

/** Entry of the thread that looks at packs from outside: called with each task. */
export default function runTask(task: PackCheckTask): unknown {
  switch (task.kind) {
    case 'start':
      warm ??= tryReading()
      return undefined
    case 'read':
      return takeTexts(task.texts)
    case 'try':
      return tryPacks(task.trial)
  }
}
