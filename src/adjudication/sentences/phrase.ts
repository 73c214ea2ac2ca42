import { fen, formatYuanGrouped } from '../../money/fen.ts'
import { formatRate, rate } from '../../money/rate.ts'
import type { PackKind } from '../../rules/kind.ts'
import type { CellAmounts } from '../explanation.ts'

/** The same words in plain Chinese and in English; a part of a sentence has no full stop. */
export interface Phrase {
  readonly zh: string
  readonly en: string
}

export function phrase(zh: string, en: string): Phrase {
  return { zh, en }
}

/** One sentence: an opening, a colon, and the parts in order. */
export function sentenceOf(opening: Phrase, parts: readonly Phrase[]): Phrase {
  return {
    zh: `${opening.zh}：${parts.map(({ zh }) => zh).join('，')}。`,
    en: `${opening.en}: ${parts.map(({ en }) => en).join(', ')}.`,
  }
}

/** "1,234.50" */
export function yuan(amount: number): string {
  return formatYuanGrouped(fen(amount))
}

/** "85%", or "2/37" where no percentage is exact. */
export function percent(num: number, den: number): string {
  return formatRate(rate(num, den))
}

export function sumOf(amounts: CellAmounts): number {
  return amounts.amounts.reduce((sum, amount) => sum + amount, 0)
}

/** As the patient's settlement sheet names them. */
export const KIND_NAMES: Readonly<Record<PackKind, Phrase>> = {
  basic: { zh: '基本医保', en: 'Basic insurance' },
  'large-amount': { zh: '大额医疗补助', en: 'Large-amount subsidy' },
  'major-illness': { zh: '大病保险', en: 'Major illness insurance' },
  'civil-servant': { zh: '公务员医疗补助', en: 'Civil servant subsidy' },
  'enterprise-supplement': { zh: '企业补充医疗保险', en: 'Enterprise supplement' },
  'medical-aid': { zh: '医疗救助', en: 'Medical aid' },
  'tilt-aid': { zh: '倾斜救助', en: 'Tilt aid' },
  'mutual-aid': { zh: '互助保障', en: 'Mutual aid' },
  'long-term-care': { zh: '长期护理保险', en: 'Long-term care insurance' },
  hospital: { zh: '医院承担', en: 'Hospital' },
  commercial: { zh: '商业保险', en: 'Commercial insurance' },
  charity: { zh: '慈善救助', en: 'Charity' },
}

/** Kind, title and clause: who pays, under which heading of its rules. */
export function heading(
  kind: PackKind | undefined,
  item: { readonly titleZh: string; readonly titleEn: string; readonly clause: string },
): Phrase {
  const name = kind === undefined ? phrase('', '') : KIND_NAMES[kind]
  const zh = name.zh === item.titleZh ? item.titleZh : `${name.zh}“${item.titleZh}”`
  const en = name.en === item.titleEn ? item.titleEn : `${name.en} "${item.titleEn}"`.trimStart()
  return { zh: `${zh}（${item.clause}）`, en: `${en} (${item.clause})` }
}
