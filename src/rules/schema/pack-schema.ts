import { WIRE_FIELDS } from '../kind.ts'
import { BENEFIT_DEFINITIONS } from './benefit-schema.ts'
import { COUNTER_DEFINITIONS } from './counter-schema.ts'
import {
  about,
  closedMap,
  conditional,
  listOf,
  oneOfWords,
  reference,
  type SchemaNode,
} from './schema-node.ts'
import { SHARED_DEFINITIONS, effectiveSchema } from './shared-definitions.ts'
import { VALUE_DEFINITIONS } from './value-schema.ts'
import { COUNTER_NAME_PATTERN, NAME_PATTERN, PACK_ID_PATTERN } from './word-patterns.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
const PACK_ID: SchemaNode = { type: 'string', pattern: PACK_ID_PATTERN }

const PAYER: SchemaNode = {
  ...about('支付方', 'payer', '谁付钱', 'Who pays'),
  ...closedMap(
    {
      id: reference('name'),
      name: reference('title'),
      wire: {
        ...about(
          '国家接口字段',
          'national field',
          'setlinfo 中承载该支付方的字段；省略为不在国家结算内',
          'Field of setlinfo that carries it; absent: beside the national settlement',
        ),
        ...oneOfWords(WIRE_FIELDS),
      },
      fundPayType: reference('code'),
    },
    ['id'],
  ),
}

const PARAMETERS: SchemaNode = {
  ...about(
    '参数',
    'parameters',
    '年度通知可以只改这里；用 $名称 引用',
    'What a yearly notice changes; used as $name',
  ),
  type: 'object',
  propertyNames: { pattern: NAME_PATTERN },
  additionalProperties: reference('value'),
}

const LIST: SchemaNode = {
  ...about(
    '清单',
    'list',
    '药品、诊断、医院等编码；写在这里或放在旁边的文件里',
    'Codes of drugs, diagnoses, hospitals: here, or in a file beside the pack',
  ),
  ...closedMap({
    items: {
      ...about('内容', 'items', '编码或名称', 'Codes or names'),
      ...listOf(reference('code')),
    },
    file: {
      ...about('文件', 'file', '相对于包的路径', 'Path relative to the pack'),
      ...reference('text'),
    },
    column: {
      ...about(
        '列',
        'column',
        'CSV 的列名；省略为每行一项',
        'Column of the CSV; without it one item a line',
      ),
      ...reference('text'),
    },
    match: {
      ...about('匹配', 'match', 'exact（默认）或 prefix', 'exact (default) or prefix'),
      ...oneOfWords(['exact', 'prefix']),
    },
  }),
  minProperties: 1,
}

const PACKAGE = closedMap(
  {
    id: reference('name'),
    title: reference('title'),
    clause: reference('clause'),
    when: reference('expression'),
    standard: reference('value'),
  },
  ['id', 'clause', 'when', 'standard'],
)

function yuan(titleZh: string, titleEn: string): SchemaNode {
  return {
    ...about(titleZh, titleEn, '以元为单位', 'In yuan'),
    type: ['string', 'number'],
  }
}

const CASE = closedMap(
  {
    name: {
      ...about('案例名', 'name', '不重复', 'Unique in the pack'),
      ...reference('text'),
    },
    given: {
      ...about(
        '账单',
        'bill',
        '简写的账单；累计写短名，如 in-scope.deductible',
        'A bill document in short form; counters by their short names, such as in-scope.deductible',
      ),
      type: 'object',
    },
    policy: {
      ...about(
        '保单',
        'policy',
        '覆盖或补充默认保单的事实',
        'Facts that replace or complete those of the assumed policy',
      ),
      type: 'object',
    },
    expect: {
      ...about('应得结果', 'expected', '金额以元为单位', 'Amounts in yuan'),
      ...closedMap({
        payment: yuan('本包支付', 'payment of this pack'),
        patient: yuan('患者负担', "the patient's share"),
        fixed: yuan('定额给付', 'fixed benefits'),
        benefits: {
          ...about('各项待遇的支付', 'payment of each benefit', '编号: 金额', 'id: amount'),
          type: 'object',
          additionalProperties: yuan('支付', 'payment'),
        },
        refused: {
          ...about('应被拒绝', 'refused', '错误代码', 'Code of the refusal'),
          ...reference('text'),
        },
      }),
      minProperties: 1,
    },
  },
  ['name', 'given', 'expect'],
)

