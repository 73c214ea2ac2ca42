import { problem, type Problem } from '../../errors/problem.ts'

/** A workbook that is not read any further. */
export class XlsxRefused extends Error {
  override readonly name = 'XlsxRefused'
  /** Of a file that the caller names. */
  readonly problem: (file: string) => Problem

  constructor(make: (file: string) => Problem) {
    super('a workbook is refused')
    this.problem = make
  }
}

/** It is no workbook, or one that is broken or encrypted. */
export function unreadable(why: string): XlsxRefused {
  return new XlsxRefused((file) => problem('XLSX_UNREADABLE', '', { file, why }))
}

export function tooLarge(what: string, max: number): XlsxRefused {
  return new XlsxRefused((file) => problem('XLSX_TOO_LARGE', '', { file, what, max }))
}

/** `cell`: such as C5. */
export function cellRefused(cell: string, why: string): XlsxRefused {
  const line = Number(/\d+$/.exec(cell)?.[0] ?? 0)
  const found = problem('XLSX_CELL_REFUSED', cell, { cell, why })
  return new XlsxRefused(() => (line > 0 ? { ...found, line } : found))
}
