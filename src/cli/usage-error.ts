/** What commander says when a command line is wrong, and the same in Chinese. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown option '(.+?)'/, '没有选项“$1”'],
  [/^error: unknown command '(.+?)'/, '没有命令“$1”'],
  [/^error: missing required argument '(.+?)'/, '缺少参数“$1”'],
  [/^error: required option '(.+?)' not specified/, '必须写选项“$1”'],
  [/^error: option '(.+?)' argument missing/, '选项“$1”后面缺少值'],
  [
    /^error: option '(.+?)' argument '(.*?)' is invalid\. Allowed choices are (.+)\./,
    '选项“$1”不能写“$2”，只能写：$3',
  ],
  [/^error: too many arguments/, '参数太多'],
]

/** A complaint of the command line in both languages; one without a Chinese sentence stays as it is. */
export function usageErrorText(english: string): string {
  for (const [pattern, chinese] of SENTENCES) {
    const found = pattern.exec(english)
    if (found !== null) return `错误：${filled(chinese, found)}\n${english}`
  }
  return english
}

function filled(sentence: string, groups: readonly string[]): string {
  return sentence.replace(/\$(\d)/g, (_, index: string) => groups[Number(index)] ?? '')
}
