import type { ErrorTrait } from './trait.ts'

/** Amounts and rates; wire numbers 100–199. */
export const MONEY_CODES = {
  AMOUNT_MALFORMED: {
    wire: 100,
    retryable: false,
    zh: '金额“{text}”不是以元为单位、最多两位小数的十进制数',
    en: 'amount "{text}" is not a decimal number of yuan with at most two places',
    doZh: '按“1234.50”的形式填写；1.8 万写作 18000.00',
    doEn: 'write it like "1234.50"; 1.8 万 is 18000.00',
  },
  AMOUNT_NOT_WHOLE_FEN: {
    wire: 101,
    retryable: false,
    zh: '金额“{text}”含有不足一分的部分，系统不会擅自舍入',
    en: 'amount "{text}" holds a part of a fen, and nothing is rounded silently',
    doZh: '由出具金额的一方舍入到分后再填写',
    doEn: 'have whoever issued the amount round it to the fen, then write that',
  },
  AMOUNT_OUT_OF_RANGE: {
    wire: 102,
    retryable: false,
    zh: '金额“{text}”超出可精确计算的范围（绝对值不超过 90071992547409.91 元）',
    en: 'amount "{text}" is outside the exact range (at most 90071992547409.91 yuan either way)',
    doZh: '核对金额的位数与单位（元，不是分）',
    doEn: 'check its digits and its unit (yuan, not fen)',
  },
  RATE_MALFORMED: {
    wire: 110,
    retryable: false,
    zh: '比例“{text}”不是非负的小数、百分数或分数',
    en: 'rate "{text}" is not a non-negative decimal, percentage or fraction',
    doZh: '按“0.85”“85%”或“2/37”的形式填写',
    doEn: 'write it like "0.85", "85%" or "2/37"',
  },
  RATE_DENOMINATOR_ZERO: {
    wire: 111,
    retryable: false,
    zh: '比例“{text}”的分母为零',
    en: 'rate "{text}" has a denominator of zero',
    doZh: '改正分母',
    doEn: 'correct the denominator',
  },
  RATE_OUT_OF_RANGE: {
    wire: 112,
    retryable: false,
    zh: '比例“{text}”的分子或分母太大，无法精确表示',
    en: 'rate "{text}" has a numerator or denominator too large to hold exactly',
    doZh: '减少比例的小数位数，分子和分母约分后都不得超过 9007199254740991',
    doEn: 'use fewer places: reduced, neither may exceed 9007199254740991',
  },
  DIVISION_BY_ZERO: {
    wire: 120,
    retryable: false,
    zh: '计算中出现除以零',
    en: 'a calculation divides by zero',
    doZh: '在公式中先判断除数是否为零',
    doEn: 'let the formula test the divisor before it divides',
  },
} as const satisfies Record<string, ErrorTrait>
