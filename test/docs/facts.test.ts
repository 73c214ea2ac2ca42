import { describe, expect, it } from 'vitest'
import { FACTS, type FactTrait, type FactType } from '../../src/rules/facts.ts'
import { LANGUAGES, documentPath, formatted, table, type DocumentLanguage } from './documents.ts'

const WORDS = {
  en: {
    title: 'Facts',
    other: '[中文](facts.zh-CN.md)',
    opening:
      "What a condition, a table or a formula of a pack may read. A fact that a pack reads and the bill does not state is refused with `FACT_MISSING`; it is never taken as no or zero. Where a fact may be unknown, ask first: `has(person.income) && person.income < yuan('30000.00')`. “National” is the field of the national interface that means the same; a bill may use either name. This page is written from the table of facts by `npx vitest run test/docs/facts.test.ts -u`.",
    heading: ['fact', 'type', 'meaning', 'values', 'national'],
    derived: ' (computed, never stated by a bill)',
  },
  zh: {
    title: '事实一览',
    other: '[English](facts.md)',
    opening:
      "条件、决策表和公式可以读的全部内容。包要读、账单没有写的事实，一律以 `FACT_MISSING` 拒绝，不会当作“否”或零。可能没有的事实先问一句：`has(person.income) && person.income < yuan('30000.00')`。“国家接口”一列是含义相同的国家接口字段，账单用哪个名字都行。本页由事实表生成：`npx vitest run test/docs/facts.test.ts -u`。",
    heading: ['事实', '类型', '含义', '取值', '国家接口'],
    derived: '（由引擎算出，账单不写）',
  },
} as const

const GROUPS = {
  person: { en: 'person: the insured', zh: 'person：参保人' },
  visit: { en: 'visit: the stay or visit', zh: 'visit：就诊' },
  hospital: { en: 'hospital: where', zh: 'hospital：医药机构' },
  policy: { en: 'policy: the commercial policy at work', zh: 'policy：正在赔付的保单' },
  line: {
    en: 'line: one charge (only in conditions on lines)',
    zh: 'line：一条费用明细（只在明细条件中可用）',
  },
  bill: { en: 'bill: the bill as a whole', zh: 'bill：整张账单' },
} as const satisfies Record<keyof typeof FACTS, Record<DocumentLanguage, string>>

const GROUP_NAMES = ['person', 'visit', 'hospital', 'policy', 'line', 'bill'] as const

const TYPES: Readonly<Record<FactType, Record<DocumentLanguage, string>>> = {
  int: { en: 'whole number', zh: '整数' },
  bool: { en: 'true or false', zh: '是/否（true/false）' },
  string: { en: 'text', zh: '文本' },
  money: { en: 'money', zh: '金额' },
  date: { en: 'date', zh: '日期' },
  strings: { en: 'list of texts', zh: '文本列表' },
}

function factsDocument(language: DocumentLanguage): string {
  const words = WORDS[language]
  const sections = GROUP_NAMES.flatMap((group) => {
    const rows = Object.entries<FactTrait>(FACTS[group]).map(([name, trait]) => [
      `\`${group}.${name}\``,
      TYPES[trait.type][language],
      trait.derived === true ? `${trait[language]}${words.derived}` : trait[language],
      (trait.values ?? []).map((value) => `\`${value}\``).join(' '),
      trait.national === undefined ? '' : `\`${trait.national}\``,
    ])
    return [`## ${GROUPS[group][language]}`, table(words.heading, rows)]
  })
  return [`# ${words.title}`, words.other, words.opening, ...sections, ''].join('\n\n')
}

describe.each(LANGUAGES)('facts document, %s', (language) => {
  it('is what the table of facts says', async () => {
    const path = documentPath('facts', language)
    await expect(await formatted(factsDocument(language), path)).toMatchFileSnapshot(path)
  })
})
