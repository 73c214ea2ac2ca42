import { join } from 'node:path'
import { loadCatalogManifests } from '../../src/files/catalog-files.ts'
import { sha256Hex } from '../../src/ledger/hash.ts'
import { formatYuan, fen, parseYuan } from '../../src/money/fen.ts'
import {
  child,
  itemsOf,
  plainData,
  scalarText,
  type SourceNode,
} from '../../src/rules/read/source-node.ts'
import { must, part, textOf, textsOf } from '../conformance/measure.ts'
import { accepted, HERE, namesIn, readAllRules, readTree } from '../conformance/rules.ts'
import type { GoldenBill, GoldenCase } from './golden-file.ts'

type Tree = Readonly<Record<string, unknown>>

export type GoldenInput = Omit<GoldenCase, 'records' | 'semantics'>

export interface GoldenInputs {
  readonly contents: ReadonlyMap<string, Uint8Array>
  readonly inputs: readonly GoldenInput[]
}

/** Amounts of the second bill made from each published one: small, odd, and such that every band is cut elsewhere. */
const SCALES = [
  { name: 'x0.37', numerator: 37, denominator: 100 },
  { name: 'x1.91', numerator: 191, denominator: 100 },
] as const

/** Bills over the real rules: the published cases, the hand-computed ones, and the published ones with other amounts. */
export function goldenInputs(): GoldenInputs {
  const rules = readAllRules()
  const contents = new Map<string, Uint8Array>()
  const keep = (value: object, hash?: string): string => {
    const bytes = Buffer.from(JSON.stringify(value), 'utf8')
    const name = hash ?? sha256Hex(bytes)
    contents.set(name, bytes)
    return name
  }
  const files = ['bills', 'hand'].flatMap((folder) =>
    namesIn(folder, '.yaml').map(
      (name) => [`${folder}/${name}`, readTree(`${folder}/${name}.yaml`)] as const,
    ),
  )
  const plain = files.flatMap(([name, file]): GoldenInput[] => {
    const documents = documentsOf(file)
    if (documents === undefined) return []
    const profile = must(rules.profiles.get(textOf(part(file, 'profile'))), name)
    const packs = textsOf(part(file, 'packs')).flatMap((id) => must(rules.packs.get(id), id))
    const common = {
      profile: keep(profile),
      packs: packs.map(({ pack }) => keep(pack, pack.hash)),
      ...catalogOf(file, contents),
    }
    return [{ name, ...common, bills: documents.map((bill) => goldenBill(bill, profile.id)) }]
  })
  const others = SCALES.flatMap((scale) => plain.map((input) => scaled(input, scale)))
  return { contents, inputs: [...plain, ...others] }
}

/** The compiled catalogue that a file names. */
function catalogOf(
  file: SourceNode,
  contents: Map<string, Uint8Array>,
): { readonly catalog?: string } {
  const manifest = scalarText(child(file, 'catalog'))
  if (manifest === undefined) return {}
  const loaded = accepted(loadCatalogManifests([join(HERE, manifest)]), manifest)
  const bytes = new Uint8Array(loaded.buffer).slice()
  const catalog = sha256Hex(bytes)
  contents.set(catalog, bytes)
  return { catalog }
}

/** Bills of a file as documents; none when they state what only the register may. */
function documentsOf(file: SourceNode): readonly Tree[] | undefined {
  const bill = child(file, 'bill')
  const list = child(file, 'bills') ?? child(file, 'steps')
  const nodes = bill === undefined ? itemsOf(must(list, 'bills')) : [bill]
  const bills = nodes.filter((node) => scalarText(child(node, 'reverse')) === undefined)
  const documents = bills.map((node) => plainData(child(node, 'bill') ?? node, 'text') as Tree)
  const isPlain = documents.every(
    (document) =>
      document['lines'] !== undefined &&
      document['counters'] === undefined &&
      document['supplement'] === undefined,
  )
  return isPlain ? documents : undefined
}

/** A bill as a hospital sends it, with what the register then knows. */
function goldenBill(
  { person, hospital, policies, familyId, ...rest }: Tree,
  jurisdiction: string,
): GoldenBill {
  const { id, identities, ...facts } = person as Tree
  const { id: code, ...hospitalFacts } = hospital as Tree
  const words = Array.isArray(identities) ? identities : []
  const entry = {
    id,
    jurisdiction,
    ...(familyId !== undefined && { familyId }),
    facts,
    identities: words.map((word: unknown) => ({ word, from: '1990-01-01' })),
    coverage: [{ from: '1990-01-01' }],
    policies: policies ?? [],
  }
  return {
    hospital: String(code),
    register: [
      { kind: 'person', entry },
      { kind: 'hospital', entry: { id: code, facts: hospitalFacts } },
    ],
    bill: { ...rest, person: { id } },
  }
}

/** The same bills with other amounts. */
function scaled(input: GoldenInput, scale: (typeof SCALES)[number]): GoldenInput {
  const bills = input.bills.map((one) => ({ ...one, bill: scaledTree(one.bill, scale) }))
  return { ...input, name: `${input.name} ${scale.name}`, bills }
}

/** Every text that is yuan with two places, in the parts of a bill that hold money. */
function scaledTree(tree: unknown, scale: (typeof SCALES)[number]): unknown {
  if (Array.isArray(tree)) return tree.map((item: unknown) => scaledTree(item, scale))
  if (typeof tree === 'object' && tree !== null) {
    return Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [key, scaledTree(value, scale)]),
    )
  }
  if (typeof tree !== 'string' || !/^\d+\.\d\d$/.test(tree)) return tree
  const amount = parseYuan(tree)
  if (!amount.ok) return tree
  return formatYuan(fen(Math.floor((amount.value * scale.numerator) / scale.denominator)))
}
