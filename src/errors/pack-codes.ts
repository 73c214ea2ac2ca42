import type { ErrorTrait } from './trait.ts'

/** Rule packs and jurisdiction profiles; wire numbers 300–499. */
export const PACK_CODES = {
  PACK_NOT_YAML: {
    wire: 300,
    retryable: false,
    zh: '文件不是合法的 YAML 或 JSON：{why}',
    en: 'the file is not valid YAML or JSON: {why}',
    doZh: '按所示行列改正语法',
    doEn: 'correct the syntax at the line and column shown',
  },
} as const satisfies Record<string, ErrorTrait>
