import type { ErrorTrait } from './trait.ts'

/** Catalogue files and entries; wire numbers 200–299. */
export const CATALOG_CODES = {
  CATALOG_ROW_MALFORMED: {
    wire: 200,
    retryable: false,
    zh: '目录第 {row} 行“{field}”的值“{value}”不符合要求：{why}',
    en: 'catalogue row {row}: value "{value}" of "{field}" is not acceptable: {why}',
    doZh: '改正该行后重新导入；其余行未受影响',
    doEn: 'correct the row and load the file again; nothing was loaded',
  },
} as const satisfies Record<string, ErrorTrait>
