/** What commander says when a command line is wrong, the same in Chinese, and better English where an example is all it says. */
const SENTENCES: readonly (readonly [said: RegExp, zh: string, en?: string])[] = [
  [/^error: unknown option '(.+?)'/, '没有选项“$1”'],
  [/^error: unknown command '(.+?)'/, '没有命令“$1”'],
  [/^error: missing required argument '(.+?)'/, '缺少参数“$1”'],
  [/^error: required option '(.+?)' not specified/, '必须写选项“$1”'],
  [/^error: option '(.+?)' argument missing/, '选项“$1”后面缺少值'],
  [
    /^error: option '(.+?)' argument '(.*?)' is invalid\. Allowed choices are (.+)\./,
    '选项“$1”不能写“$2”，只能写：$3',
  ],
  [
    /^error: option '(.+?)' argument '(.*?)' is invalid\. (.+)/,
    '选项“$1”不能写“$2”，应写如：$3',
    "error: option '$1' argument '$2' is invalid; write it like: $3",
  ],
  [
    /^error: command-argument value '(.*?)' is invalid for argument '(.+?)'\. (.+)/,
    '参数“$2”不能写“$1”，应写如：$3',
    "error: argument '$2' cannot be '$1'; write it like: $3",
  ],
  [/^error: too many arguments/, '参数太多'],
]

/** A complaint of the command line in both languages; one without a Chinese sentence stays as it is. */
export function usageErrorText(english: string): string {
  for (const [pattern, zh, en] of SENTENCES) {
    const found = pattern.exec(english)
    if (found === null) continue
    return `错误：${filled(zh, found)}\n${en === undefined ? english : filled(en, found)}`
  }
  return english
}

function filled(sentence: string, groups: readonly string[]): string {
  return sentence.replace(/\$(\d)/g, (_, index: string) => groups[Number(index)] ?? '')
}
