import {
  about,
  closedMap,
  oneOfWords,
  reference,
  scalarOrMap,
  type SchemaNode,
} from './schema-node.ts'
import { COUNTER_ID_PATTERN, COUNTER_NAME_PATTERN } from './word-patterns.ts'

/** Periods written as one word. `accident` and `transferChain` set the owner and last a lifetime. */
export const PERIOD_WORDS = [
  'claim',
  'visit',
  'admission',
  'day',
  'month',
  'year',
  'policyYear',
  'lifetime',
  'accident',
  'transferChain',
] as const

export const OWNERS = [
  'person',
  'family',
  'policy',
  'group',
  'stay',
  'transferChain',
  'accident',
] as const

export const COUNTER_UNITS = ['fen', 'days', 'times', 'quantity'] as const

/** Keys by which a deductible or limit says which running total it uses. */
export const COUNTER_USE_PROPERTIES: Readonly<Record<string, SchemaNode>> = {
  per: {
    ...about(
      '期间',
      'period',
      '每次理赔、就诊、住院、日、月、年、保单年、终身、事故、转院链',
      'Claim, visit, admission, day, month, year, policy year, lifetime, accident or transfer chain',
    ),
    ...reference('period'),
  },
  counter: {
    ...about(
      '共用累计',
      'shared counter',
      '已声明的累计的名称，代替 per',
      'Name of a declared counter, instead of `per`',
    ),
    type: 'string',
    pattern: COUNTER_NAME_PATTERN,
  },
  owner: reference('owner'),
  key: {
    ...about(
      '分开累计',
      'key',
      '按此表达式的值分别累计；案例里写作 名称|值',
      'One running total for each value of this; a case writes it as name|value',
    ),
    ...reference('expression'),
  },
}

export const COUNTER_DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  period: {
    type: ['string', 'object'],
    ...scalarOrMap(oneOfWords(PERIOD_WORDS), {
      ...closedMap(
        {
          policyYears: {
            ...about(
              '几个保单年',
              'policy years',
              '连续几个保单年',
              'Blocks of this many policy years',
            ),
            type: 'integer',
            minimum: 1,
            maximum: 100,
          },
        },
        ['policyYears'],
      ),
    }),
  },
  owner: {
    ...about(
      '累计归谁',
      'owner',
      '默认：个人；按保单的商业、互助、慈善包为保单；每次就诊或住院为本次住院',
      'Default: the person; the policy in packs held by policy; the stay for visits and admissions',
    ),
    ...oneOfWords(OWNERS),
  },
  counter: {
    ...about(
      '累计',
      'counter',
      '可由多项待遇共用的累计',
      'A running total that several benefits may share',
    ),
    ...closedMap(
      {
        per: COUNTER_USE_PROPERTIES['per'] ?? {},
        owner: reference('owner'),
        unit: {
          ...about('单位', 'unit', '默认 fen（金额）', 'Default: fen (money)'),
          ...oneOfWords(COUNTER_UNITS),
        },
        key: COUNTER_USE_PROPERTIES['key'] ?? {},
        shared: {
          ...about(
            '跨包共用',
            'shared',
            '同名的共用累计在各包之间是同一个',
            'Packs that declare the same shared name use one counter',
          ),
          type: 'boolean',
        },
        continues: {
          ...about(
            '延续',
            'continues',
            '沿用旧累计的完整编号',
            'Keeps the identity of an older counter, by its whole id',
          ),
          type: 'string',
          pattern: COUNTER_ID_PATTERN,
        },
      },
      ['per'],
    ),
  },
}
