import { Command, CommanderError, Option } from 'commander'
import { problem, type Problem } from '../errors/problem.ts'
import { REGISTRY_KINDS } from '../registry/entries.ts'
import { BOOK_FORMATS } from '../files/reconciliation-files.ts'
import { adjudicateCommand } from './adjudicate-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { exitCodesText, HELP_LAYOUT } from './help-layout.ts'
import { SHOWN_LANGUAGES, type ShownLanguage } from './language.ts'
import { ledgerImportCommand } from './ledger/import-command.ts'
import { checkCommand } from './check-command.ts'
import { addKeyCommands } from './key-commands.ts'
import { addLedgerCommands } from './ledger-commands.ts'
import { addPackStates, addReplay } from './pack-state-commands.ts'
import { addPackSign } from './signing-commands.ts'
import { diffCommand, newCommand, showCommand, testCommand } from './pack-commands.ts'
import { problemData } from './problem-text.ts'
import type { RegistryImportOptions } from './registry-commands.ts'
import { reconcileCommand, type ReconcileOptions } from './reconcile-command.ts'
import { addServe } from './serve-command.ts'
import type { Terminal } from './terminal.ts'
import { usageErrorText } from './usage-error.ts'

interface Common {
  readonly json?: true
  readonly lang: ShownLanguage
}

interface Adjudicate extends Common {
  readonly packs: readonly string[]
  readonly catalog?: readonly string[]
  readonly profile?: string
  readonly format: 'table' | 'json'
  readonly counters?: true
  readonly explain?: true
}

/** Runs one command line (without the program's own name) and says how it ended; never ends the process. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const ends: Promise<ExitCode>[] = []
  const program = buildProgram(terminal, (end) => ends.push(Promise.resolve(end)))
  try {
    await program.parseAsync(args, { from: 'user' })
    const [end = EXIT.ok] = await Promise.all(ends)
    return end
  } catch (error) {
    return failed(error, args, terminal)
  }
}

function failed(error: unknown, args: readonly string[], terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok
    answerAsData(args, problem('CLI_USAGE', '', { why: error.message }), terminal)
    return EXIT.usage
  }
  const why = error instanceof Error ? error.message : String(error)
  answerAsData(args, problem('CLI_INTERNAL', '', { why }), terminal)
  terminal.complain(error instanceof Error ? (error.stack ?? why) : why)
  return EXIT.internal
}

/** Who asked for JSON gets JSON, also where the command was not understood or the program failed. */
function answerAsData(args: readonly string[], item: Problem, terminal: Terminal): void {
  const end = args.indexOf('--')
  const options = end < 0 ? args : args.slice(0, end)
  const format = options[options.indexOf('--format') + 1]
  const isJson =
    options.includes('--json') || options.includes('--format=json') || format === 'json'
  if (isJson) terminal.print(JSON.stringify({ problems: [problemData(item)] }, null, 2))
}

/** Takes how a command ended, or will. */
type End = (code: ExitCode | Promise<ExitCode>) => void

function buildProgram(terminal: Terminal, end: End): Command {
  const program = new Command('qingfen')
    .description(
      '清分：把一张医院账单按各方规则逐行分清\nSplits a hospital bill line by line over every payer',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      outputError: (text, write) => write(usageErrorText(text)),
    })
    .configureHelp(HELP_LAYOUT)
    .helpOption('-h, --help', '显示帮助 show this help')
    .helpCommand('help [command]', '显示某个命令的帮助 show the help of a command')
    .showHelpAfterError('（用 --help 查看写法 see --help）')
  addAdjudicate(program, terminal, end)
  addPack(program, terminal, end)
  addLedger(program, terminal, end)
  addReplay(program, { terminal, end, common })
  addKeyCommands(program, { terminal, end, common })
  addServe(program, { terminal, end, common })
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
    command.addHelpText('after', exitCodesText(terminal.columns))
  }
  return program
}

function addAdjudicate(program: Command, terminal: Terminal, end: End): void {
  common(program.command('adjudicate'))
    .argument('<bill>', '账单文件 .json 或 .yaml a bill document')
    .description('清分一张账单 split one bill')
    .requiredOption(
      '--packs <paths...>',
      '政策包和统筹区配置的文件或目录 files or folders of packs and profiles',
    )
    .option('--catalog <manifests...>', '目录清单 catalog.json catalogue manifests')
    .option('--profile <id>', '统筹区配置编号，有多个时必写 which profile, when there are several')
    .addOption(
      new Option('--format <format>', '输出形式 output')
        .choices(['table', 'json'])
        .default('table'),
    )
    .option('--explain', '逐步说明 with the explanation in words')
    .option(
      '--counters',
      '列出累计，可写入下一张账单 with the running totals, as the next bill takes them',
    )
    .action((bill: string, options: Adjudicate) => {
      const { catalog = [], counters = false, explain = false } = options
      const { format, lang, packs, profile } = options
      const json = options.json ?? format === 'json'
      const chosen = profile === undefined ? {} : { profile }
      const shown = { counters, explain, json, lang }
      end(adjudicateCommand(bill, { packs, catalog, ...shown, ...chosen }, terminal))
    })
}

