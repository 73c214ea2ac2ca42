import type { Bill } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import { assert } from '../../src/assert.ts'
import { formatEpochDay } from '../../src/catalog/epoch-day.ts'
import type { Engine } from '../../src/engine/open-engine.ts'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import { fen, formatYuan } from '../../src/money/fen.ts'
import type { FactSheet, FactValue } from '../../src/rules/facts.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { cityBills, type BillShape } from '../micro/settle/city-bills.ts'
import { cityCatalog, REGION } from '../micro/settle/city-catalog.ts'
import { cityRules } from '../micro/settle/city-rules.ts'
import { valueOf } from '../micro/settle/setup.ts'

/** A bill as a hospital sends it, with the hospital that does. */
export interface CityRequest {
  readonly hospital: string
  readonly bill: Readonly<Record<string, unknown>>
}

export interface CityWorkload {
  /** The request numbered `index`, without end; another stay each time, persons in an order that only looks like chance. */
  readonly requestAt: (index: number) => CityRequest
  /** Of person number `person` the visit numbered `visit`, as stay `stay`. Persons whose numbers differ by `kinds` are alike. */
  readonly visitAt: (person: number, visit: number, stay: string) => CityRequest
  readonly kinds: number
  /** Entry of the person numbered `index`, and of each hospital. */
  readonly personEntry: (index: number) => RegistryEntry
  readonly hospitalEntries: readonly RegistryEntry[]
  readonly profile: Profile
  /** Publishes the seven packs and registers everybody. */
  readonly install: (engine: Engine) => Promise<void>
  /** Noon in Shanghai of the latest day of settlement, ms. */
  readonly now: number
}

export interface CityShape {
  /** Folder of the packs. */
  readonly packs: string
  /** Lines of every bill, or what each bill is like. */
  readonly lines: BillShape['lines']
  readonly persons: number
  /** Different bills; they come again for other persons. */
  readonly bills: number
}

const SEED = 31
/** So many bills of one person in `cityBills`. */
const BILLS_PER_PERSON = 8
const ENTRIES_PER_BATCH = 5_000
/** Prime, so that the persons come in turn and far apart. */
const STRIDE = 7_919

/** Bills over seven layers as documents, with what has to be in the ledger before them. */
export function cityWorkload({ packs, lines, persons, bills }: CityShape): CityWorkload {
  const city = cityCatalog()
  const { sevenLayers } = cityRules(packs, city.catalog)
  const cases = cityBills({ bills, lines, seed: SEED }, city.items)
  const templates = cases
    .slice(0, Math.ceil(bills / BILLS_PER_PERSON))
    .map(({ coverage }) => coverage)
  const documents = cases.map(({ bill }) => ({
    hospital: String(bill.hospital['id']),
    bill: billDocument(bill),
  }))
  const hospitals = [...new Set(documents.map(({ hospital }) => hospital))]
  const days = cases.map(({ bill }) => bill.settlementDay)
  const kinds = templates.length
  const request = (index: number, person: number, stay: string): CityRequest => {
    const document = documents[index % documents.length]
    assert(document !== undefined, 'a bill for every number')
    const { hospital, bill } = document
    const visit = { ...(bill['visit'] as object), id: stay }
    return { hospital, bill: { ...bill, person: { id: personId(person) }, visit } }
  }
  const { profile } = sevenLayers
  const hospitalEntries = hospitals.map(hospitalEntry)
  const personAt = (index: number) => personEntry(templates, index, profile.id)
  return {
    personEntry: personAt,
    hospitalEntries,
    profile,
    requestAt: (index) =>
      request(index, personOf(index, persons), `V${String(index).padStart(9, '0')}`),
    visitAt: (person, visit, stay) =>
      request((person % kinds) * BILLS_PER_PERSON + visit, person, stay),
    kinds,
    install: async (engine) => {
      const rulePacks = sevenLayers.packs.map(({ pack }) => pack)
      const catalog = new Uint8Array(city.image).slice()
      valueOf(await engine.rules.publish({ profile, packs: rulePacks, catalog }))
      for (const pack of rulePacks) {
        const { from } = pack.effective
        valueOf(await engine.rules.activate({ jurisdiction: profile.id, pack: pack.hash, from }))
      }
      valueOf(await engine.registry('bench', hospitalEntries))
      for (let from = 0; from < persons; from += ENTRIES_PER_BATCH) {
        const count = Math.min(ENTRIES_PER_BATCH, persons - from)
        const entries = Array.from({ length: count }, (_, index) => personAt(from + index))
        valueOf(await engine.registry('bench', entries))
      }
    },
    now: days.reduce((latest, one) => Math.max(latest, one)) * 86_400_000 + 4 * 3_600_000,
  }
}

/** Of the person numbered `number`; all have the same length. */
export function personId(number: number): string {
  return `P${String(number).padStart(7, '0')}`
}

/** Whose the request numbered `index` is. */
export function personOf(index: number, persons: number): number {
  return (index * STRIDE) % persons
}

function personEntry(
  templates: readonly Coverage[],
  index: number,
  jurisdiction: string,
): RegistryEntry {
  const template = templates[index % templates.length]
  assert(template !== undefined, 'somebody to be like')
  const id = personId(index)
  const { identities, ...facts } = documentOf(template.person)
  assert(Array.isArray(identities), 'a person of the city')
  const entry = {
    id,
    jurisdiction,
    facts: Object.fromEntries(Object.entries(facts).filter(([name]) => name !== 'id')),
    identities: identities.map((word: unknown) => ({ word, from: '2020-01-01' })),
    coverage: [{ from: '2020-01-01', facts: {} }],
    policies: template.policies.map((policy, place) => ({
      ...documentOf(policy),
      id: `${id}-${place + 1}`,
    })),
  }
  return { kind: 'person', id, entry }
}

function hospitalEntry(id: string): RegistryEntry {
  return { kind: 'hospital', id, entry: { id, facts: { region: REGION } } }
}

const DATES: ReadonlySet<string> = new Set(['start', 'end', 'date'])

/** Facts as a document states them. */
function documentOf(facts: FactSheet): Record<string, FactValue> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value !== 'number' ? value : DATES.has(name) ? formatEpochDay(value) : String(value),
    ]),
  )
}

function billDocument(bill: Bill): Readonly<Record<string, unknown>> {
  const { level } = bill.hospital
  return {
    visit: documentOf(bill.visit),
    hospital: { level: String(level) },
    settlementDate: formatEpochDay(bill.settlementDay),
    useAccount: false,
    lines: bill.lines.map(({ id, amount, day: on, quantity = 0, facts }) => ({
      feedetl_sn: id,
      med_list_codg: facts['code'],
      name: facts['name'],
      med_chrgitm_type: facts['chargeType'],
      det_item_fee_sumamt: formatYuan(fen(amount)),
      cnt: String(quantity / 10_000),
      fee_ocur_time: formatEpochDay(on),
      tags: facts['tags'],
    })),
  }
}
