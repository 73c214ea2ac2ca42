import { InvalidArgumentError, Option, type Command } from 'commander'
import { dayText } from './day-text.ts'
import {
  PACK_COMMANDS,
  SIGNING_ALGORITHMS,
  type PackCommandName,
  type SigningAlgorithm,
} from '../ledger/grant.ts'
import type { ShownLanguage } from './language.ts'
import type { CommandSetting } from './ledger-commands.ts'
import { makeKeyCommand, signCommandLine } from './sign-pack.ts'

interface Shown {
  readonly json?: boolean
  readonly lang: ShownLanguage
}

interface Sign extends Shown {
  readonly command: PackCommandName
  readonly jurisdiction: string
  readonly keyFile: string
  readonly key: string
  readonly number: number
  readonly from?: string
}

/** `qingfen key signing`: a key pair for the commands of an insurer. */
export function addSigningKey(key: Command, { common, end, terminal }: CommandSetting): void {
  common(key.command('signing'))
    .description('生成签名密钥对，公钥交运营方登记 make a key pair for pack commands')
    .argument('<file>', '私钥文件（PEM），不覆盖已有文件 the new file of the private key')
    .addOption(
      new Option('--algorithm <name>', '算法 algorithm').choices(SIGNING_ALGORITHMS).default('sm2'),
    )
    .option('--id <id>', '密钥编号 id of the key', 'k1')
    .action(
      (
        file: string,
        options: Shown & { readonly algorithm: SigningAlgorithm; readonly id: string },
      ) => {
        const { algorithm, id, json = false, lang } = options
        end(makeKeyCommand({ file, algorithm, id }, { json, lang }, terminal))
      },
    )
}

/** `qingfen pack sign`: what is sent to the server, signed. */
export function addPackSign(pack: Command, { common, end, terminal }: CommandSetting): void {
  common(pack.command('sign'))
    .description('签名一条命令，打印要发送的内容 sign a command; prints what to send')
    .argument(
      '<what>',
      '上传：文件或目录；其他：版本的散列 files to upload, or the hash of a version',
    )
    .addOption(
      new Option('--command <name>', '命令 command').choices(PACK_COMMANDS).makeOptionMandatory(),
    )
    .requiredOption('--jurisdiction <id>', '统筹区 jurisdiction')
    .requiredOption('--key-file <file>', '私钥文件（PEM）the private key')
    .option('--key <id>', '密钥编号 id of the key in the grant', 'k1')
    .requiredOption('--number <n>', '序号，大于用过的 above every number used before', whole)
    .option('--from <day>', '启用首日 first day in force; activate only', dayText)
    .action((what: string, options: Sign) => {
      const { json = false, lang, command, jurisdiction, keyFile, key, number, from } = options
      const named = { what, command, jurisdiction, keyFile, key, number, from }
      end(signCommandLine(named, { json, lang }, terminal))
    })
}

function whole(text: string): number {
  const value = Number(text)
  if (/^[1-9][0-9]*$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('1, 2, 3 …')
}