const CASES: SchemaNode = {
  ...about('自带案例', 'cases', '由 qingfen pack test 运行', 'Run by qingfen pack test'),
  ...listOf(CASE),
}

const PACK_PROPERTIES: Readonly<Record<string, SchemaNode>> = {
  pack: {
    ...about(
      '包',
      'pack',
      '编号；同一包的各版本编号相同、有效期不同',
      'Id; versions of one pack share it and differ by `effective`',
    ),
    ...PACK_ID,
  },
  kind: reference('kind'),
  title: reference('title'),
  payer: PAYER,
  jurisdiction: reference('code'),
  product: {
    ...about(
      '产品',
      'product',
      '保单所指；默认为包编号',
      'What policies name; default: the pack id',
    ),
    ...PACK_ID,
  },
  effective: effectiveSchema(true),
  source: reference('source'),
  covers: {
    ...about('覆盖人群', 'covers', '成立才适用', 'The pack applies only where this holds'),
    ...reference('expression'),
  },
  requires: {
    ...about(
      '前提',
      'requires',
      'policy：须持有本产品的保单，每张保单一层',
      'policy: only for holders of a policy of this product, one layer for each',
    ),
    ...oneOfWords(['policy']),
  },
  parameters: PARAMETERS,
  lists: {
    ...about('清单', 'lists', '条件中用 inList(值, "名称")', 'Used as inList(value, "name")'),
    type: 'object',
    propertyNames: { pattern: NAME_PATTERN },
    additionalProperties: LIST,
  },
  counters: {
    ...about('累计', 'counters', '可共用的累计', 'Running totals that may be shared'),
    type: 'object',
    propertyNames: { pattern: COUNTER_NAME_PATTERN },
    additionalProperties: reference('counter'),
  },
  packages: {
    ...about('单病种定额', 'package prices', '', 'The stay costs the standard whatever its lines'),
    ...listOf(PACKAGE),
  },
  benefits: {
    ...about('待遇', 'benefits', '按次序计算', 'Computed in this order'),
    ...listOf(reference('benefit')),
  },
  cases: CASES,
}

const DEFINITIONS = {
  ...SHARED_DEFINITIONS,
  ...VALUE_DEFINITIONS,
  ...COUNTER_DEFINITIONS,
  ...BENEFIT_DEFINITIONS,
}

const PACK: SchemaNode = closedMap(PACK_PROPERTIES, [
  'pack',
  'kind',
  'payer',
  'effective',
  'source',
  'benefits',
])

const AMENDMENT: SchemaNode = closedMap(
  {
    amends: {
      ...about('修改哪个包', 'amends', '只改参数', 'Id of the pack whose parameters it changes'),
      ...PACK_ID,
    },
    effective: effectiveSchema(true),
    source: reference('source'),
    parameters: { ...PARAMETERS, minProperties: 1 },
    cases: CASES,
  },
  ['amends', 'effective', 'source', 'parameters'],
)

/** Published schema of a rule pack, or of a notice (`amends`) that changes a pack's parameters. */
export const PACK_SCHEMA: SchemaNode = {
  $schema: DIALECT,
  $id: 'urn:qingfen:schema:pack',
  ...about(
    '规则包',
    'rule pack',
    '一个支付方一段时期的规则；或只改参数的年度通知',
    "One payer's rules for a period; or a notice that changes only parameters",
  ),
  type: 'object',
  ...conditional({ required: ['amends'] }, reference('amendment'), reference('pack')),
  $defs: { pack: PACK, amendment: AMENDMENT, ...DEFINITIONS },
}
