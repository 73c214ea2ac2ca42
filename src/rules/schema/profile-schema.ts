import {
  about,
  closedMap,
  conditional,
  listOf,
  oneOfWords,
  reference,
  type SchemaNode,
} from './schema-node.ts'
import { CATEGORY_LIST, SHARED_DEFINITIONS, effectiveSchema } from './shared-definitions.ts'
import { PACK_ID_PATTERN } from './word-patterns.ts'

const LEVELS: SchemaNode = { type: 'object', additionalProperties: oneOfWords([1, 2, 3]) }

const RANK: SchemaNode = {
  ...about(
    '一个位次',
    'rank',
    '一种层；或同位次的几种；或 { kinds, sharing, products }',
    'A kind; or several of one rank; or { kinds, sharing, products }',
  ),
  type: ['string', 'array', 'object'],
  ...conditional({ type: 'string' }, reference('kind'), {
    items: reference('kind'),
    minItems: 1,
    properties: {
      kinds: {
        ...about('种类', 'kinds', '同一位次的层', 'Kinds of this rank'),
        ...listOf(reference('kind')),
      },
      sharing: {
        ...about(
          '同位次如何分',
          'sharing',
          'listed：依次（默认）；equal：同顺位按比例分',
          'listed: one after the other (default); equal: same-priority layers share',
        ),
        ...oneOfWords(['listed', 'equal']),
      },
      products: {
        ...about('产品', 'products', '只限这些产品', 'Only these products'),
        ...listOf(reference('text')),
      },
    },
    required: ['kinds'],
    additionalProperties: false,
  }),
}

const ACCOUNT: SchemaNode = {
  ...about(
    '个人账户',
    'personal account',
    '省略则账户不支付',
    'Without it the account pays nothing',
  ),
  ...closedMap(
    {
      pots: {
        ...about('账户次序', 'pots', '依次使用', 'Used in this order'),
        ...listOf(oneOfWords(['current', 'history', 'family'])),
        uniqueItems: true,
      },
      pays: {
        ...about('可付哪些', 'pays', '未列出的不得支付', 'What is not named it may not pay'),
        ...CATEGORY_LIST,
      },
    },
    ['pots', 'pays'],
  ),
}

const PROFILE_PROPERTIES: Readonly<Record<string, SchemaNode>> = {
  profile: {
    ...about('统筹区配置', 'profile', '编号', 'Id'),
    type: 'string',
    pattern: PACK_ID_PATTERN,
  },
  title: reference('title'),
  source: reference('source'),
  effective: effectiveSchema(false),
  timeZone: {
    ...about('时区', 'time zone', '默认 Asia/Shanghai', 'Default: Asia/Shanghai'),
    ...reference('text'),
  },
  yearBy: reference('dateBasis'),
  yearStart: {
    ...about('医保年度起始', 'start of the year', 'MM-DD，默认 01-01', 'MM-DD, default 01-01'),
    type: 'string',
  },
  order: {
    ...about(
      '支付次序',
      'order of layers',
      '由先到后；未列出的种类按默认次序排在其后',
      'First to last; kinds that are not named follow in their default order',
    ),
    ...listOf(RANK),
  },
  account: ACCOUNT,
  given: {
    ...about(
      '已结算金额的去向',
      'given amounts',
      '别处已结算的金额依次抵哪些类别',
      'Categories that amounts settled elsewhere fill, in order',
    ),
    ...closedMap({
      basic: {
        ...about('基本医保', 'basic', '默认 inScope', 'Default: inScope'),
        ...CATEGORY_LIST,
      },
      funds: {
        ...about(
          '其他基金',
          'other funds',
          '默认 coinsurance、deductible、overCap、inScope、preSelfPay',
          'Default: coinsurance, deductible, overCap, inScope, preSelfPay',
        ),
        ...CATEGORY_LIST,
      },
      hospital: {
        ...about(
          '医院负担',
          'hospital',
          '默认 overLimit、preSelfPay、ownPay，然后其余',
          'Default: overLimit, preSelfPay, ownPay, then the rest',
        ),
        ...CATEGORY_LIST,
      },
    }),
  },
  hospitalLevels: {
    ...about(
      '医院级别',
      'hospital levels',
      'hosp_lv 代码到级别（起付线用）',
      'From hosp_lv code to the level used for deductibles',
    ),
    ...LEVELS,
  },
  priceLevels: {
    ...about(
      '限价级别',
      'price levels',
      'hosp_lv 代码到级别（限价用）；默认同 hospitalLevels',
      'From hosp_lv code to the level used for ceilings; default: hospitalLevels',
    ),
    ...LEVELS,
  },
  identities: {
    ...about(
      '救助身份',
      'aid identities',
      'psn_idet_type 代码到身份名称',
      'From psn_idet_type code to the word packs use',
    ),
    type: 'object',
    additionalProperties: reference('text'),
  },
  retiredPersonTypes: {
    ...about(
      '退休人员类别',
      'retired person types',
      'psn_type 的前缀，默认 12、13',
      'Prefixes of psn_type, default 12 and 13',
    ),
    type: 'array',
    items: reference('code'),
  },
  reversal: {
    ...about(
      '冲正',
      'reversal',
      '保留或严格，以及期限（天）',
      'keep or strict, and the days allowed',
    ),
    ...closedMap({
      mode: {
        ...about('方式', 'mode', '默认 keep', 'Default: keep'),
        ...oneOfWords(['keep', 'strict']),
      },
      days: {
        ...about('期限', 'days', '默认 365 天', 'Default: 365 days'),
        type: 'integer',
        minimum: 0,
        maximum: 36_500,
      },
    }),
  },
  unmatchedLines: {
    ...about(
      '目录外编码',
      'unmatched lines',
      '拒绝（默认）或作全自费',
      'Refused (default) or wholly own pay',
    ),
    ...oneOfWords(['refuse', 'ownPay']),
  },
  reopenStayEveryDays: {
    ...about(
      '长住院重新计次',
      're-open a stay',
      '每满这么多天算一次新住院',
      'A stay counts as a new admission every this many days',
    ),
    type: 'integer',
    minimum: 1,
    maximum: 36_500,
  },
}

/** Published schema of a jurisdiction profile. */
export const PROFILE_SCHEMA: SchemaNode = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:qingfen:schema:profile',
  ...about(
    '统筹区配置',
    'jurisdiction profile',
    '一个统筹区的年度、支付次序、账户和代码',
    "A jurisdiction's year, order of layers, account and codes",
  ),
  ...closedMap(PROFILE_PROPERTIES, ['profile', 'source', 'effective']),
  $defs: SHARED_DEFINITIONS,
}
