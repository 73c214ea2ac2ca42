import type { PackCommand } from '../../../src/server/insurers/pack-command.ts'
import type { Route } from '../../../src/server/http/route.ts'
import type { Chance } from '../../hostile/chance.ts'
import { mutated, mutatedText } from '../../hostile/mutate.ts'
import { HOSTILE_TEXTS } from '../../hostile/hostile-values.ts'
import { textRow, workbookOf, zipOf } from '../../files/workbooks.ts'
import { acmePack, acmeText } from '../insurers/grants.ts'
import { OWN_PACK, type AttackTown } from './attack-town.ts'
import { sampleOf } from './sample.ts'

export interface HostileBody {
  readonly type: string
  readonly bytes: Uint8Array
}

const JSON_TYPE = 'application/json'
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** A body for `route`: right, wrong in a member, wrong in a byte, or of another kind. */
export function hostileBody(route: Route, town: AttackTown, chance: Chance): HostileBody {
  if (route.body?.contentTypes.includes('text/csv') === true) return fileOf(chance)
  const tree = treeOf(route, town, chance)
  switch (chance.below(8)) {
    case 0:
      return { type: JSON_TYPE, bytes: Buffer.from(JSON.stringify(tree)) }
    case 1:
      return { type: JSON_TYPE, bytes: Buffer.from(mutatedText(JSON.stringify(tree), chance)) }
    case 2:
      return { type: JSON_TYPE, bytes: brokenJson(JSON.stringify(tree), chance) }
    case 3:
      return { type: chance.anyOf(WRONG_TYPES) ?? '', bytes: Buffer.from(JSON.stringify(tree)) }
    default: {
      const text = JSON.stringify(mutated(tree, chance)) ?? 'null'
      return { type: JSON_TYPE, bytes: Buffer.from(text) }
    }
  }
}

const WRONG_TYPES = [
  '',
  'text/plain',
  'application/xml',
  'application/json;charset=gbk',
  'APPLICATION/JSON',
  'multipart/form-data; boundary=x',
  'x'.repeat(300),
  'application/jsonx',
]

function brokenJson(text: string, chance: Chance): Uint8Array {
  const depth = 10 + chance.below(8_000)
  const broken = [
    Buffer.from(text.slice(0, chance.below(text.length))),
    Buffer.from(`{"command":${'['.repeat(depth)}${']'.repeat(depth)}}`),
    Buffer.from(text.replace('{', '{"__proto__":{"polluted":true},')),
    Buffer.from(text.replace('{', '{"constructor":{"prototype":{"polluted":true}},')),
    Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe])]),
    Buffer.from(`\uFEFF${text}`),
    Buffer.from(`${text}${text}`),
    Buffer.from('9'.repeat(5_000)),
    Buffer.alloc(0),
  ]
  return chance.anyOf(broken) ?? Buffer.alloc(0)
}

/** As the schema of the route has it; commands on packs with a signature that holds, has been used, or holds for something else. */
function treeOf(route: Route, town: AttackTown, chance: Chance): unknown {
  if (route.id === 'packs.upload') {
    return { command: commandOf('upload', town, chance), files: { 'pack.yaml': packText(chance) } }
  }
  if (route.id === 'registry.write') return { entries: [entryOf(chance)] }
  const tree = sampleOf(route.body?.schema ?? {}, chance)
  const isCommand = typeof tree === 'object' && tree !== null && 'packs' in tree
  return isCommand ? commandOf(COMMANDS[route.id] ?? 'activate', town, chance) : tree
}

const COMMANDS: Readonly<Record<string, PackCommand['command']>> = {
  'packs.shadow': 'shadow',
  'packs.unshadow': 'unshadow',
  'packs.activate': 'activate',
  'packs.rollBack': 'rollBack',
  'packs.suspend': 'suspend',
  'packs.resume': 'resume',
}

export const ACME_HASH = acmePack(OWN_PACK).hash

