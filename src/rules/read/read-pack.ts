import { PACK_KINDS, WIRE_FIELDS, type PackKind } from '../kind.ts'
import type { Bilingual, Effective, Payer, RulePack } from '../pack.ts'
import type { Findings } from './findings.ts'
import { contentHash, canonicalJson } from './hash.ts'
import { inferSlots } from './infer-slots.ts'
import {
  bothLanguages,
  present,
  readDates,
  readOptionalText,
  readText,
  readTitle,
  readWord,
  refuseRepeatedIds,
} from './read-basics.ts'
import { readBenefit, readPackage } from './read-benefit.ts'
import { readCases } from './read-case.ts'
import { readCounterUnits, readCounters } from './read-counter.ts'
import { readLists, type ListReader } from './read-list.ts'
import {
  boundedParameters,
  readParameters,
  readRawParameters,
  refuseCycles,
} from './read-parameters.ts'
import { readOptionalExpression } from './read-value.ts'
import type { Scope } from './scope.ts'
import type { Slot } from './slot.ts'
import { ValueSizes } from './value-size.ts'
import { child, entriesOf, itemsOf, type SourceNode } from './source-node.ts'

/** A pack with what each of its parameters is, so that a notice can change them alone. */
export interface ReadPack extends RulePack {
  readonly parameterSlots: Readonly<Record<string, Slot>>
}

/** Kinds whose counters belong to the policy when the pack is held by policy. */
const OWNED_BY_POLICY: readonly PackKind[] = ['commercial', 'mutual-aid', 'charity']

const DATE_BASES = ['settlement', 'admission', 'discharge', 'line'] as const

/** Reads one `pack:` document whose structure was checked; every problem goes to `findings`. */
export function readPack(tree: SourceNode, readFile: ListReader, findings: Findings): ReadPack {
  const id = readText(child(tree, 'pack'))
  const kind = readWord(child(tree, 'kind'), PACK_KINDS) ?? 'basic'
  const lists = readLists(child(tree, 'lists'), readFile, findings)
  const scope = packScope(tree, { id, kind }, findings)
  const listNames = lists.map((list) => list.name)
  const content = readContent(tree, { ...scope, listNames })
  const title = readTitle(child(tree, 'title'), bothLanguages(id))
  return withHash({
    id,
    hash: '',
    kind,
    product: readOptionalText(child(tree, 'product')) ?? id,
    title,
    payer: readPayer(child(tree, 'payer'), title),
    ...present('jurisdiction', readOptionalText(child(tree, 'jurisdiction'))),
    effective: readEffective(child(tree, 'effective'), findings),
    source: readText(child(tree, 'source')),
    requiresPolicy: scope.requiresPolicy,
    lists,
    ...content,
    cases: readCases(
      child(tree, 'cases'),
      content.benefits.map((benefit) => benefit.id),
      findings,
    ),
  })
}

export function readEffective(node: SourceNode | undefined, findings: Findings): Effective {
  return { ...readDates(node, findings), ...present('by', readWord(child(node, 'by'), DATE_BASES)) }
}

/**
 * The pack with its content hash: over everything it says but the places in its file, so that layout, comments,
 * the file's name, and whether it is YAML or JSON do not matter. Items of lists count.
 */
export function withHash(pack: ReadPack): ReadPack {
  const { hash: _, parameterSlots: __, cases, ...rules } = pack
  const stated = cases.map((item) => ({ ...item, given: canonicalJson(item.given) }))
  return { ...pack, hash: contentHash({ ...rules, cases: stated }) }
}

function packScope(
  tree: SourceNode,
  { id, kind }: { readonly id: string; readonly kind: PackKind },
  findings: Findings,
): Scope {
  const requiresPolicy = readText(child(tree, 'requires')) === 'policy'
  const parameters = readRawParameters(child(tree, 'parameters'), findings)
  const scope: Scope = {
    findings,
    packId: id,
    counters: new Map(),
    listNames: [],
    requiresPolicy,
    ownerDefault: requiresPolicy && OWNED_BY_POLICY.includes(kind) ? 'policy' : 'person',
    uses: [],
    sizes: new ValueSizes(parameters),
    parameters,
    slots: new Map(),
    counterUnits: readCounterUnits(child(tree, 'counters')),
  }
  const bounded = boundedParameters(scope)
  return { ...scope, parameters: bounded, sizes: new ValueSizes(bounded) }
}

type Content = Pick<
  ReadPack,
  'covers' | 'parameters' | 'parameterSlots' | 'counters' | 'packages' | 'benefits'
>

/** Reads the rules twice: first only to learn what each parameter is used as. */
function readContent(tree: SourceNode, scope: Scope): Content {
  const sizes = new ValueSizes(scope.parameters)
  const learning: Scope = { ...scope, findings: scope.findings.forTrial(), uses: [], sizes }
  readRules(tree, learning)
  const slots = inferSlots(learning.uses, scope)
  const settled: Scope = { ...scope, slots }
  const places = new Map(
    entriesOf(child(tree, 'parameters')).map(({ key, value }) => [key, value] as const),
  )
  const parameters = readParameters(scope.parameters, settled)
  refuseCycles(parameters, places, scope.findings)
  const all = [...scope.parameters.keys()]
  const parameterSlots = Object.fromEntries(
    all.map((name): [string, Slot] => [name, slots.get(name) ?? 'factor']),
  )
  return { parameters, parameterSlots, ...readRules(tree, settled) }
}

function readRules(
  tree: SourceNode,
  outer: Scope,
): Pick<Content, 'covers' | 'counters' | 'packages' | 'benefits'> {
  const counters = readCounters(child(tree, 'counters'), outer)
  const scope: Scope = { ...outer, counters }
  const [benefits, packages] = [itemsOf(child(tree, 'benefits')), itemsOf(child(tree, 'packages'))]
  for (const nodes of [benefits, packages]) {
    refuseRepeatedIds(
      nodes.map((node) => [readText(child(node, 'id')), child(node, 'id') ?? node] as const),
      scope.findings,
    )
  }
  return {
    ...present('covers', readOptionalExpression(child(tree, 'covers'), scope)),
    counters: Object.fromEntries(counters),
    packages: packages.map((node) => readPackage(node, scope)),
    benefits: benefits.map((node) => readBenefit(node, scope)),
  }
}

function readPayer(node: SourceNode | undefined, title: Bilingual): Payer {
  return {
    id: readText(child(node, 'id')),
    name: readTitle(child(node, 'name'), title),
    ...present('wire', readWord(child(node, 'wire'), WIRE_FIELDS)),
    ...present('fundPayType', readOptionalText(child(node, 'fundPayType'))),
  }
}
