import type { Problem } from '../../errors/problem.ts'

/** Details that name a folder of the server's own. */
const FOLDERS: ReadonlySet<string> = new Set(['directory', 'folder'])
/** Whose row is damaged is told where the ledger is, not to a terminal of another hospital. */
const ROW_CODES: ReadonlySet<string> = new Set(['LEDGER_DAMAGED'])
const ROWS: ReadonlySet<string> = new Set(['key'])
/** What a part of the program or the system said, in words that nobody here has chosen. */
const SAYINGS: ReadonlySet<string> = new Set(['what', 'why'])
const SAYING_CODES = /^(?:DEFECT|MAINTENANCE_FAILED|STORE_\w+)$/
/** A quoted text with a path in it, which may have spaces; else what looks like a path as far as the next space. */
const PLACE =
  /(["'`])(?:file:)?(?:[A-Za-z]:)?[/\\].*?\1|(?<![\p{L}\p{N}])(?:file:|[A-Za-z]:)?[/\\][^\s"'`(),;]*/gu

/** A problem as it is told to others: where the server keeps its files is nobody's business. The log has it. */
export function toldProblem(found: Problem): Problem {
  const isSaying = SAYING_CODES.test(found.code)
  const hidden = ROW_CODES.has(found.code) ? ROWS : FOLDERS
  if (!isSaying && !Object.keys(found.details).some((name) => hidden.has(name))) return found
  const details = Object.entries(found.details).map(([name, value]) => {
    if (hidden.has(name)) return [name, '…'] as const
    const isSaid = isSaying && SAYINGS.has(name) && typeof value === 'string'
    return [name, isSaid ? value.replaceAll(PLACE, '…') : value] as const
  })
  return { ...found, details: Object.fromEntries(details) }
}
