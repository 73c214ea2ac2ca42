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
import { reasonOf } from './read-text.ts'

/** Where the problems of an import are written, one a row. */
export interface ErrorsFile {
  readonly add: (problems: readonly Problem[]) => void
  readonly close: () => void
}

const COLUMNS = ['line', 'column', 'field', 'code', '问题', 'problem', '处理', 'what to do']

/** More rows than anybody reads; the report counts the others. */
const ROWS_MAX = 100_000

/** A CSV file, with the mark by which spreadsheets know UTF-8. Refuses `REGISTER_ERRORS_UNWRITABLE`. */
export function openErrorsFile(path: string): Result<ErrorsFile> {
  try {
    const file = openSync(path, 'w')
    let rows = 0
    const write = (lines: readonly (readonly unknown[])[]) =>
      void writeSync(file, lines.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join(''))
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

function cellsOf(item: Problem): readonly unknown[] {
  const { code, column, line, where } = item
  const [zh, en] = [describeProblem(item, 'zh'), describeProblem(item, 'en')]
  const [doZh, doEn] = [adviseProblem(item, 'zh'), adviseProblem(item, 'en')]
  return [line ?? '', column ?? '', where, code, zh, en, doZh, doEn]
}

/** A cell that no spreadsheet takes for a formula. */
function cellText(value: unknown): string {
  const text = String(value)
  const plain = /^[-=+@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
