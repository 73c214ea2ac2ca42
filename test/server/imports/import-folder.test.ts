import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ImportFolder } from '../../../src/server/imports/import-folder.ts'

const KEPT = 500

it('the oldest imports are tidied away, and one that has gone meanwhile is no failure', async () => {
  const work = mkdtempSync(join(tmpdir(), 'tidy-'))
  const names = Array.from({ length: KEPT + 2 }, (_, at) => `import-${at}`)
  const folder = new ImportFolder(work)
  for (const [at, name] of names.entries()) {
    mkdirSync(folder.of(name), { recursive: true })
    utimesSync(folder.of(name), 1_000 + at, 1_000 + at)
  }
  // Listed, and not there: as one that another upload removes between the two.
  symlinkSync(join(work, 'gone'), folder.of('gone'))
  await folder.tidy()
  expect(readdirSync(join(work, 'imports')).toSorted()).toEqual(names.slice(2).toSorted())
})
