import { expect, test } from 'vitest'
import { ENGINE_SETTINGS } from '../../src/engine/limits.ts'
import { RuleSets } from '../../src/engine/rule-sets.ts'
import { Writer } from '../../src/engine/writer.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'

/** A writer whose turns come when the test says so. */
function writerOf(sliceMax: number, onDefect: (error: unknown) => void = () => undefined) {
  const turns: (() => void)[] = []
  const writer = new Writer({
    store: openMemoryStore(),
    clock: () => Date.UTC(2024, 5, 10),
    rules: new RuleSets(() => {
      throw new Error('no rules')
    }),
    settings: { ...ENGINE_SETTINGS, sliceMax },
    schedule: (work) => turns.push(work),
    onDefect,
  })
  return { writer, turn: () => turns.shift()?.() }
}

test('a job that throws is told so, and takes no other with it', async () => {
  const defects: unknown[] = []
  const { writer, turn } = writerOf(16, (error) => defects.push(error))
  const ended: unknown[] = []
  const job = (name: string, run: () => void) => ({
    run,
    done: () => ended.push(name),
    failed: ({ code, details }: { code: string; details: unknown }) =>
      ended.push([name, code, details]),
  })
  writer.add(job('before', () => undefined))
  writer.add(
    job('throws', () => {
      throw new Error('a bug')
    }),
  )
  writer.add(job('after', () => undefined))
  turn()
  await writer.idle()
  expect(ended).toHaveLength(3)
  expect(ended).toEqual(
    expect.arrayContaining(['before', 'after', ['throws', 'DEFECT', { what: 'a bug' }]]),
  )
  expect(defects).toEqual([new Error('a bug')])
  expect(writer.waiting).toBe(0)
  expect(writer.halted).toBeUndefined()
})

test('what was packed together and evaluated anew is no reason to make a turn longer', async () => {
  const { writer, turn } = writerOf(4)
  const together = new Uint8Array(1)
  let ran = 0
  for (let index = 0; index < 12; index += 1) {
    const run = () => {
      ran += 1
    }
    writer.add({ together, run, done: () => undefined, failed: () => undefined })
  }
  turn()
  expect(ran).toBe(4)
  turn()
  expect(ran).toBe(8)
  turn()
  await writer.idle()
  expect(ran).toBe(12)
})
