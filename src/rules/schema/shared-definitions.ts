import { CATEGORIES } from '../category.ts'
import { PACK_KINDS } from '../kind.ts'
import { PACK_LIMITS } from '../limits.ts'
import { about, closedMap, listOf, oneOfWords, reference, type SchemaNode } from './schema-node.ts'
import { NAME_PATTERN, TEXT_PATTERN } from './word-patterns.ts'

/** What packs and profiles both use. */
export const SHARED_DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  text: { type: 'string', pattern: TEXT_PATTERN, maxLength: PACK_LIMITS.textCharactersMax },
  code: {
    ...about(
      '代码',
      'code',
      '代码或编号；不带引号的整数也按原文读取',
      'A code; a whole number without quotes is read as it is written',
    ),
    type: ['string', 'integer'],
  },
  name: {
    ...about(
      '编号',
      'id',
      '字母、数字、_ 和 -，在包内不重复',
      'Letters, digits, _ and -, unique in its place',
    ),
    type: 'string',
    pattern: NAME_PATTERN,
  },
  title: {
    ...about(
      '名称',
      'title',
      '给人看的名称；一个字符串，或中英文各一',
      'Name for people: one string for both languages, or one for each',
    ),
    type: ['string', 'object'],
    maxLength: PACK_LIMITS.textCharactersMax,
    properties: {
      zh: { ...about('中文', 'Chinese', '中文名称', 'Name in Chinese'), ...reference('text') },
      en: { ...about('英文', 'English', '英文名称', 'Name in English'), ...reference('text') },
    },
    required: ['zh', 'en'],
    additionalProperties: false,
  },
  date: {
    ...about('日期', 'date', 'YYYY-MM-DD，须是真实日期', 'YYYY-MM-DD, a day that exists'),
    type: 'string',
  },
  dateBasis: {
    ...about(
      '按哪个日期',
      'date basis',
      '结算日（默认）、入院日、出院日或费用发生日；选版本、定期间、看保单是否在保',
      'Day of settlement (default), admission, discharge or of each fee line: chooses version and periods, and whether the policy is in force',
    ),
    ...oneOfWords(['settlement', 'admission', 'discharge', 'line']),
  },
  clause: {
    ...about('条款', 'clause', '出自依据的第几条', 'The clause of the source it comes from'),
    ...reference('text'),
  },
  source: {
    ...about(
      '依据',
      'source',
      '文件名、文号、条款或网址',
      'The document these rules come from: name, number or address',
    ),
    ...reference('text'),
  },
  kind: {
    ...about('层的种类', 'kind of layer', '由谁、在第几层支付', 'Who pays and at which layer'),
    ...oneOfWords(PACK_KINDS),
  },
  category: {
    ...about(
      '余额类别',
      'residual category',
      '还没有人付的部分及其原因；inScope 指目录范围内尚未支付的全部',
      'What is unpaid and why; inScope is the whole unpaid in-scope part',
    ),
    ...oneOfWords(CATEGORIES),
  },
}

export const CATEGORY_LIST: SchemaNode = { ...listOf(reference('category')), uniqueItems: true }

export function effectiveSchema(withBasis: boolean): SchemaNode {
  const properties = { from: reference('date'), to: reference('date') }
  return {
    ...about(
      '有效期',
      'in force',
      '起止日期均含当日；to 省略为长期有效',
      'First and last day, both included; without `to` there is no end',
    ),
    ...closedMap(withBasis ? { ...properties, by: reference('dateBasis') } : properties, ['from']),
  }
}
