import type { ErrorTrait } from './trait.ts'

/** Amounts and rates; wire numbers 100–199. */
export const MONEY_CODES = {
  AMOUNT_MALFORMED: {
    wire: 100,
    retryable: false,
    zh: '金额“{text}”不是以元为单位、最多两位小数的十进制数',
    en: 'amount "{text}" is not a decimal number of yuan with at most two places',
    doZh: '按“1234.50”的形式填写',
    doEn: 'write it like "1234.50"',
  },
} as const satisfies Record<string, ErrorTrait>
