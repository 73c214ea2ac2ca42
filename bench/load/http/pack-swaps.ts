import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { assert } from '../../../src/assert.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { valueOf } from '../../micro/settle/setup.ts'
import { packFolder } from '../processes/process-file.ts'

export interface Swapping {
  readonly port: number
  readonly credential: string
  readonly jurisdiction: string
  /** At most. */
  readonly swaps: number
  /** After which no other is begun. */
  readonly isOver: () => boolean
}

const PAUSE_MS = 100

/** Brings another version of the city plan into force, again and again: uploaded, checked, activated. Milliseconds of each. */
export async function swapPacks(swapping: Swapping): Promise<readonly number[]> {
  const times: number[] = []
  for (let swap = 0; swap < swapping.swaps && !(swap > 0 && swapping.isOver()); swap += 1) {
    const text = versionOf(swap)
    const { hash } = packOf(text)
    const command = { jurisdiction: swapping.jurisdiction, packs: [hash] }
    const begun = performance.now()
    await post(swapping, '/v1/packs', {
      command: { command: 'upload', ...command },
      files: { 'city-plan.yaml': text },
    })
    await post(swapping, `/v1/packs/${hash}/activate`, {
      command: 'activate',
      ...command,
      from: '2025-01-01',
    })
    times.push(performance.now() - begun)
    await wait(PAUSE_MS)
  }
  return times
}

/** The pack of the city plan, which pays a little more in each version. */
function versionOf(swap: number): string {
  const [text = ''] = readFileSync(join(packFolder(), 'commercial.yaml'), 'utf8').split('\n---\n')
  const changed = text.replaceAll('60%', `${30 + (swap % 30)}.${swap % 10}%`)
  assert(changed !== text, 'another version')
  return changed
}

function packOf(text: string) {
  const [pack] = valueOf(readPacks(text, 'city-plan.yaml', () => undefined)).packs
  assert(pack !== undefined, 'one pack')
  return pack
}

async function post({ port, credential }: Swapping, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert(answer.ok, `${path}: ${await answer.text()}`)
}
