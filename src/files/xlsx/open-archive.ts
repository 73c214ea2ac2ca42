import type { Readable } from 'node:stream'
import { open as openZip, type Entry, type ZipFile } from 'yauzl'
import { XLSX_LIMITS } from './limits.ts'
import { tooLarge, unreadable } from './xlsx-refused.ts'

/** The parts of a workbook; nothing is unpacked before it is asked for. */
export interface Archive {
  /** Text in chunks; undefined when there is no such part. Throws `XlsxRefused`. */
  readonly part: (name: string) => AsyncIterable<string> | undefined
  readonly close: () => void
}

/** Opens a zip archive. Throws `XlsxRefused`, and what the file system throws. */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await opened(path)
  try {
    if (zip.entryCount > XLSX_LIMITS.entries) {
      throw tooLarge(`${zip.entryCount} files`, XLSX_LIMITS.entries)
    }
    const entries = await entriesOf(zip)
    let unpacked = 0
    return {
      part(name) {
        const entry = entries.get(name.toLowerCase())
        if (entry === undefined) return undefined
        unpacked += entry.uncompressedSize
        // What a part unpacks to beyond its stated size is refused by yauzl while it is read.
        if (unpacked > XLSX_LIMITS.unpackedBytes) {
          throw tooLarge(`${unpacked} B`, XLSX_LIMITS.unpackedBytes)
        }
        return textOf(zip, entry)
      },
      close: () => {
        zip.close()
      },
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function opened(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, zip) => {
      if (error === null) resolve(zip)
      else reject('syscall' in error ? error : unreadable(error.message))
    })
  })
}

async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    zip.on('entry', (entry: Entry) => {
      const name = entry.fileName.toLowerCase()
      if (entries.has(name)) {
        reject(unreadable(`${entry.fileName} × 2`))
        return
      }
      entries.set(name, entry)
      zip.readEntry()
    })
    zip.on('error', (error: Error) => {
      reject(unreadable(error.message))
    })
    zip.on('end', () => {
      resolve(entries)
    })
    zip.readEntry()
  })
}

async function* textOf(zip: ZipFile, entry: Entry): AsyncGenerator<string> {
  if (entry.isEncrypted()) throw unreadable(`${entry.fileName}: encrypted`)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const stream = await streamOf(zip, entry)
  try {
    for await (const chunk of stream) yield decoder.decode(chunk as Uint8Array, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'XlsxRefused') throw error
    throw unreadable(`${entry.fileName}: ${error.message}`)
  } finally {
    stream.destroy()
  }
}

async function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream)
      else reject(unreadable(`${entry.fileName}: ${error.message}`))
    })
  })
}
