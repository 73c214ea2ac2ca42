import { describe, expect, it } from 'vitest'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import type { ErrorTrait } from '../../src/errors/trait.ts'
import {
  LANGUAGES,
  documentPath,
  documentText,
  formatted,
  table,
  type DocumentLanguage,
} from './documents.ts'

const TRAITS: readonly (readonly [string, ErrorTrait])[] = Object.entries(ERROR_TRAITS)

const WORDS = {
  en: {
    title: 'Errors',
    other: '[中文](errors.zh-CN.md)',
    opening:
      'Every refusal has one of these codes. A code and its number never change their meaning and are never used again. `{name}` stands for what the message fills in: the line, the amount, the key. A code that is marked retired is not given any more. “Retry” says whether the same request may succeed later without a change. This page is written from the error table by `npx vitest run test/docs/errors.test.ts -u`.',
    heading: ['code', 'number', 'retry', 'what is wrong', 'what to do'],
    yes: 'yes',
    no: 'no',
    retired: '(retired) ',
  },
  zh: {
    title: '错误代码',
    other: '[English](errors.md)',
    opening:
      '凡是拒绝，都带下面的一个代码。代码和编号的含义不会改变，也不会挪作他用。`{名称}` 处由消息填入具体内容，如哪一行、多少钱、哪个键。标明“已停用”的代码不再给出。“可重试”指不作改动、稍后再试是否可能成功。本页由错误表生成：`npx vitest run test/docs/errors.test.ts -u`。',
    heading: ['代码', '编号', '可重试', '哪里不对', '怎么办'],
    yes: '是',
    no: '否',
    retired: '（已停用）',
  },
} as const

/** Opening of a section: the first number of each hundred on the wire. */
const SECTIONS: readonly { readonly from: number; readonly en: string; readonly zh: string }[] = [
  { from: 0, en: 'Money', zh: '金额' },
  { from: 200, en: 'Catalogues', zh: '医保目录' },
  { from: 300, en: 'Packs, profiles and conditions', zh: '政策包、统筹区配置与条件' },
  { from: 400, en: 'The checker of packs', zh: '政策包检查' },
  { from: 500, en: 'Bills and national messages', zh: '账单与国家接口报文' },
  { from: 600, en: 'Settlement', zh: '结算' },
  { from: 700, en: 'Verification of a settlement', zh: '结算结果的验算' },
  { from: 750, en: 'Command line', zh: '命令行' },
  { from: 800, en: 'Store of the ledger', zh: '账本存储' },
  { from: 830, en: 'The register', zh: '参保登记' },
  { from: 870, en: 'Reconciliation', zh: '对账' },
  { from: 900, en: 'Ledger and engine', zh: '账本与引擎' },
  { from: 960, en: 'Verification of a ledger', zh: '账本核验' },
  { from: 1000, en: 'Server', zh: '服务器' },
]

function errorsDocument(language: DocumentLanguage): string {
  const words = WORDS[language]
  const sections = SECTIONS.flatMap((section, index) => {
    const next = SECTIONS[index + 1]?.from ?? Number.POSITIVE_INFINITY
    const rows = TRAITS.filter(([, { wire }]) => wire >= section.from && wire < next)
      .toSorted(([, left], [, right]) => left.wire - right.wire)
      .map(([code, trait]) => errorRow(code, trait, language))
    return rows.length === 0 ? [] : [`## ${section[language]}`, table(words.heading, rows)]
  })
  return [`# ${words.title}`, words.other, words.opening, ...sections, ''].join('\n\n')
}

function errorRow(code: string, trait: ErrorTrait, language: DocumentLanguage): readonly string[] {
  const { yes, no, retired } = WORDS[language]
  const [wrong, advice] = language === 'en' ? [trait.en, trait.doEn] : [trait.zh, trait.doZh]
  return [
    `\`${code}\``,
    String(trait.wire),
    trait.retryable ? yes : no,
    (trait.retired === true ? retired : '') + plain(wrong),
    plain(advice),
  ]
}

/** Text as it is, not as Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[<>*_`[\]]/g, (mark) => `\\${mark}`)
}

describe.each(LANGUAGES)('errors document, %s', (language) => {
  it('is what the error table says', async () => {
    const path = documentPath('errors', language)
    await expect(await formatted(errorsDocument(language), path)).toMatchFileSnapshot(path)
  })

  it('has a row for every code of the table and for no other', () => {
    const documented = [...documentText('errors', language).matchAll(/^\| `(\w+)`/gm)]
    expect(documented.map(([, code = '']) => code).toSorted()).toEqual(
      Object.keys(ERROR_TRAITS).toSorted(),
    )
  })
})
