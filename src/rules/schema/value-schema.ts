import { about, closedMap, listOf, reference, scalarOrMap, type SchemaNode } from './schema-node.ts'
import { COUNTER_NAME_PATTERN } from './word-patterns.ts'

const ARGUMENTS: SchemaNode = listOf(reference('value'))
const TWO_ARGUMENTS: SchemaNode = { ...ARGUMENTS, minItems: 2, maxItems: 2 }

const ROW = closedMap(
  {
    match: {
      ...about(
        '条件',
        'match',
        '每个维度一个：值、"1|2"、"60..69"、"70.."、"*"',
        'One for each dimension: a value, "1|2", "60..69", "70..", "*"',
      ),
      type: ['array', 'string', 'number', 'boolean'],
      items: { type: ['string', 'number', 'boolean'] },
      minItems: 1,
    },
    value: reference('value'),
  },
  ['match', 'value'],
)

const TABLE_PROPERTIES: Readonly<Record<string, SchemaNode>> = {
  by: {
    ...about(
      '维度',
      'dimensions',
      '决策表按哪些表达式取值，如 [hospital.level]',
      'Expressions the table is looked up by, e.g. [hospital.level]',
    ),
    ...listOf(reference('expression')),
  },
  rows: {
    ...about(
      '行',
      'rows',
      '键: 值，多个维度逐层嵌套；或 { match, value } 的列表。每种情形须恰好匹配一行',
      'key: value, nested for several dimensions, or a list of { match, value }; exactly one row must match',
    ),
    type: ['object', 'array'],
    minItems: 1,
    minProperties: 1,
    items: ROW,
  },
  otherwise: {
    ...about('其余', 'otherwise', '没有行匹配时的值', 'Value when no row matches'),
    ...reference('value'),
  },
}

const VALUE_PROPERTIES: Readonly<Record<string, SchemaNode>> = {
  ...TABLE_PROPERTIES,
  add: { ...about('相加', 'sum', '各项之和', 'Sum of the values'), ...ARGUMENTS },
  subtract: {
    ...about('相减', 'difference', '第一项减第二项', 'The first minus the second'),
    ...TWO_ARGUMENTS,
  },
  multiply: {
    ...about(
      '相乘',
      'product',
      '各项之积；直接写的数是纯数，金额写 { yuan: "2000.00" }',
      'Product; a bare number is a plain number, money is { yuan: "2000.00" }',
    ),
    ...ARGUMENTS,
  },
  divide: {
    ...about('相除', 'quotient', '第一项除以第二项', 'The first divided by the second'),
    ...TWO_ARGUMENTS,
  },
  min: { ...about('取小', 'smallest', '各项中最小的', 'The smallest value'), ...ARGUMENTS },
  max: { ...about('取大', 'largest', '各项中最大的', 'The largest value'), ...ARGUMENTS },
  percent: {
    ...about('比例', 'percent', '[比例, 值]，即相乘', '[rate, value]: their product'),
    ...TWO_ARGUMENTS,
  },
  yuan: {
    ...about('金额', 'money', '以元为单位，最多两位小数', 'In yuan, at most two decimals'),
    type: ['string', 'number'],
  },
  fact: {
    ...about(
      '事实',
      'fact',
      '整数或金额的 CEL 表达式，如 person.age',
      'A CEL expression that is a whole number or money, e.g. person.age',
    ),
    ...reference('expression'),
  },
  counter: {
    ...about(
      '累计',
      'counter',
      '已声明的累计在本待遇之前的数值',
      'What a declared counter holds before this benefit',
    ),
    type: 'string',
    pattern: COUNTER_NAME_PATTERN,
  },
}

/** Keys of which a value map has exactly one. */
export const VALUE_FORMS = [
  'by',
  'add',
  'subtract',
  'multiply',
  'divide',
  'min',
  'max',
  'percent',
  'yuan',
  'fact',
  'counter',
] as const

/** Every key a value map may have. */
export const VALUE_KEYS: readonly string[] = Object.keys(VALUE_PROPERTIES)

export const VALUE_DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  expression: {
    ...about(
      '条件',
      'condition',
      'CEL 表达式，可读 person、visit、hospital、policy、bill，行条件还可读 line',
      'A CEL expression over person, visit, hospital, policy, bill, and line in conditions on lines',
    ),
    type: ['string', 'boolean'],
  },
  value: {
    ...about(
      '数值',
      'value',
      '金额 100.00、比例 80% 或 2/37、数 15、$参数名、决策表、公式、事实或累计',
      'Money 100.00, a rate 80% or 2/37, a number 15, $parameter, a table, a formula, a fact or a counter',
    ),
    type: ['string', 'number', 'object'],
    ...scalarOrMap(
      {},
      {
        properties: VALUE_PROPERTIES,
        additionalProperties: false,
        minProperties: 1,
        dependentRequired: { by: ['rows'], rows: ['by'], otherwise: ['rows', 'by'] },
      },
    ),
  },
}