function addPack(program: Command, terminal: Terminal, end: End): void {
  const pack = program.command('pack').description('政策包 rule packs')
  const overPaths = [
    ['check', '检查写法、决策表，并试算账单 find what is wrong, and try bills', checkCommand],
    ['show', '列出要点 list what packs say', showCommand],
  ] as const
  for (const [name, description, run] of overPaths) {
    common(pack.command(name))
      .description(description)
      .argument('<paths...>', '文件或目录 files or folders')
      .action((paths: readonly string[], options: Common) => {
        end(run(paths, { json: options.json ?? false, lang: options.lang }, terminal))
      })
  }
  common(pack.command('test'))
    .description('运行包内算例 run the embedded cases')
    .argument('<paths...>', '文件或目录 files or folders')
    .option('--explain', '逐步说明不符的算例 with the steps of the cases that differ')
    .action((paths: readonly string[], options: Common & { readonly explain?: true }) => {
      const { explain = false, json = false, lang } = options
      end(testCommand(paths, { explain, json, lang }, terminal))
    })
  common(pack.command('diff'))
    .description('比较两个版本 compare two versions')
    .argument(
      '<before>',
      '文件或目录，可加 @起日：PATH@2024-01-01 file or folder, or PATH@first day',
    )
    .argument('<after>', '写法同上 written the same way')
    .option('--pack <id>', '有多个包时选其中一个 which pack, when there are several')
    .action((before: string, after: string, options: Common & { readonly pack?: string }) => {
      end(diffCommand([before, after], { ...options, json: options.json ?? false }, terminal))
    })
  addPackStates(pack, { terminal, end, common })
  addPackSign(pack, { terminal, end, common })
  common(pack.command('new'))
    .description('写出带注释的骨架 write a commented skeleton')
    .argument('[path]', '新文件；不写则打印 the new file; printed when left out')
    .action((path: string | undefined, options: Common) => {
      end(newCommand(path, { json: options.json ?? false, lang: options.lang }, terminal))
    })
}

function addLedger(program: Command, terminal: Terminal, end: End): void {
  const ledger = program.command('ledger').description('账本 the ledger')
  addImport(ledger, terminal, end)
  addLedgerCommands(ledger, { terminal, end, common })
  common(ledger.command('reconcile'))
    .description('比较两份账，逐处说明差异 compare two books and name every difference')
    .argument('<ours>', '我方：3202 明细或导出文件 a 3202 file or an export')
    .argument('<theirs>', '对方：同一格式，或平台对账结果 the same, or the result of the platform')
    .addOption(
      new Option(
        '--format <format>',
        '文件格式，不写则自动识别 told by the files when left out',
      ).choices(BOOK_FORMATS),
    )
    .action((ours: string, theirs: string, options: Common & Pick<ReconcileOptions, 'format'>) => {
      const { format, json = false, lang } = options
      const stated = format === undefined ? {} : { format }
      end(reconcileCommand([ours, theirs], { json, lang, ...stated }, terminal))
    })
}

function addImport(ledger: Command, terminal: Terminal, end: End): void {
  common(ledger.command('import'))
    .description('导入参保登记（CSV、XLSX 或 NDJSON）import the register from CSV, XLSX or NDJSON')
    .argument('<file>', '文件 a file')
    .requiredOption('--ledger <folder>', '账本目录 folder of the ledger')
    .addOption(
      new Option('--kind <kind>', '登记的种类 what it holds')
        .choices(REGISTRY_KINDS)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--mode <mode>',
        '全部无误才写入，或跳过有误的行 all rows or none, or skip wrong ones',
      )
        .choices(['all', 'skip'])
        .default('all'),
    )
    .option('--errors <file>', '把有误的行写入此 CSV write wrong rows into this CSV')
    .action(
      async (file: string, options: Common & Omit<RegistryImportOptions, 'file' | 'json'>) => {
        const { json = false, ...more } = options
        end(await ledgerImportCommand({ file, json, ...more }, terminal))
      },
    )
}

/** Options of every command. */
function common(command: Command): Command {
  return command
    .option('--json', '以 JSON 输出 print JSON')
    .addOption(
      new Option('--lang <language>', '文字 language').choices(SHOWN_LANGUAGES).default('both'),
    )
}
