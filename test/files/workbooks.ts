import { crc32, deflateRawSync } from 'node:zlib'

export interface Part {
  readonly name: string
  readonly text: string | Uint8Array
  /** What the directory says it unpacks to; default: the truth. */
  readonly stated?: number
}

/** A zip archive, built by hand so that it may lie about itself. */
export function zipOf(parts: readonly Part[]): Uint8Array {
  const locals: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, text, stated } of parts) {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    const packed = deflateRawSync(bytes)
    const sizes = { crc: crc32(bytes), packed: packed.length, whole: stated ?? bytes.length }
    const local = header(0x04034b50, name, sizes)
    locals.push(local, packed)
    directory.push(header(0x02014b50, name, sizes, offset))
    offset += local.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, listed, end])
}

function header(
  signature: number,
  name: string,
  sizes: { readonly crc: number; readonly packed: number; readonly whole: number },
  offset?: number,
): Uint8Array {
  const isListed = offset !== undefined
  const fixed = Buffer.alloc(isListed ? 46 : 30)
  const at = isListed ? 2 : 0
  fixed.writeUInt32LE(signature, 0)
  fixed.writeUInt16LE(20, 4)
  if (isListed) fixed.writeUInt16LE(20, 6)
  fixed.writeUInt16LE(8, 8 + at)
  fixed.writeUInt32LE(sizes.crc, 14 + at)
  fixed.writeUInt32LE(sizes.packed, 18 + at)
  fixed.writeUInt32LE(sizes.whole, 22 + at)
  fixed.writeUInt16LE(Buffer.byteLength(name), 26 + at)
  if (isListed) fixed.writeUInt32LE(offset, 42)
  return Buffer.concat([fixed, Buffer.from(name)])
}

export interface BookOptions {
  readonly sharedStrings?: string
  /** Before the first element of the sheet. */
  readonly prolog?: string
  readonly dimension?: string
  readonly more?: readonly Part[]
  readonly stated?: number
}

const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A workbook whose first sheet has `rows`, as XML; format 1 of a cell is a date. */
export function workbookOf(rows: string, options: BookOptions = {}): Uint8Array {
  const { sharedStrings, prolog = '', dimension = 'A1:B2', more = [], stated } = options
  const sheet = `${prolog}<worksheet><dimension ref="${dimension}"/><sheetData>${rows}</sheetData></worksheet>`
  return zipOf([
    {
      name: 'xl/workbook.xml',
      text: '<workbook><workbookPr/><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: `<Relationships><Relationship Id="rId1" Type="${TYPES}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${TYPES}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${TYPES}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      text: '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    },
    ...(sharedStrings === undefined
      ? []
      : [{ name: 'xl/sharedStrings.xml', text: `<sst>${sharedStrings}</sst>` }]),
    {
      name: 'xl/worksheets/sheet1.xml',
      text: sheet,
      ...(stated !== undefined && { stated }),
    },
    ...more,
  ])
}

/** A row of cells of text. */
export function textRow(number: number, cells: readonly string[]): string {
  const each = cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`)
  return `<row r="${number}">${each.join('')}</row>`
}
