import type { Command } from 'commander'
import type { CommandSetting } from './ledger-commands.ts'
import type { ShownLanguage } from './language.ts'
import { packStateCommand, type PackStep } from './pack-state-command.ts'
import { replayCommand, type ReplayCommandOptions } from './replay-command.ts'

interface Stated {
  readonly json?: boolean
  readonly lang: ShownLanguage
  readonly ledger: string
  readonly jurisdiction?: string
}

interface Publish {
  readonly catalog?: readonly string[]
  readonly search: boolean
}

/** Steps in the life of a pack in a ledger: publish, shadow, activate, roll-back, suspend, resume, status. */
export function addPackStates(pack: Command, { common, end, terminal }: CommandSetting): void {
  const run = (step: PackStep, { json = false, ...options }: Stated) => {
    end(packStateCommand(step, { ...options, json }, terminal))
  }
  const add = (name: string, description: string) =>
    common(pack.command(name))
      .description(description)
      .requiredOption('--ledger <folder>', '账本目录 folder of the ledger')
      .option(
        '--jurisdiction <id>',
        '统筹区（配置编号），账本有多个时必写 id of the profile, when there are several',
      )
  add('publish', '发布政策包、配置、目录 publish packs, a profile, a catalogue')
    .argument('<paths...>', '文件或目录 files or folders')
    .option('--catalog <manifests...>', '目录清单 catalog.json catalogue manifests')
    .option('--no-search', '不试算账单 without trying bills on them first')
    .action((paths: readonly string[], options: Stated & Publish) => {
      const { catalog: catalogs = [], search: isSearched, ...more } = options
      run({ step: 'publish', paths, catalogs, isSearched }, more)
    })
  for (const [step, text] of [
    ['shadow', '试运行：跟随真实业务，不影响结果 run beside real traffic, without effect'],
    ['suspend', '停用待查 hold a pack back'],
    ['resume', '恢复 take a held pack up again'],
  ] as const) {
    add(step, text)
      .argument('<hash>', '版本的散列或其开头 hash of the version, or its beginning')
      .action((hash: string, options: Stated) => run({ step, pack: hash }, options))
  }
  add('activate', '自某日启用 put a version in force from a day')
    .argument('<hash>', '版本的散列或其开头 hash of the version, or its beginning')
    .option('--from <day>', '起日，不写则按政策包自己的起日 first day; its own when left out')
    .action((hash: string, { from, ...options }: Stated & { readonly from?: string }) => {
      run({ step: 'activate', pack: hash, ...(from !== undefined && { from }) }, options)
    })
  add('roll-back', '回到上一次启用之前 back to what was before the last activation')
    .argument('<pack>', '政策包编号 id of the pack')
    .action((id: string, options: Stated) => run({ step: 'roll-back', pack: id }, options))
  add('status', '列出各版本的状态 list the versions and their states').action((options: Stated) =>
    run({ step: 'status' }, options),
  )
}

/** `qingfen replay`. */
export function addReplay(program: Command, { common, end, terminal }: CommandSetting): void {
  common(program.command('replay'))
    .description('换一套政策包重算账本的历史，账本不变 the history of a ledger under other packs')
    .requiredOption('--ledger <folder>', '账本目录 folder of the ledger')
    .requiredOption('--packs <paths...>', '候选政策包 the candidate packs')
    .option('--jurisdiction <id>', '统筹区，账本有多个时必写 which one, when there are several')
    .option('--from <day>', '结算日起 first day of settlement')
    .option('--to <day>', '结算日止 last day of settlement')
    .option('--person <id>', '只报告此人 report this person only')
    .action(
      ({
        ledger: directory,
        json = false,
        ...options
      }: Stated & Omit<ReplayCommandOptions, 'directory' | 'json'>) => {
        end(replayCommand({ ...options, directory, json }, terminal))
      },
    )
}
