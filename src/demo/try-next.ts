import { relative } from 'node:path'
import { worded } from '../cli/language.ts'
import { wrap } from '../cli/render/columns.ts'
import type { Bilingual } from '../rules/pack.ts'

export interface Addresses {
  readonly port: number
  readonly terminalUrl: string
  readonly keyFile: string
  /** Somebody to settle for. */
  readonly person: string
  /** Accounting day, `YYYY-MM-DD`. */
  readonly day: string
}

interface Suggestion {
  readonly text: Bilingual
  readonly command: string
}

/** The addresses, and commands that work as they are printed. */
export function tryNextText(
  { port, terminalUrl, keyFile, person, day }: Addresses,
  columns: number,
): string {
  const near = relative(process.cwd(), keyFile)
  const file = near.startsWith('..') ? keyFile : `./${near}`
  const base = `http://127.0.0.1:${port}`
  const key = (id: string) => `$(node -p 'require("${file}")["${id}"]')`
  const suggestions: readonly Suggestion[] = [
    {
      text: {
        zh: `不用 SDK 的收费终端：为参保人 ${person} 结算一笔门诊，断线重连，只结一次`,
        en: `a terminal without an SDK: settles a visit of ${person}, loses its connection, settles once`,
      },
      command: `node examples/raw-terminal.mjs ${terminalUrl} "${key('till-demo')}" ${person}`,
    },
    {
      text: {
        zh: '以运营方身份查看今天各医院的合计（金额为分）',
        en: "today's totals of every hospital, as an operator (amounts in fen)",
      },
      command: `curl -s -H "authorization: Bearer ${key('operator-1')}" ${base}/v1/days/${day}`,
    },
    {
      text: {
        zh: '渝快保的承保方只看到自己的赔付，其余各方合为一数',
        en: 'the insurer of Yukuaibao sees what it pays, and everybody else as one sum',
      },
      command: `curl -s -H "authorization: Bearer ${key('insurer-yukuaibao')}" "${base}/v1/settlements?person=P-2023-2"`,
    },
    {
      text: {
        zh: '以审计身份查看谁做过什么',
        en: 'who did what, as an auditor',
      },
      command: `curl -s -H "authorization: Bearer ${key('auditor-1')}" ${base}/v1/audit`,
    },
    {
      text: {
        zh: '运行状况、指标、全部 HTTP 接口（OpenAPI 3.1）',
        en: 'its health, its metrics, and everything there is over HTTP (OpenAPI 3.1)',
      },
      command: `curl -s ${base}/health ${base}/metrics ${base}/v1/openapi.json`,
    },
  ]
  const rule = '═'.repeat(columns)
  const title = { zh: '服务器正在运行，Ctrl+C 停止', en: 'The server is running; Ctrl+C stops it' }
  return [
    '',
    rule,
    ...worded(title, 'both'),
    rule,
    `  收费终端 terminals    ${terminalUrl}`,
    `  HTTP                  ${base}`,
    `  演示凭证 demo keys    ${keyFile}`,
    '',
    '接着可以试（在另一个窗口，同一目录） To try next, in another window, in this folder:',
    ...suggestions.flatMap(({ text, command }) => [
      '',
      ...worded(text, 'both').flatMap((line) => wrap(line, columns - 2).map((part) => `  ${part}`)),
      `    ${command}`,
    ]),
  ].join('\n')
}
