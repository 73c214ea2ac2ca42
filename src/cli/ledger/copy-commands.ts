import type { Result } from '../../errors/problem.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { backupLedger } from '../../store/backup-ledger.ts'
import { restoreLedger } from '../../store/restore-ledger.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { counted, worded } from '../language.ts'
import { refusedWith, type OutputOptions } from '../refused.ts'
import type { Terminal } from '../terminal.ts'

/** `qingfen ledger backup`: a checked copy of a ledger that may be in use. */
export async function backupCommand(
  [from, to]: readonly [string, string],
  options: OutputOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return answer(await backupLedger(from, to), to, options, terminal)
}

/** `qingfen ledger restore`: a checked copy of a backup, put where a ledger is to be. */
export async function restoreCommand(
  [from, to]: readonly [string, string],
  options: OutputOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return answer(await restoreLedger(from, to), to, options, terminal)
}

function answer(
  copied: Result<number>,
  to: string,
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  if (!copied.ok) return refusedWith(copied.problems, options, terminal)
  const rows = copied.value
  if (options.json) terminal.print(JSON.stringify({ directory: to, rows }, null, 2))
  else terminal.print(worded(doneText(to, rows), options.lang).join('\n'))
  return EXIT.ok
}

function doneText(to: string, rows: number): Bilingual {
  return {
    zh: `已复制到 ${to}，${rows.toLocaleString('en')} 行逐行核对无误；再运行 qingfen ledger verify ${to} 可重做全部日志`,
    en: `copied to ${to}, ${counted(rows, 'row')} checked one by one; qingfen ledger verify ${to} does the whole journal again`,
  }
}
