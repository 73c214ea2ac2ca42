import type { ErrorTrait } from './trait.ts'

/** What the independent verifier finds in a settlement; wire numbers 700–749. Each of them is a bug, never a bad bill. */
export const VERIFY_CODES = {
  VERIFY_NUMBER_NOT_WHOLE: {
    wire: 700,
    retryable: false,
    zh: '结算中的数值 {stated} 不是可精确计算范围内的整数',
    en: 'the settlement holds {stated}, which is not a whole number in the exact range',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
  VERIFY_AMOUNT_DIFFERS: {
    wire: 701,
    retryable: false,
    zh: '{step} 的 {part}：重新计算为 {recomputed}，结算记载为 {stated}',
    en: '{part} of {step}: recomputed {recomputed}, the settlement says {stated}',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
  VERIFY_FACT_DIFFERS: {
    wire: 702,
    retryable: false,
    zh: '{step} 的 {part}：应为“{recomputed}”，结算记载为“{stated}”',
    en: '{part} of {step} should be "{recomputed}", the settlement says "{stated}"',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
  VERIFY_REFERENCE_UNKNOWN: {
    wire: 703,
    retryable: false,
    zh: '{step} 的 {part} 指向不存在的 {stated}',
    en: '{part} of {step} points to {stated}, which does not exist',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
  VERIFY_AMOUNT_NEGATIVE: {
    wire: 704,
    retryable: false,
    zh: '{step} 的 {part} 为负数：{stated}',
    en: '{part} of {step} is negative: {stated}',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
  VERIFY_NOT_CONSERVED: {
    wire: 705,
    retryable: false,
    zh: '{part} 的金额 {stated} 与各支付方、医院和患者承担之和 {recomputed} 不相等',
    en: 'the amount {stated} of {part} is not what payers, hospital and patient bear together, {recomputed}',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
  VERIFY_DENOMINATOR_ZERO: {
    wire: 706,
    retryable: false,
    zh: '{step} 的 {part} 是为零的分母',
    en: '{part} of {step} is a denominator of zero',
    doZh: '不要使用该结算；把账单与规则包交给系统维护方',
    doEn: 'do not use the settlement; hand the bill and the packs to the maintainers',
  },
} as const satisfies Record<string, ErrorTrait>
