import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRegistryFile } from '../../src/files/registry-files.ts'
import { SpoolFailed, withSpool } from '../../src/files/registry-spool.ts'
import type { SourceBatch } from '../../src/registry/source.ts'
import { refusals, valueOf } from '../registry/builders.ts'

const folder = mkdtempSync(join(tmpdir(), 'registry-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(name: string, content: string | Uint8Array) {
  const path = join(folder, name)
  writeFileSync(path, content)
  const file = valueOf(await openRegistryFile(path, 'supplier'))
  const batches: SourceBatch[] = []
  for await (const batch of file.entries) batches.push(batch)
  await file.close()
  return {
    trees: batches.flatMap(({ items }) => items.map(({ tree }) => tree)),
    stopped: batches.flatMap(({ stopped = [] }) => stopped.map(({ code }) => code)),
    read: file.position() / file.size,
  }
}

describe('openRegistryFile', () => {
  const names = Array.from(
    { length: 20_000 },
    (_, index) => `${'供'.repeat(index % 4)}😀商${index}`,
  )
  const expected = names.map((name, index) => ({ id: `S${index}`, name }))

  it('reads a CSV file of many chunks, characters cut by none', async () => {
    const lines = expected.map(({ id, name }) => `${id},"${name}"\r\n`)
    const file = await read('a.csv', `id,name\r\n${lines.join('')}`)
    expect(file.stopped).toEqual([])
    expect(file.trees).toEqual(expected)
    expect(file.read).toBe(1)
  })

  it.each(['a.ndjson', 'a.JSONL'])('reads %s', async (name) => {
    const file = await read(name, expected.map((tree) => JSON.stringify(tree)).join('\n'))
    expect(file.stopped).toEqual([])
    expect(file.trees).toEqual(expected)
  })

  it.each([
    ['GBK', Buffer.from('id,name\nS1,\xb9\xa9\xd3\xa6\n', 'latin1')],
    ['a character that is cut at the end', Buffer.from('id,name\nS1,供').subarray(0, -1)],
    ['a byte that begins none, at the end', Buffer.from('id,name\nS1,\xff', 'latin1')],
  ])('stops at %s', async (_, bytes) => {
    expect((await read('gbk.csv', bytes)).stopped).toEqual(['REGISTER_NOT_UTF8'])
  })

  it('refuses a path that is no file to be read', async () => {
    mkdirSync(join(folder, 'folder.csv'), { recursive: true })
    expect(await openRegistryFile(join(folder, 'folder.csv'), 'supplier')).toMatchObject({
      problems: [{ code: 'REGISTER_FILE_UNREADABLE', details: { why: 'EISDIR' } }],
    })
  })

  it('refuses what it cannot open and what it does not know', async () => {
    const refused = async (name: string) =>
      refusals(await openRegistryFile(join(folder, name), 'person'))
    expect(await refused('none.csv')).toEqual(['REGISTER_FILE_UNREADABLE '])
    expect(await refused('a.xls')).toEqual(['REGISTER_FILE_FORMAT '])
    expect(await refused('csv')).toEqual(['REGISTER_FILE_FORMAT '])
  })
})

describe('withSpool', () => {
  const items = (id: string) =>
    ({
      facts: [],
      periods: [],
      items: [[-1, [], { entry: { kind: 'supplier', id, entry: { id } } }]],
    }) as const

  it('gives back what it was given and leaves nothing behind', async () => {
    const own = mkdtempSync(join(folder, 'spool-'))
    const given = ['甲', 'b', 'c'].map(items)
    const back = await withSpool(own, async (spool) => {
      for (const one of given) await spool.add(one)
      expect(readdirSync(own)).toHaveLength(1)
      // A process that is killed leaves the folder, and no persons in it.
      const [spooled = ''] = readdirSync(own)
      if (process.platform !== 'win32') expect(readdirSync(join(own, spooled))).toEqual([])
      const read: unknown[] = []
      for await (const one of spool.read()) read.push(one)
      return read
    })
    expect(back).toEqual(given)
    expect(readdirSync(own)).toEqual([])
  })

  it('leaves nothing behind after a failure', async () => {
    const own = mkdtempSync(join(folder, 'spool-'))
    const failing = withSpool(own, () => Promise.reject(new Error('mine')))
    await expect(failing).rejects.toThrow('mine')
    expect(readdirSync(own)).toEqual([])
  })

  it('says where it cannot be', async () => {
    const nowhere = withSpool(join(folder, 'none'), () => Promise.resolve())
    await expect(nowhere).rejects.toThrow(SpoolFailed)
    await expect(nowhere).rejects.toMatchObject({
      problem: { code: 'REGISTER_SPOOL_FAILED', details: { why: 'ENOENT' } },
    })
  })
})