function commandOf(command: PackCommand['command'], town: AttackTown, chance: Chance): object {
  const packs = [chance.below(3) === 0 ? 'a'.repeat(64) : ACME_HASH]
  const right = { command, jurisdiction: 'town', packs }
  switch (chance.below(5)) {
    case 0:
      return right
    case 1:
      // As one that somebody has recorded would come: signed long ago, with a number that is used.
      return town.signer.sign(right, 1)
    case 2:
      return { ...town.signed(right), packs: ['b'.repeat(64)] }
    case 3:
      return { ...town.signed(right), signature: 'AAAA', number: chance.below(9) }
    default:
      return town.signed(right)
  }
}

function packText(chance: Chance): string {
  return chance.below(3) === 0 ? acmeText(OWN_PACK) : mutatedText(acmeText(OWN_PACK), chance)
}

function entryOf(chance: Chance): object {
  const id = `A${chance.below(20)}`
  return {
    id,
    jurisdiction: 'town',
    facts: { insutype: '310', age: chance.below(99) },
    identities: [],
    coverage: [{ from: '2023-01-01', facts: {} }],
    policies: [],
  }
}

const HEADER = 'person,id,product,start,end,shared'
const ROW = 'A1,P-1,town/acme,2024-01-01,2024-12-31,'
const FORMULAS = ['=cmd|calc!A0', '@SUM(1)', '+1+1', '-1', '\t=1', '=HYPERLINK("http://x")']

/** A roster as CSV, NDJSON or workbook, with formulas, lies and much that unpacks from little. */
function fileOf(chance: Chance): HostileBody {
  const kind = chance.below(20)
  if (kind < 1) return { type: XLSX_TYPE, bytes: chance.anyOf(BOMBS) ?? new Uint8Array() }
  if (kind < 5) return { type: XLSX_TYPE, bytes: spoiltBook(chance) }
  if (kind < 9) {
    const line = mutated({ person: 'A1', id: 'P-1', product: 'town/acme' }, chance)
    return { type: 'application/x-ndjson', bytes: Buffer.from(JSON.stringify(line) ?? '') }
  }
  const rows = [HEADER, ROW, ROW.replace('A1', quotedCell(chance)), mutatedText(ROW, chance)]
  return { type: 'text/csv', bytes: Buffer.from(rows.join('\n')) }
}

function quotedCell(chance: Chance): string {
  const cell = chance.anyOf([...FORMULAS, ...HOSTILE_TEXTS]) ?? ''
  return `"${cell.replaceAll('"', '""')}"`
}

function spoiltBook(chance: Chance): Uint8Array {
  const cells = textRow(1, HEADER.split(',')) + textRow(2, ROW.split(','))
  const book = workbookOf(mutatedText(cells, chance), {
    ...(chance.below(4) === 0 && { stated: chance.below(1_000) }),
  })
  if (chance.below(2) === 0) return book
  const copy = Uint8Array.from(book)
  copy[chance.below(copy.length)] = chance.below(256)
  return copy
}

const MIB = 2 ** 20

/** Little that unpacks to much: rows, shared strings, entities, a part nobody asked for, and one that lies about its size. */
const BOMBS: readonly Uint8Array[] = [
  workbookOf(textRow(1, HEADER.split(',')) + textRow(2, ['A1', 'x'.repeat(24 * MIB)])),
  workbookOf(textRow(1, ['person']), { sharedStrings: '<si><t>x</t></si>'.repeat(MIB / 2) }),
  workbookOf(textRow(1, ['&a;']), {
    prolog: `<!DOCTYPE x [<!ENTITY a "${'&b;'.repeat(1_000)}"><!ENTITY b "${'y'.repeat(1_000)}">]>`,
  }),
  workbookOf(textRow(1, HEADER.split(',')), {
    more: [{ name: 'x.bin', text: Buffer.alloc(32 * MIB) }],
  }),
  workbookOf(textRow(1, ['person', 'y'.repeat(8 * MIB)]), { stated: 10 }),
  zipOf(Array.from({ length: 3_000 }, (_, at) => ({ name: `xl/${at}`, text: '' }))),
]
