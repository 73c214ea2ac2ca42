import { SaxesParser } from 'saxes'
import { XLSX_LIMITS } from './limits.ts'
import { tooLarge, unreadable, XlsxRefused } from './xlsx-refused.ts'

type Attributes = Readonly<Record<string, string>>

/** What a reader of one part is told; names are without their prefixes. */
export interface XmlReader {
  readonly open?: (name: string, attributes: Attributes) => void
  readonly text?: (text: string) => void
  readonly close?: (name: string) => void
}

/**
 * Tells `reader` what is in `chunks` and says after each chunk that it is done. No entity is expanded but the five of XML: a document
 * type is refused, and with it every entity of the document's own. Throws `XlsxRefused`.
 */
export async function* parseXml(
  chunks: AsyncIterable<string>,
  reader: XmlReader,
): AsyncGenerator<void> {
  const parser = new SaxesParser({ position: false, xmlns: false } as const)
  let depth = 0
  parser.on('doctype', () => {
    throw unreadable('DOCTYPE')
  })
  parser.on('error', (error) => {
    throw unreadable(error.message)
  })
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1
    if (depth > XLSX_LIMITS.depth) throw tooLarge(`depth ${depth}`, XLSX_LIMITS.depth)
    reader.open?.(localName(name), attributes)
  })
  parser.on('text', (text) => reader.text?.(text))
  parser.on('cdata', (text) => reader.text?.(text))
  parser.on('closetag', ({ name }) => {
    depth -= 1
    reader.close?.(localName(name))
  })
  for await (const chunk of chunks) {
    guarded(() => parser.write(chunk))
    yield
  }
  guarded(() => parser.close())
  yield
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function guarded(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof XlsxRefused) throw error
    throw unreadable(error instanceof Error ? error.message : 'XML')
  }
}

/** A part of which only the whole is of use. */
export async function readXml(chunks: AsyncIterable<string>, reader: XmlReader): Promise<void> {
  for await (const _ of parseXml(chunks, reader)) continue
}
