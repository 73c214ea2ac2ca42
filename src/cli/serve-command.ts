import { Option, type Command } from 'commander'
import type { Configuration } from '../config/configuration.ts'
import { CONFIG_VARIABLE, readConfiguration } from '../config/read-configuration.ts'
import { configurationText, shownConfiguration } from '../config/write-configuration.ts'
import type { Result } from '../errors/problem.ts'
import { openService } from '../service/open-service.ts'
import { jsonLog } from '../service/service-log.ts'
import { untilSignal } from '../service/until-signal.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { CommandSetting } from './ledger-commands.ts'
import { readText } from './read-text.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import type { Terminal } from './terminal.ts'

export interface ServeOptions extends OutputOptions {
  readonly config: string | undefined
  /** Only says how it would run. */
  readonly isCheck: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** `qingfen serve`. */
export function addServe(program: Command, { common, end, terminal }: CommandSetting): void {
  common(program.command('serve'))
    .description(
      '启动服务器，直到收到 SIGTERM 或 SIGINT run the server until SIGTERM or SIGINT\n' +
        '日志每行一个 JSON，写到标准输出 logs lines of JSON to standard output',
    )
    .addOption(new Option('--config <file>', `设置文件 the settings; or ${CONFIG_VARIABLE}`))
    .option('--check', '只检查并显示生效的设置，不启动 check and show the settings in effect')
    .action(
      ({
        config,
        check: isCheck = false,
        json = false,
        lang,
      }: Pick<OutputOptions, 'lang'> & {
        readonly config?: string
        readonly check?: boolean
        readonly json?: boolean
      }) => {
        const { env: environment } = process
        end(serveCommand({ config, isCheck, json, lang, environment }, terminal))
      },
    )
}

export async function serveCommand(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const read = configurationFor(options)
  if (!read.ok) return refusedWith(read.problems, options, terminal)
  const configuration = read.value
  if (options.isCheck) {
    const data = JSON.stringify(shownConfiguration(configuration), null, 2)
    terminal.print(options.json ? data : configurationText(configuration))
    return EXIT.ok
  }
  const { level, destination } = configuration.log
  const write = destination === 'stdout' ? terminal.print : terminal.complain
  const log = jsonLog(write, level, Date.now)
  const service = await openService({ configuration, log, clock: Date.now })
  if (!service.ok) return refusedWith(service.problems, options, terminal)
  await untilSignal(service.value, { log, stopMs: configuration.limits.stopMs })
  return EXIT.ok
}

function configurationFor({ config, environment }: ServeOptions): Result<Configuration> {
  const name = config ?? environment[CONFIG_VARIABLE]
  if (name === undefined) return readConfiguration({ environment })
  const text = readText(name)
  return text.ok ? readConfiguration({ file: { name, text: text.value }, environment }) : text
}
