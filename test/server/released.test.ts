import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { Engine } from '../../src/engine/open-engine.ts'
import { billOf } from '../workers/town.ts'
import { ServedTown } from './served-town.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

it('a server that has stopped keeps neither engine nor ledger', async () => {
  const engines = [await settledAndStopped(), await settledAndStopped(), await settledAndStopped()]
  for (let pass = 0; pass < 5; pass += 1) {
    await wait(50)
    collect()
  }
  // What a promise or the stack still holds is at most the last one.
  expect(engines.filter((engine) => engine.deref() !== undefined).length).toBeLessThanOrEqual(1)
})

async function settledAndStopped(): Promise<WeakRef<Engine>> {
  const served = await ServedTown.open({ http: true })
  const client = await served.login()
  expect((await client.ask('s', 'settle', { bill: billOf('A1', 'stay', 100) })).ok).toBe(true)
  expect((await served.fetch('/health')).ok).toBe(true)
  const engine = new WeakRef(served.town.engine)
  await served.close()
  return engine
}
