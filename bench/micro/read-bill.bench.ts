/**
 * How many bills a second one core takes (decodes, brings into canonical form, fingerprints), completes from the register and
 * reads: bills of 5, 20 and 200 lines of the city, as objects, MessagePack and JSON. Each answer is checked before it is timed.
 * Processor time, the forms by turns; `--lines=20`, `--rounds=N`.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { parseEpochDay } from '../../src/catalog/epoch-day.ts'
import type { EngineRequest } from '../../src/engine/request.ts'
import { completeSplit } from '../../src/engine/split-bill.ts'
import { takeRequest } from '../../src/engine/take-request.ts'
import type { Document } from '../../src/engine/turn.ts'
import { rowKey, type Rows } from '../../src/ledger/rows.ts'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import { parseYuan } from '../../src/money/fen.ts'
import { readBillDocument, type BillDocument } from '../../src/protocol/bill-document.ts'
import { encodePlain } from '../../src/protocol/codec.ts'
import { readRegistryEntry } from '../../src/registry/read-registry-entry.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { cityWorkload, type CityWorkload } from '../load/city-workload.ts'
import { median } from './settle/paired.ts'
import { valueOf } from './settle/setup.ts'

const BILLS = 200
const PERSONS = 1_000
const MILLISECONDS_EACH = 200
const FORMS = ['objects', 'MessagePack', 'JSON'] as const
type Form = (typeof FORMS)[number]

const { values } = parseArgs({
  options: { lines: { type: 'string' }, rounds: { type: 'string', default: '7' } },
})
const rounds = Number(values.rounds)
assert(Number.isSafeInteger(rounds) && rounds > 0, '--rounds is a whole number above zero')

/** The register and the rules, and nothing else. */
function rowsOf(city: CityWorkload): Rows {
  const all = Array.from({ length: PERSONS }, (_, index) => city.personEntry(index))
  const registry = new Map(
    [...all, ...city.hospitalEntries].map(({ kind, id, entry }: RegistryEntry, index) => {
      assert(kind === 'person' || kind === 'hospital', 'a city has persons and hospitals')
      const read = valueOf(readRegistryEntry(kind, entry))
      return [rowKey(kind, id), { version: [1, index], entry: read.entry }]
    }),
  )
  const rules = { ruleSet: 'r', suspended: [] }
  const rows = {
    get: (table: string, key: string) => (table === 'registry' ? registry.get(key) : rules),
  }
  return rows as unknown as Rows
}

function requestsOf(city: CityWorkload, form: Form): readonly EngineRequest[] {
  return Array.from({ length: BILLS }, (_, index) => {
    const { hospital, bill } = city.requestAt(index)
    const tree = { bill, msgid: `M${index}` }
    const body =
      form === 'objects'
        ? tree
        : form === 'JSON'
          ? Buffer.from(jsonText(tree), 'utf8')
          : encodePlain(tree)
    const encoding = form === 'JSON' ? 'json' : 'msgpack'
    return { operation: 'settle', hospital, requestId: `R${index}`, body, encoding }
  })
}

/** Amounts and quantities as bare numbers, as most senders write them. */
function jsonText(tree: unknown): string {
  return JSON.stringify(tree).replace(/"(det_item_fee_sumamt|cnt)":"([^"]*)"/g, '"$1":$2')
}

interface Stages {
  /** Processor time, ns. */
  readonly spent: { take: number; complete: number; read: number }
}

function readAll(
  requests: readonly EngineRequest[],
  rows: Rows,
  profile: Profile,
  day: number,
): readonly BillDocument[] {
  return requests.map((request) => {
    const taken = valueOf(takeRequest(request))
    const { document } = completeSplit(rows, taken.body['bill'] as Document, {
      hospital: request.hospital,
      day,
    })
    return valueOf(readBillDocument(document, profile, day))
  })
}

/** Each bill has the lines, amounts and days that were sent, in every form, and one fingerprint. */
function check(city: CityWorkload, forms: readonly (readonly EngineRequest[])[], rows: Rows): void {
  const fingerprints = forms.map((requests) =>
    requests.map((request) => valueOf(takeRequest(request)).fingerprint).join(),
  )
  // JSON's bare numbers are short texts (120.5), which is another content than the text 120.50.
  assert(fingerprints[0] === fingerprints[1], 'one content has one fingerprint')
  for (const requests of forms) {
    readAll(requests, rows, city.profile, 0).forEach(({ bill, warnings }, index) => {
      const sent = city.requestAt(index).bill['lines'] as readonly Document[]
      assert(warnings.length === 0 && bill.lines.length === sent.length, 'every line, no warning')
      bill.lines.forEach((line, place) => {
        const stated = sent[place] ?? {}
        const amount = valueOf(parseYuan(String(stated['det_item_fee_sumamt'])))
        assert(
          line.id === stated['feedetl_sn'] && line.amount === amount,
          'line and amount as sent',
        )
        assert(line.day === parseEpochDay(String(stated['fee_ocur_time'])), 'day as sent')
        assert(line.facts['code'] === stated['med_list_codg'], 'code as sent')
      })
    })
  }
}

function measureOnce(requests: readonly EngineRequest[], rows: Rows, profile: Profile): Stages {
  const spent = { take: 0, complete: 0, read: 0 }
  const deadline = process.hrtime.bigint() + BigInt(MILLISECONDS_EACH) * 1_000_000n
  let passes = 0
  do {
    let began = process.cpuUsage()
    const lap = (stage: keyof typeof spent) => {
      const { user, system } = process.cpuUsage(began)
      spent[stage] += (user + system) * 1_000
      began = process.cpuUsage()
    }
    const taken = requests.map((request) => valueOf(takeRequest(request)).body['bill'] as Document)
    lap('take')
    const completed = taken.map((bill, index) =>
      completeSplit(rows, bill, { hospital: requests[index]?.hospital ?? '', day: 0 }),
    )
    lap('complete')
    for (const { document } of completed) valueOf(readBillDocument(document, profile, 0))
    lap('read')
    passes += 1
  } while (process.hrtime.bigint() < deadline)
  const each = (stage: keyof typeof spent) => spent[stage] / passes / requests.length
  return { spent: { take: each('take'), complete: each('complete'), read: each('read') } }
}

const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
process.stdout.write('lines  form          documents/s   take µs  complete µs   read µs\n')
for (const lines of [5, 20, 200]) {
  if (values.lines !== undefined && Number(values.lines) !== lines) continue
  const city = cityWorkload({ packs, lines, persons: PERSONS, bills: BILLS })
  const rows = rowsOf(city)
  const forms = FORMS.map((form) => requestsOf(city, form))
  check(city, forms, rows)
  const measured = forms.map((): Stages[] => [])
  // The first round warms up and is thrown away.
  for (let round = -1; round < rounds; round += 1) {
    forms.forEach((requests, index) => {
      const stages = measureOnce(requests, rows, city.profile)
      if (round >= 0) measured[index]?.push(stages)
    })
  }
  FORMS.forEach((form, index) => {
    const middle = (stage: keyof Stages['spent']) =>
      median((measured[index] ?? []).map(({ spent }) => spent[stage])) / 1_000
    const [take, complete, read] = [middle('take'), middle('complete'), middle('read')]
    const rate = Math.round(1e6 / (take + complete + read)).toLocaleString('en')
    const figures = [take, complete, read].map((figure) => figure.toFixed(1).padStart(10))
    process.stdout.write(
      `${String(lines).padStart(5)}  ${form.padEnd(12)} ${rate.padStart(12)} ${figures.join(' ')}\n`,
    )
  })
}
