import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectedOf, variableOf } from '../../src/config/setting.ts'
import { SETTINGS } from '../../src/config/settings.ts'
import { LANGUAGES, documentPath, documentText, formatted, table } from './documents.ts'

const WORDS = {
  en: ['setting', 'variable', 'value', 'default', 'what it is'],
  zh: ['设置项', '环境变量', '取值', '默认', '含义'],
} as const

const START = '<!-- settings -->'
const END = '<!-- end of settings -->'

/** Written by `npx vitest run test/docs/configuration.test.ts -u`. */
describe.each(LANGUAGES)('configuration document, %s', (language) => {
  it('describes every setting as the program knows it, and no other', async () => {
    const rows = SETTINGS.map(({ name, kind, standard, text }) => [
      `\`${name}\``,
      `\`${variableOf(name)}\``,
      expectedOf(kind),
      standard === undefined ? '–' : String(standard),
      text[language],
    ])
    const document = documentText('configuration', language)
    const [before, after] = [document.split(START)[0], document.split(END)[1]]
    const whole = [`${before}${START}`, table(WORDS[language], rows), `${END}${after}`].join('\n\n')
    const path = documentPath('configuration', language)
    await expect(await formatted(whole, path)).toMatchFileSnapshot(path)
  })
})

it('the example file shows every setting with its default', () => {
  const path = fileURLToPath(new URL('../../deploy/qingfen.yaml', import.meta.url))
  const example = readFileSync(path, 'utf8')
  for (const { name, standard, text } of SETTINGS) {
    const key = name.split('.').at(-1)
    expect(example).toMatch(
      new RegExp(`^ *(# )?${key}: ${standard === undefined ? '' : String(standard)}`, 'm'),
    )
    expect(example).toContain(text.zh)
    expect(example).toContain(text.en)
  }
})
