import type { Bilingual } from '../pack.ts'
import type { ShownChange } from './pack-changes.ts'

/** What people call the parts of a pack, where its own word is not theirs. */
const WORDS: Readonly<Record<string, string>> = {
  adjustments: '比例调整',
  amount: '金额',
  bands: '分段',
  base: '基数',
  benefits: '责任',
  cases: '案例',
  clause: '条款',
  counters: '累计',
  covers: '参保范围',
  deductible: '起付线',
  effective: '有效期',
  firstShares: '先行自付',
  fixed: '定额给付',
  floor: '保底',
  from: '起',
  itemLimits: '单项限额',
  items: '项目',
  limits: '限额',
  lines: '适用明细',
  lists: '清单',
  packages: '病种定额',
  parameters: '参数',
  payer: '付款方',
  rate: '比例',
  rows: '行',
  source: '依据',
  standard: '定额标准',
  title: '名称',
  to: '止',
  upTo: '上限',
  waitingDays: '等待期',
  weight: '权重',
  when: '条件',
}

/** A change as a sentence. */
export function changeWords({ path, before = '', after = '', whole }: ShownChange): Bilingual {
  const zh = path.replaceAll(/(?<=^|\.)[A-Za-z]+/g, (word) => WORDS[word] ?? word)
  if (whole === 'added' || (whole === undefined && before === '')) {
    const value = after === '' ? '' : `：${after}`
    return { zh: `新增 ${zh}${value}`, en: `${path} is added${after === '' ? '' : `: ${after}`}` }
  }
  if (whole === 'removed' || after === '') {
    const value = before === '' ? '' : `（原为 ${before}）`
    return {
      zh: `删除 ${zh}${value}`,
      en: `${path} is removed${before === '' ? '' : ` (was ${before})`}`,
    }
  }
  return {
    zh: `${zh} 由 ${before} 改为 ${after}`,
    en: `${path} changes from ${before} to ${after}`,
  }
}
