import type { Settlement } from '../../adjudication/settlement.ts'
import type { PackKind } from '../../rules/kind.ts'
import type { Bilingual, RulePack } from '../../rules/pack.ts'

/** Short headings of the kinds of layer: four Chinese characters, eight Latin ones. */
const KIND_LABELS: Readonly<Record<PackKind, Bilingual>> = {
  basic: { zh: '基本医保', en: 'Basic' },
  'large-amount': { zh: '大额补助', en: 'Large' },
  'major-illness': { zh: '大病保险', en: 'Major' },
  'civil-servant': { zh: '公务员', en: 'Civil' },
  'enterprise-supplement': { zh: '企业补充', en: 'Employer' },
  'medical-aid': { zh: '医疗救助', en: 'Aid' },
  'tilt-aid': { zh: '倾斜救助', en: 'Tilt aid' },
  'mutual-aid': { zh: '职工互助', en: 'Mutual' },
  'long-term-care': { zh: '长护保险', en: 'Care' },
  hospital: { zh: '医院承担', en: 'Hospital' },
  commercial: { zh: '商业保险', en: 'Insurer' },
  charity: { zh: '慈善救助', en: 'Charity' },
}

export interface PayerLabel {
  /** Heading of its column; a number tells payers of one kind apart. */
  readonly heading: Bilingual
  /** Full name. */
  readonly name: Bilingual
}

/** One label for each payer of the settlement, in its order; names come from the packs. */
export function payerLabels(
  { payers }: Pick<Settlement, 'payers'>,
  packs: readonly Pick<RulePack, 'id' | 'payer'>[],
): readonly PayerLabel[] {
  return payers.map((payer, index) => {
    const before = payers.slice(0, index).filter(({ kind }) => kind === payer.kind).length
    const several = payers.filter(({ kind }) => kind === payer.kind).length > 1
    const number = several ? String(before + 1) : ''
    const { zh, en } = KIND_LABELS[payer.kind]
    const known = packs.find(({ id }) => id === payer.pack)?.payer.name
    return {
      heading: { zh: `${zh}${number}`, en: `${en}${number}` },
      name: known ?? { zh: payer.id, en: payer.id },
    }
  })
}
