import { CATEGORIES, type Category } from '../category.ts'
import { PACK_KINDS, type PackKind } from '../kind.ts'
import type { AccountRule, GivenOrder, LayerRank, Profile } from '../profile.ts'
import { readMonthDay } from './calendar.ts'
import type { Findings } from './findings.ts'
import { contentHash } from './hash.ts'
import {
  bothLanguages,
  present,
  readDates,
  readOptionalText,
  readText,
  readTitle,
  readWholeNumber,
  readWord,
  readWords,
} from './read-basics.ts'
import { child, entriesOf, itemsOf, scalarText, type SourceNode } from './source-node.ts'

/** Levels of the national `hosp_lv` codes: 01–04 tertiary, 05–07 secondary, 08–11 primary or none. */
const HOSPITAL_LEVELS: Profile['hospitalLevels'] = {
  '01': 3,
  '02': 3,
  '03': 3,
  '04': 3,
  '05': 2,
  '06': 2,
  '07': 2,
  '08': 1,
  '09': 1,
  '10': 1,
  '11': 1,
}

const GIVEN: GivenOrder = {
  basic: ['inScope'],
  funds: ['coinsurance', 'deductible', 'overCap', 'inScope', 'preSelfPay'],
  hospital: [
    'overLimit',
    'preSelfPay',
    'ownPay',
    'inScope',
    'coinsurance',
    'deductible',
    'overCap',
  ],
}

/** National `psn_type`: 12 retired, 13 retired with special treatment. */
const RETIRED_PERSON_TYPES: readonly string[] = ['12', '13']

const DATE_BASES = ['settlement', 'admission', 'discharge', 'line'] as const

/** Reads one `profile:` document whose structure was checked; every problem goes to `findings`. */
export function readProfile(tree: SourceNode, findings: Findings): Profile {
  const id = readText(child(tree, 'profile'))
  const hospitalLevels = readLevels(child(tree, 'hospitalLevels')) ?? HOSPITAL_LEVELS
  const profile: Omit<Profile, 'hash'> = {
    id,
    title: readTitle(child(tree, 'title'), bothLanguages(id)),
    source: readText(child(tree, 'source')),
    effective: readDates(child(tree, 'effective'), findings),
    timeZone: readTimeZone(child(tree, 'timeZone'), findings),
    yearBy: readWord(child(tree, 'yearBy'), DATE_BASES) ?? 'settlement',
    yearStart: readYearStart(child(tree, 'yearStart'), findings),
    order: readOrder(child(tree, 'order'), findings),
    ...present('account', readAccount(child(tree, 'account'))),
    given: readGiven(child(tree, 'given')),
    hospitalLevels,
    priceLevels: readLevels(child(tree, 'priceLevels')) ?? hospitalLevels,
    identities: Object.fromEntries(
      entriesOf(child(tree, 'identities')).map(({ key, value }) => [key, readText(value)]),
    ),
    retiredPersonTypes: readPersonTypes(child(tree, 'retiredPersonTypes')),
    reversal: readReversal(child(tree, 'reversal')),
    unmatchedLines: readWord(child(tree, 'unmatchedLines'), ['refuse', 'ownPay']) ?? 'refuse',
    ...present('reopenStayEveryDays', readWholeNumber(child(tree, 'reopenStayEveryDays'))),
  }
  return { ...profile, hash: contentHash(profile) }
}

function readTimeZone(node: SourceNode | undefined, findings: Findings): string {
  const zone = readOptionalText(node) ?? 'Asia/Shanghai'
  if (node !== undefined && !Intl.supportedValuesOf('timeZone').includes(zone)) {
    findings.at(node, 'PROFILE_TIME_ZONE_UNKNOWN', { zone })
  }
  return zone
}

function readYearStart(node: SourceNode | undefined, findings: Findings): Profile['yearStart'] {
  const text = readOptionalText(node) ?? '01-01'
  const start = readMonthDay(text)
  if (start === undefined && node !== undefined) {
    findings.at(node, 'PROFILE_YEAR_START_MALFORMED', { text: text.slice(0, 40) })
  }
  return start ?? { month: 1, day: 1 }
}

/** Named ranks first; kinds that none of them takes whole follow in their default order. */
function readOrder(node: SourceNode | undefined, findings: Findings): readonly LayerRank[] {
  const ranks = itemsOf(node).map((item) => [readRank(item), item] as const)
  const whole = new Set<PackKind>()
  for (const [{ kinds, products }, item] of ranks) {
    for (const kind of products === undefined ? kinds : []) {
      if (whole.has(kind)) findings.at(item, 'PROFILE_ORDER_REPEATED', { kind })
      whole.add(kind)
    }
  }
  const rest = PACK_KINDS.filter((kind) => !whole.has(kind))
  return [
    ...ranks.map(([rank]) => rank),
    ...rest.map((kind): LayerRank => ({ kinds: [kind], sharing: 'listed' })),
  ]
}

function readRank(node: SourceNode): LayerRank {
  if (node.kind === 'scalar') {
    const kind = readWord(node, PACK_KINDS)
    return { kinds: kind === undefined ? [] : [kind], sharing: 'listed' }
  }
  if (node.kind === 'list') return { kinds: readWords(node, PACK_KINDS), sharing: 'listed' }
  const products = child(node, 'products')
  return {
    kinds: readWords(child(node, 'kinds'), PACK_KINDS),
    ...present('products', products && itemsOf(products).map(readText)),
    sharing: readWord(child(node, 'sharing'), ['listed', 'equal']) ?? 'listed',
  }
}

function readAccount(node: SourceNode | undefined): AccountRule | undefined {
  if (node === undefined) return undefined
  return {
    pots: readWords(child(node, 'pots'), ['current', 'history', 'family']),
    pays: readWords(child(node, 'pays'), CATEGORIES),
  }
}

function readGiven(node: SourceNode | undefined): GivenOrder {
  const order = (key: keyof GivenOrder): readonly Category[] => {
    const stated = child(node, key)
    return stated === undefined ? GIVEN[key] : readWords(stated, CATEGORIES)
  }
  return { basic: order('basic'), funds: order('funds'), hospital: order('hospital') }
}

function readLevels(node: SourceNode | undefined): Profile['hospitalLevels'] | undefined {
  if (node === undefined) return undefined
  return Object.fromEntries(
    entriesOf(node).flatMap(({ key, value }) => {
      const level = readLevel(value)
      return level === undefined ? [] : [[key, level]]
    }),
  )
}

function readLevel(node: SourceNode): 1 | 2 | 3 | undefined {
  const text = scalarText(node)
  return ([1, 2, 3] as const).find((level) => String(level) === text)
}

function readPersonTypes(node: SourceNode | undefined): readonly string[] {
  return node === undefined ? RETIRED_PERSON_TYPES : itemsOf(node).map(readText)
}

function readReversal(node: SourceNode | undefined): Profile['reversal'] {
  return {
    mode: readWord(child(node, 'mode'), ['keep', 'strict']) ?? 'keep',
    days: readWholeNumber(child(node, 'days')) ?? 365,
  }
}
