import { NO_CHARGE_TYPE, PACKAGE_LINE } from '../../engine/replay/split-amounts.ts'
import type { Bilingual } from '../../rules/pack.ts'

/** Names of the national charge categories (med_chrgitm_type). */
const LABELS: Readonly<Record<string, Bilingual>> = {
  '01': { zh: '床位费', en: 'bed' },
  '02': { zh: '诊察费', en: 'consultation' },
  '03': { zh: '检查费', en: 'examination' },
  '04': { zh: '化验费', en: 'laboratory' },
  '05': { zh: '治疗费', en: 'treatment' },
  '06': { zh: '手术费', en: 'surgery' },
  '07': { zh: '护理费', en: 'nursing' },
  '08': { zh: '卫生材料费', en: 'materials' },
  '09': { zh: '西药费', en: 'western medicine' },
  '10': { zh: '中药饮片费', en: 'herbal pieces' },
  '11': { zh: '中成药费', en: 'Chinese patent medicine' },
  '12': { zh: '一般诊疗费', en: 'general treatment' },
  '13': { zh: '挂号费', en: 'registration' },
  '14': { zh: '其他费', en: 'other' },
  [NO_CHARGE_TYPE]: { zh: '未注明类别', en: 'no charge type stated' },
  [PACKAGE_LINE]: { zh: '病种差额', en: 'package adjustment' },
}

/** A code that is none of them stands for itself. */
export function chargeTypeLabel(type: string): Bilingual {
  return LABELS[type] ?? { zh: type, en: type }
}
