import { formatEpochDay } from '../../catalog/epoch-day.ts'
import type { PackState, RulesState } from '../../ledger/record.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { inline, worded, type ShownLanguage } from '../language.ts'
import { wrap } from './columns.ts'
import { tableLines } from './table.ts'

const STATES: Readonly<Record<PackState['state'], Bilingual>> = {
  checked: { zh: '已检查', en: 'checked' },
  shadow: { zh: '试运行', en: 'shadow' },
  active: { zh: '启用', en: 'active' },
  retired: { zh: '已退出', en: 'retired' },
}
const SUSPENDED: Bilingual = { zh: '暂停', en: 'suspended' }

const HEADINGS: readonly Bilingual[] = [
  { zh: '政策包', en: 'pack' },
  { zh: '版本', en: 'version' },
  { zh: '状态', en: 'state' },
  { zh: '启用日期', en: 'in force' },
]

/** Of a hash: enough to name a version. */
const HASH_SHOWN = 12

/** The versions of a jurisdiction by pack, with their states and the days for which they were activated. */
export function packStatesText(
  jurisdiction: string,
  state: RulesState,
  shown: ShownLanguage,
  columns: number,
): string {
  const inForce = state.packs.filter((pack) => pack.state === 'active').length
  const title: Bilingual = {
    zh: `统筹区 ${jurisdiction}：${state.packs.length} 个版本，${inForce} 个启用；规则集 ${state.ruleSet.slice(0, HASH_SHOWN)}`,
    en: `${jurisdiction}: ${state.packs.length} versions, ${inForce} active; rule set ${state.ruleSet.slice(0, HASH_SHOWN)}`,
  }
  const rows = state.packs
    .toSorted((a, b) => compareText(a.id, b.id))
    .map((pack) => cellsOf(pack, state, shown))
  return [
    ...worded(title, shown).flatMap((text) => wrap(text, columns)),
    ...tableLines(HEADINGS, rows, { shown, columns }),
  ].join('\n')
}

function cellsOf(pack: PackState, { suspended }: RulesState, shown: ShownLanguage): string[] {
  const { id, hash, state, from, to } = pack
  const held = suspended.includes(hash) ? [inline(SUSPENDED, shown)] : []
  const days = state === 'active' || state === 'retired' ? `${dayText(from)} – ${dayText(to)}` : ''
  return [id, hash.slice(0, HASH_SHOWN), [inline(STATES[state], shown), ...held].join(' · '), days]
}

function dayText(day: number | undefined): string {
  return day === undefined ? '…' : formatEpochDay(day)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
