import { CATEGORIES } from '../category.ts'
import { PACK_KINDS } from '../kind.ts'
import { COUNTER_USE_PROPERTIES } from './counter-schema.ts'
import {
  about,
  closedMap,
  conditional,
  listOf,
  oneOfWords,
  reference,
  scalarOrMap,
  type SchemaNode,
} from './schema-node.ts'
import { COUNTER_NAME_PATTERN } from './word-patterns.ts'

const VALUE = reference('value')
const EXPRESSION = reference('expression')
const CLAUSE: SchemaNode = reference('clause')
const COUNTER_NAME: SchemaNode = {
  ...about('累计', 'counter', '已声明的累计的名称', 'Name of a declared counter'),
  type: 'string',
  pattern: COUNTER_NAME_PATTERN,
}

const LIMIT_ON = [
  'payment',
  'base',
  'baseAfterDeductible',
  'deductible',
  'patientShare',
  'days',
  'times',
  'quantity',
] as const

const COUNTED = ['base', 'payment', 'deductible', 'patientShare', 'times', 'days'] as const

const WEIGHTS = Object.fromEntries(CATEGORIES.map((category) => [category, VALUE]))

const FROM_ITEM: SchemaNode = {
  type: ['string', 'object'],
  ...scalarOrMap(oneOfWords(CATEGORIES), closedMap({ lines: EXPRESSION }, ['lines'])),
}

const BASE_ITEM: SchemaNode = {
  ...about(
    '基数的一项',
    'part of the base',
    '类别；或 类别: 权重；或 { category, weight, lines }',
    'A category; or category: weight; or { category, weight, lines }',
  ),
  type: ['string', 'object'],
  ...scalarOrMap(oneOfWords(CATEGORIES), {
    ...closedMap({
      category: reference('category'),
      weight: VALUE,
      lines: EXPRESSION,
      ...WEIGHTS,
    }),
    minProperties: 1,
    dependentRequired: { weight: ['category'], lines: ['category'] },
  }),
}

/** A floor is a share of the cost as it is: a weight would go unheard. */
const FLOOR_ITEM: SchemaNode = {
  ...about(
    '保底基数的一项',
    'part of the base of a floor',
    '类别；或 { category, lines }',
    'A category; or { category, lines }',
  ),
  type: ['string', 'object'],
  ...scalarOrMap(
    oneOfWords(CATEGORIES),
    closedMap({ category: reference('category'), lines: EXPRESSION }, ['category']),
  ),
}

const DEDUCTIBLE: SchemaNode = {
  ...about('起付线', 'deductible', '金额，或展开写法', 'An amount, or the long form'),
  type: ['string', 'number', 'object'],
  ...scalarOrMap(
    {},
    closedMap(
      {
        amount: VALUE,
        ...COUNTER_USE_PROPERTIES,
        taken: {
          ...about(
            '何时扣',
            'taken',
            'before：先从基数扣；afterRate：按比例算后再扣',
            'before: off the base before the rate; afterRate: off the payment',
          ),
          ...oneOfWords(['before', 'afterRate']),
        },
        from: {
          ...about('先从哪里扣', 'taken from', '依次；其余随后', 'In this order; then the rest'),
          ...listOf(FROM_ITEM),
        },
        filledBy: {
          ...about(
            '可抵起付线的支付',
            'filled by',
            '这些层此前的支付也计入起付线；social 指各社保层',
            'Earlier payments of these kinds fill it too; social: every social layer',
          ),
          ...listOf(oneOfWords(['social', ...PACK_KINDS])),
        },
      },
      ['amount'],
    ),
  ),
}

const BAND = closedMap(
  {
    upTo: {
      ...about('上限', 'up to', '含本数；最后一段可省略', 'Inclusive; the last band may omit it'),
      ...VALUE,
    },
    rate: VALUE,
  },
  ['rate'],
)

const ADJUSTMENT: SchemaNode = {
  ...closedMap({
    when: EXPRESSION,
    add: VALUE,
    subtract: VALUE,
    multiply: VALUE,
    set: VALUE,
    clause: CLAUSE,
  }),
  minProperties: 1,
}

const LIMIT = closedMap(
  {
    id: reference('name'),
    on: {
      ...about(
        '限什么',
        'on',
        '支付、基数、扣起付线后的基数、起付线、患者负担、天数、次数、数量',
        'Payment, base, base after the deductible, deductible, patient share, days, times, quantity (each code by itself)',
      ),
      ...oneOfWords(LIMIT_ON),
    },
    amount: VALUE,
    ...COUNTER_USE_PROPERTIES,
    when: EXPRESSION,
    overCap: {
      ...about(
        '超限部分',
        'over the cap',
        'base：折回基数（默认）；payment：只截断支付',
        'base: turned back into base (default); payment: the payment is simply cut off',
      ),
      ...oneOfWords(['base', 'payment']),
    },
    clause: CLAUSE,
  },
  ['on', 'amount'],
)

const ITEM_LIMIT = closedMap(
  {
    per: {
      ...about(
        '按什么分组',
        'group',
        '每行、每个编码、每单位、每日',
        'Each line, each code, each unit of quantity, each date',
      ),
      ...oneOfWords(['line', 'item', 'unit', 'day']),
    },
    amount: VALUE,
    lines: EXPRESSION,
    within: {
      ...about(
        '期间',
        'within',
        '在此期间内累计；省略为只看本次',
        'The cap runs over this period; without it over this bill alone',
      ),
      ...reference('period'),
    },
    counter: COUNTER_NAME,
    owner: reference('owner'),
    key: EXPRESSION,
  },
  ['per', 'amount'],
)

