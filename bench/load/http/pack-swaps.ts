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

export interface Swapped {
  /** From the upload to being in force, ms, of each. */
  readonly times: readonly number[]
  /** Uploads that the server did not check in its time, or had no room for. */
  readonly refused: number
}

/** What a server that has much to do may say to an upload. */
const BUSY = /"code":"PACK_CHECK_(TOO_COSTLY|BUSY)"/

/** Brings another version of the city plan into force, again and again: uploaded, checked, activated. */
export async function swapPacks(swapping: Swapping): Promise<Swapped> {
  const times: number[] = []
  let refused = 0
  for (let swap = 0; swap < swapping.swaps && !(swap > 0 && swapping.isOver()); swap += 1) {
    const begun = performance.now()
    if (await swapOne(swapping, versionOf(swap))) times.push(performance.now() - begun)
    else refused += 1
    await wait(PAUSE_MS)
  }
  return { times, refused }
}

/** Whether it is in force; throws for any refusal but that there is too much to do. */
async function swapOne(swapping: Swapping, text: string): Promise<boolean> {
  const { hash } = packOf(text)
  const command = { jurisdiction: swapping.jurisdiction, packs: [hash] }
  const uploaded = await post(swapping, '/v1/packs', {
    command: { command: 'upload', ...command },
    files: { 'city-plan.yaml': text },
  })
  if (!uploaded.ok && BUSY.test(uploaded.text)) return false
  assert(uploaded.ok, `a pack is uploaded: ${uploaded.text}`)
  const activated = await post(swapping, `/v1/packs/${hash}/activate`, {
    command: 'activate',
    ...command,
    from: '2025-01-01',
  })
  assert(activated.ok, `a pack is activated: ${activated.text}`)
  return true
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

async function post({ port, credential }: Swapping, path: string, body: unknown) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { ok: answer.ok, text: await answer.text() }
}
