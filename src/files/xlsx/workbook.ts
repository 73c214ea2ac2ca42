import { posix } from 'node:path'
import type { Archive } from './open-archive.ts'
import { readXml } from './parse-xml.ts'
import { XLSX_LIMITS } from './limits.ts'
import { tooLarge, unreadable } from './xlsx-refused.ts'

/** What has to be known to read the cells of a sheet. */
export interface Workbook {
  /** Path of the first sheet in the archive. */
  readonly sheet: string
  readonly sharedTexts: readonly string[]
  /** By the number of a cell format: whether it shows a date. */
  readonly isDate: readonly boolean[]
  /** Days are counted from 1904 instead of 1900. */
  readonly from1904: boolean
}

const MAIN = 'xl/workbook.xml'

/** Throws `XlsxRefused`. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const main = archive.part(MAIN)
  if (main === undefined) throw unreadable(`${MAIN}?`)
  let first: string | undefined
  let from1904 = false
  await readXml(main, {
    open(name, attributes) {
      if (name === 'sheet') first ??= relationIn(attributes)
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '')
    },
  })
  if (first === undefined) throw unreadable('sheet?')
  const parts = await relationsOf(archive)
  const sheet = parts.get(first)?.target
  if (sheet === undefined) throw unreadable(`${first}?`)
  const pathOf = (kind: string) => [...parts.values()].find(({ type }) => type === kind)?.target
  return {
    sheet,
    from1904,
    sharedTexts: await readSharedTexts(archive, pathOf('sharedStrings')),
    isDate: await readDateFormats(archive, pathOf('styles')),
  }
}

/** `r:id`, whatever the prefix is. */
function relationIn(attributes: Readonly<Record<string, string>>): string {
  const name = Object.keys(attributes).find((key) => key.endsWith(':id'))
  return attributes[name ?? ''] ?? ''
}

interface Relation {
  /** Last word of its type. */
  readonly type: string
  readonly target: string
}

async function relationsOf(archive: Archive): Promise<ReadonlyMap<string, Relation>> {
  const relations = new Map<string, Relation>()
  const part = archive.part('xl/_rels/workbook.xml.rels')
  if (part === undefined) throw unreadable('workbook.xml.rels?')
  await readXml(part, {
    open(name, { Id = '', Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship' || TargetMode === 'External') return
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target)
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target })
    },
  })
  return relations
}

/** Texts that cells name by their number. Readings aids (`rPh`) are no part of a text. */
async function readSharedTexts(
  archive: Archive,
  path: string | undefined,
): Promise<readonly string[]> {
  const part = path === undefined ? undefined : archive.part(path)
  if (part === undefined) return []
  const texts: string[] = []
  let [text, characters, isText, isAside] = ['', 0, false, false]
  await readXml(part, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') isText = !isAside
      else if (name === 'rPh') isAside = true
    },
    text(more) {
      if (isText) text += more
    },
    close(name) {
      if (name === 't') isText = false
      else if (name === 'rPh') isAside = false
      if (name !== 'si') return
      characters += text.length
      const { sharedCharacters, sharedTexts } = XLSX_LIMITS
      if (texts.length === sharedTexts) throw tooLarge('shared texts', sharedTexts)
      if (characters > sharedCharacters) throw tooLarge('shared texts', sharedCharacters)
      texts.push(text)
    },
  })
  return texts
}

/** Formats that every program knows by their number: dates, those of East Asian editions among them, and times. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58)
}

/** Whether a format of the file's own shows a day, a month or a year, beside what it quotes and its colours. */
function showsDate(code: string): boolean {
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\[[^\]]*\]/g, '')
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare)
}

async function readDateFormats(
  archive: Archive,
  path: string | undefined,
): Promise<readonly boolean[]> {
  const part = path === undefined ? undefined : archive.part(path)
  if (part === undefined) return []
  const own = new Map<number, boolean>()
  const formats: boolean[] = []
  let isInside = false
  await readXml(part, {
    open(name, { numFmtId = '0', formatCode = '' }) {
      const id = Number(numFmtId)
      if (name === 'numFmt') own.set(id, showsDate(formatCode))
      else if (name === 'cellXfs') isInside = true
      else if (name === 'xf' && isInside) formats.push(own.get(id) ?? isBuiltInDate(id))
      const { cellFormats } = XLSX_LIMITS
      if (formats.length + own.size > cellFormats) throw tooLarge('cell formats', cellFormats)
    },
    close(name) {
      if (name === 'cellXfs') isInside = false
    },
  })
  return formats
}
