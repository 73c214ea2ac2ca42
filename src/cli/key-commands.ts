import { Option, type Command } from 'commander'
import { dayText } from './day-text.ts'
import { ROLES, type Role } from '../server/principal.ts'
import type { ShownLanguage } from './language.ts'
import { keyCommand, type KeyStep } from './ledger/key-command.ts'
import type { CommandSetting } from './ledger-commands.ts'
import { addSigningKey } from './signing-commands.ts'

interface Stated {
  readonly ledger: string
  readonly json?: boolean
  readonly lang: ShownLanguage
}

interface Create {
  readonly role: Role
  readonly id?: string
  readonly hospital?: string
  readonly name?: string
  readonly until?: string
}

/** `qingfen key`: who may log in to the server of a ledger. */
export function addKeyCommands(program: Command, setting: CommandSetting): void {
  const { common, end, terminal } = setting
  const key = program.command('key').description('登录凭证 credentials for the server of a ledger')
  const run = (step: KeyStep, { ledger: directory, json = false, lang }: Stated) => {
    end(keyCommand(step, { directory, json, lang }, terminal))
  }
  const add = (name: string, description: string) =>
    common(key.command(name))
      .description(description)
      .requiredOption('--ledger <directory>', '账本文件夹 the folder of the ledger')
  add('create', '新建凭证，密钥只显示一次 make a credential; its secret is shown once')
    .addOption(new Option('--role <role>', '角色 role').choices(ROLES).makeOptionMandatory())
    .option('--id <id>', '编号，不写则自动生成 id; made when left out')
    .option('--hospital <code>', '医疗机构编码，终端必写 institution code; terminals only')
    .option('--name <name>', '说明 what it is for')
    .option('--until <day>', '最后有效日 last day it is valid', dayText)
    .action(({ role, id, hospital, name, until, ...options }: Stated & Create, create: Command) => {
      if (role === 'terminal' && hospital === undefined) {
        create.error("error: required option '--hospital <code>' not specified")
      }
      run({ step: 'create', role, id, hospital, name, until }, options)
    })
  add('list', '列出凭证，不含密钥 list the credentials, without secrets').action(
    (options: Stated) => run({ step: 'list' }, options),
  )
  add('revoke', '立即作废 end a credential at once')
    .argument('<id>', '凭证编号 id of the credential')
    .action((id: string, options: Stated) => run({ step: 'revoke', id }, options))
  add('rotate', '更换密钥 give a credential a new secret')
    .argument('<id>', '凭证编号 id of the credential')
    .option(
      '--old-until <day>',
      '旧密钥最后有效日，不写则立即作废 last day of the old one',
      dayText,
    )
    .action((id: string, { oldUntil, ...options }: Stated & { readonly oldUntil?: string }) => {
      run({ step: 'rotate', id, oldUntil }, options)
    })
  addSigningKey(key, setting)
}
