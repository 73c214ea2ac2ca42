import type { HelpConfiguration } from 'commander'
import { EXIT_HELP } from './exit-codes.ts'
import { widthOf, wrap } from './render/columns.ts'

/** Headings that commander writes, in both languages. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法 Usage:',
  'Arguments:': '参数 Arguments:',
  'Options:': '选项 Options:',
  'Commands:': '命令 Commands:',
}

/** Descriptions narrower than this stand behind their term unwrapped. */
const DESCRIPTION_MIN = 20

/** Help in both languages whose columns hold although a Chinese character takes two. */
export const HELP_LAYOUT: HelpConfiguration = {
  minWidthToWrap: DESCRIPTION_MIN,
  displayWidth: widthOf,
  boxWrap: wrapLines,
  styleTitle: (title) => TITLES[title] ?? title,
  optionDescription: ({ argChoices = [], defaultValue, description }) => {
    const choices = argChoices.length === 0 ? '' : `: ${argChoices.join(' | ')}`
    const usual = typeof defaultValue === 'string' ? `（默认 default ${defaultValue}）` : ''
    return `${description}${choices}${usual}`
  },
}

const INDENT = 5

/** The exit codes, as every help text ends. */
export function exitCodesText(columns: number): string {
  const rows = EXIT_HELP.flatMap(({ code, zh, en }) =>
    wrap(`${zh} ${en}`, columns - INDENT - 1).map((line, index) => {
      return (index === 0 ? `  ${code}  ` : ' '.repeat(INDENT)) + line
    }),
  )
  return ['', '退出码 Exit codes:', ...rows].join('\n')
}

function wrapLines(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (line === '' ? [''] : wrap(line, width - 1)))
    .join('\n')
}
