import { InvalidArgumentError, Option, type Command } from 'commander'
import { dayText } from './day-text.ts'
import type { ExitCode } from './exit-codes.ts'
import type { ShownLanguage } from './language.ts'
import { backupCommand, restoreCommand } from './ledger/copy-commands.ts'
import { dayCommand } from './ledger/day-command.ts'
import { exportCommand } from './ledger/export-command.ts'
import {
  EXPORT_FORMATS,
  EXPORT_TABLES,
  type ExportFormat,
  type ExportTable,
} from './ledger/export-tables.ts'
import { showLedgerCommand } from './ledger/show-command.ts'
import { verifyCommand } from './ledger/verify-command.ts'
import type { Terminal } from './terminal.ts'

interface Common {
  readonly json?: true
  readonly lang: ShownLanguage
}

interface Export extends Common {
  readonly what: ExportTable
  readonly format: ExportFormat
  readonly day?: string
  readonly hospital?: string
}

/** What a family of commands is added with. */
export interface CommandSetting {
  readonly terminal: Terminal
  /** Takes the end of a command. */
  readonly end: (code: ExitCode | Promise<ExitCode>) => void
  /** Adds the options of every command. */
  readonly common: (command: Command) => Command
}

const DIRECTORY = ['<directory>', '账本文件夹 the folder of the ledger'] as const

/** Commands over a ledger directory: verify, show, export, day, backup, restore. */
export function addLedgerCommands(ledger: Command, setting: CommandSetting): void {
  addVerify(ledger, setting)
  addShow(ledger, setting)
  addExport(ledger, setting)
  addDay(ledger, setting)
  addCopies(ledger, setting)
}

function addVerify(ledger: Command, { common, end, terminal }: CommandSetting): void {
  common(ledger.command('verify'))
    .description(
      '核验账本：逐行校验，重做全部日志和每一笔结算 verify the ledger: every row, the whole journal and every settlement again',
    )
    .argument(...DIRECTORY)
    .addOption(
      new Option(
        '--from <record>',
        '只重新清分此记录之后的结算 adjudicate again only settlements from this record on',
      ).argParser(wholeNumber),
    )
    .action((directory: string, options: Common & { readonly from?: number }) => {
      const { from } = options
      end(
        verifyCommand(
          { directory, ...shown(options), ...(from !== undefined && { from }) },
          terminal,
        ),
      )
    })
}

function addShow(ledger: Command, { common, end, terminal }: CommandSetting): void {
  common(ledger.command('show'))
    .description(
      '显示一笔结算：明细、分录、累计、经过 show a settlement: lines, entries, counters, history',
    )
    .argument(...DIRECTORY)
    .argument('<settlement>', '结算编号，如 S000000000042 its id')
    .option(
      '--explain',
      '逐步说明，由记录重新生成并核对 with the explanation, made again and checked',
    )
    .action((directory: string, settlement: string, options: Common & { explain?: true }) => {
      const { explain = false } = options
      end(showLedgerCommand({ directory, settlement, explain, ...shown(options) }, terminal))
    })
}

function addExport(ledger: Command, { common, end, terminal }: CommandSetting): void {
  common(ledger.command('export'))
    .description('导出到标准输出 write the ledger to standard output')
    .argument(...DIRECTORY)
    .addOption(
      new Option('--what <table>', '导出什么 what').choices(EXPORT_TABLES).default('settlements'),
    )
    .addOption(
      new Option(
        '--format <format>',
        '格式；3202 总是国家接口的制表符格式 format; 3202 always has its national form',
      )
        .choices(EXPORT_FORMATS)
        .default('ndjson'),
    )
    .addOption(
      new Option('--day <day>', '只要这个记账日，如 2026-11-25 this accounting day only').argParser(
        dayText,
      ),
    )
    .option('--hospital <code>', '只要这家机构 this institution only')
    .action((directory: string, options: Export) => {
      const { what, format, day, hospital } = options
      const filter = {
        ...(day !== undefined && { day }),
        ...(hospital !== undefined && { hospital }),
      }
      end(exportCommand({ directory, what, format, ...filter, ...shown(options) }, terminal))
    })
}

function addDay(ledger: Command, { common, end, terminal }: CommandSetting): void {
  common(ledger.command('day'))
    .description('一个记账日各机构的合计；可关账 what an accounting day comes to; may close it')
    .argument(...DIRECTORY)
    .argument('<day>', '记账日，如 2026-11-25 the accounting day', dayText)
    .option(
      '--close',
      '先关账：此日及以前不再记账 close it first: nothing is posted in it or before any more',
    )
    .action((directory: string, day: string, options: Common & { readonly close?: true }) => {
      const { close: isClosing = false } = options
      end(dayCommand({ directory, day, isClosing, ...shown(options) }, terminal))
    })
}

function addCopies(ledger: Command, { common, end, terminal }: CommandSetting): void {
  common(ledger.command('backup'))
    .description('备份，账本可在使用中 copy a ledger, which may be in use')
    .argument(...DIRECTORY)
    .argument('<to>', '备份到的文件夹，须为空 an empty folder for the copy')
    .action((directory: string, to: string, options: Common) => {
      end(backupCommand([directory, to], shown(options), terminal))
    })
  common(ledger.command('restore'))
    .description('由备份恢复 put a backup where a ledger is to be')
    .argument('<backup>', '备份文件夹 the folder of the backup')
    .argument('<directory>', '恢复到的文件夹，须为空 an empty folder for the ledger')
    .action((backup: string, directory: string, options: Common) => {
      end(restoreCommand([backup, directory], shown(options), terminal))
    })
}

function shown({ json, lang }: Common): {
  readonly json: boolean
  readonly lang: ShownLanguage
} {
  return { json: json === true, lang }
}

function wholeNumber(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('0, 1, 2, …')
}
