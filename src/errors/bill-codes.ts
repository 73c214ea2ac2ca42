import type { ErrorTrait } from './trait.ts'

/** Bills, coverage and adjudication; wire numbers 500–699. */
export const BILL_CODES = {
  BILL_EMPTY: {
    wire: 500,
    retryable: false,
    zh: '账单没有任何明细',
    en: 'the bill has no lines',
    doZh: '至少上传一条费用明细再结算',
    doEn: 'upload at least one fee line before settling',
  },
} as const satisfies Record<string, ErrorTrait>