const FIRST_SHARE: SchemaNode = {
  ...about(
    '首先自付',
    'first share',
    '基数中患者先负担的比例；一个值，或 { when, rate, clause } 的列表',
    'Share of the base the patient bears first: a value, or a list of { when, rate, clause }',
  ),
  ...conditional(
    { type: 'array' },
    {
      minItems: 1,
      items: closedMap({ when: EXPRESSION, rate: VALUE, clause: CLAUSE }, ['rate']),
    },
    VALUE,
  ),
}

const FIXED = closedMap(
  {
    per: {
      ...about('按什么给付', 'per', 'day：金额乘天数；once：一次', 'day: amount × days; once'),
      ...oneOfWords(['day', 'once']),
    },
    amount: VALUE,
    days: VALUE,
    waitingDays: VALUE,
  },
  ['per', 'amount'],
)

const BENEFIT_PROPERTIES: Readonly<Record<string, SchemaNode>> = {
  id: reference('name'),
  title: reference('title'),
  clause: CLAUSE,
  when: {
    ...about('适用条件', 'when', '不满足则本项不支付', 'Not met: this benefit does nothing'),
    ...EXPRESSION,
  },
  lines: {
    ...about('适用明细', 'lines', '哪些费用明细', 'Which lines it looks at'),
    ...EXPRESSION,
  },
  waiting: {
    ...about(
      '等待期',
      'waiting period',
      '自保单起期那天起的天数，按包的日期（by）算',
      'Days from the start of the policy, measured on the date the pack goes by',
    ),
    ...closedMap({ days: VALUE, except: EXPRESSION }, ['days']),
  },
  settledBy: {
    ...about(
      '结算方式',
      'settled by',
      'direct：只在窗口；supplement：只在补结算；省略为都可以',
      'direct: only at the counter; supplement: only afterwards; absent: both',
    ),
    ...oneOfWords(['direct', 'supplement']),
  },
  requiresSettled: {
    ...about('须先结算', 'requires', '这些层须已参与', 'These kinds must have taken part'),
    ...listOf(reference('kind')),
  },
  base: {
    ...about('基数', 'base', '哪些余额进入计算', 'Which unpaid categories count'),
    ...listOf(BASE_ITEM),
  },
  of: {
    ...about(
      '按什么计',
      'of',
      'residual：剩余（默认）；cost：费用本身',
      'residual: what is left (default); cost: the cost before earlier payers',
    ),
    ...oneOfWords(['residual', 'cost']),
  },
  firstShare: FIRST_SHARE,
  itemLimits: {
    ...about(
      '单项限额',
      'item limits',
      '每行、每项、每单位、每日的限额',
      'Caps on groups of lines',
    ),
    ...listOf(ITEM_LIMIT),
  },
  deductible: DEDUCTIBLE,
  rate: {
    ...about('比例', 'rate', '只有一段时的写法', 'Short for a single band'),
    ...VALUE,
  },
  bands: {
    ...about('分段', 'bands', '由低到高，逐段累进', 'From low to high, each at its own rate'),
    ...listOf(BAND),
  },
  axis: {
    ...about(
      '分段从哪里量',
      'axis',
      '含起付线（默认）或起付线以上',
      'Including the deductible (default) or above it',
    ),
    ...oneOfWords(['includingDeductible', 'aboveDeductible']),
  },
  bandsPer: {
    ...about('分段的期间', 'bands per', '默认每次就诊', 'Default: each visit'),
    ...reference('period'),
  },
  bandsCounter: {
    ...about('分段的累计', 'bands counter', '代替 bandsPer', 'Instead of bandsPer'),
    ...COUNTER_NAME,
  },
  rounding: {
    ...about('四舍五入', 'rounding', '每段（默认）或每项', 'Each band (default) or once'),
    ...oneOfWords(['band', 'benefit']),
  },
  adjust: {
    ...about(
      '比例调整',
      'adjust',
      '依次：add、subtract、multiply 或 set',
      'In order: add, subtract, multiply or set',
    ),
    ...listOf(ADJUSTMENT),
  },
  floor: {
    ...about(
      '保底',
      'floor',
      '支付不低于费用的这一比例',
      'The payment is at least this share of the cost',
    ),
    ...closedMap(
      {
        rate: VALUE,
        base: {
          ...about(
            '保底的基数',
            'base',
            '默认 inScope、preSelfPay、overLimit、ownPay',
            'Default: inScope, preSelfPay, overLimit, ownPay',
          ),
          ...listOf(FLOOR_ITEM),
        },
        clause: CLAUSE,
      },
      ['rate'],
    ),
  },
  limits: { ...about('限额', 'limits', '各种封顶', 'Caps'), ...listOf(LIMIT) },
  fixed: {
    ...about(
      '定额给付',
      'fixed benefit',
      '津贴或一次性给付，付给患者，不抵其他支付',
      'An allowance or lump sum to the patient, beside the split',
    ),
    ...FIXED,
  },
  counts: {
    ...about('计入累计', 'counts', '把结果计入已声明的累计', 'Adds what it did to counters'),
    ...listOf(
      closedMap(
        {
          counter: COUNTER_NAME,
          what: {
            ...about('计什么', 'what', '计入累计的数', 'What is added to the counter'),
            ...oneOfWords(COUNTED),
          },
        },
        ['counter', 'what'],
      ),
    ),
  },
  bestOf: {
    ...about('择高组', 'best of', '同组取支付最高者', 'The highest payment of the group wins'),
    ...reference('name'),
  },
}

export const BENEFIT_DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  benefit: {
    ...about(
      '待遇',
      'benefit',
      '一项责任：基数、起付线、比例和限额；或定额给付',
      'One benefit: base, deductible, rate and limits; or a fixed benefit',
    ),
    ...closedMap(BENEFIT_PROPERTIES, ['id', 'clause']),
  },
}
