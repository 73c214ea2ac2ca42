import { closeSync, openSync, writeSync } from 'node:fs'
import {
  adviseProblem,
  describeProblem,
  failure,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { csvLine } from './csv-line.ts'

/** Where the problems of an import are written, one a row. */
export interface ErrorsFile {
  readonly add: (problems: readonly Problem[]) => void
  readonly close: () => void
}

type Cells = readonly (string | number)[]

const COLUMNS = ['line', 'column', 'field', 'code', '问题', 'problem', '处理', 'what to do']

/** More rows than anybody reads; the report counts the others. */
const ROWS_MAX = 100_000

/** A CSV file, with the mark by which spreadsheets know UTF-8. Refuses `REGISTER_ERRORS_UNWRITABLE`. */
export function openErrorsFile(path: string): Result<ErrorsFile> {
  try {
    const file = openSync(path, 'w')
    let rows = 0
    const write = (lines: readonly Cells[]) =>
      void writeSync(file, lines.map((cells) => `${csvLine(cells)}\r\n`).join(''))
    writeSync(file, '\uFEFF')
    write([COLUMNS])
    return success({
      add(problems) {
        const room = problems.slice(0, ROWS_MAX - rows)
        rows += room.length
        if (room.length > 0) write(room.map(cellsOf))
      },
      close: () => closeSync(file),
    })
  } catch (error) {
    return failure(problem('REGISTER_ERRORS_UNWRITABLE', '', { file: path, why: reasonOf(error) }))
  }
}

function cellsOf(item: Problem): Cells {
  const { code, column, line, where } = item
  const [zh, en] = [describeProblem(item, 'zh'), describeProblem(item, 'en')]
  const [doZh, doEn] = [adviseProblem(item, 'zh'), adviseProblem(item, 'en')]
  return [line ?? '', column ?? '', where, code, zh, en, doZh, doEn]
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) throw error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
