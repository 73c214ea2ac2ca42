import { failure, problem, type Result } from '../../errors/problem.ts'
import { PACK_LIMITS } from '../limits.ts'
import type { Effective, PackCase, Value } from '../pack.ts'
import { Findings, type NamesLeft } from './findings.ts'
import { present, readText } from './read-basics.ts'
import { readCases } from './read-case.ts'
import { readEffective, withHash, type ReadPack } from './read-pack.ts'
import { readParameters, readRawParameters, refuseCycles } from './read-parameters.ts'
import type { RawValue } from './raw-value.ts'
import type { Scope } from './scope.ts'
import { child, entriesOf, type Place, type SourceNode } from './source-node.ts'
import { ValueSizes } from './value-size.ts'

/** A yearly notice as read: it changes parameters of one pack and nothing else. */
export interface Amendment {
  /** Id of the pack it changes. */
  readonly amends: string
  readonly effective: Effective
  readonly source: string
  readonly file: string
  readonly place: Place
  /** New values as written: what they are is for the pack to say. */
  readonly parameters: ReadonlyMap<string, SourceNode>
  /** Cases of the new version; those of the pack belong to the old parameters. */
  readonly cases: SourceNode | undefined
}

/** Reads one `amends:` document whose structure was checked. */
export function readAmendment(tree: SourceNode, findings: Findings): Amendment {
  return {
    amends: readText(child(tree, 'amends')),
    effective: readEffective(child(tree, 'effective'), findings),
    source: readText(child(tree, 'source')),
    file: findings.file,
    place: { line: tree.line, column: tree.column },
    parameters: new Map(
      entriesOf(child(tree, 'parameters')).map(({ key, value }) => [key, value] as const),
    ),
    cases: child(tree, 'cases'),
  }
}

/**
 * The next version of `pack`: its rules with the notice's parameters, dates (`by` stays unless stated), source and
 * cases, and its own hash. Refused when the notice is for another pack, names a parameter the pack does not have,
 * or gives one a value that the pack cannot use.
 */
export function applyAmendment(
  pack: ReadPack,
  amendment: Amendment,
  names?: NamesLeft,
): Result<ReadPack> {
  const findings = new Findings(amendment.file, names)
  if (amendment.amends !== pack.id) {
    const { file, place } = amendment
    const found = problem('PACK_AMENDS_UNKNOWN', 'amends', { pack: amendment.amends })
    return failure({ ...found, file, ...place })
  }
  const parameters = { ...pack.parameters, ...changedParameters(pack, amendment, findings) }
  refuseCycles(parameters, amendment.parameters, findings)
  if (findings.count === 0) refuseGrown({ ...pack, parameters }, amendment, findings)
  const cases: readonly PackCase[] = readCases(
    amendment.cases,
    pack.benefits.map((benefit) => benefit.id),
    findings,
  )
  const effective = { ...present('by', pack.effective.by), ...amendment.effective }
  return findings.result(() =>
    withHash({ ...pack, parameters, effective, source: amendment.source, cases }),
  )
}

/** New values may make large what was small: every value of the pack is measured again. */
function refuseGrown(pack: ReadPack, { place }: Amendment, findings: Findings): void {
  const { benefits, packages, parameters } = pack
  const sizes = new ValueSizes(new Map(Object.entries(parameters)))
  const { formulaStepsMax: stepsMax, parameterChainMax: chainMax } = PACK_LIMITS
  for (const value of valuesIn([parameters, benefits, packages])) {
    if (sizes.accepts(value)) continue
    const { chain, steps } = sizes.of(value)
    const details = { steps, stepsMax, chain, chainMax }
    findings.add(problem('PACK_FORMULA_TOO_LARGE', 'parameters', details), place)
  }
}

const VALUE_TYPES: ReadonlySet<unknown> = new Set(['parameter', 'formula', 'table'])

/** Every value in a part of a pack that names parameters, the outermost ones. */
function valuesIn(part: unknown): readonly Value[] {
  if (typeof part !== 'object' || part === null) return []
  if (isValue(part)) return [part]
  return Object.values(part).flatMap(valuesIn)
}

function isValue(part: object): part is Value {
  return 'type' in part && VALUE_TYPES.has(part.type) && !Array.isArray(part)
}

function changedParameters(
  pack: ReadPack,
  amendment: Amendment,
  findings: Findings,
): ReadPack['parameters'] {
  const names = Object.keys(pack.parameters)
  const raws = new Map<string, RawValue>()
  for (const [name, node] of amendment.parameters) {
    if (!names.includes(name)) {
      const nearest = findings.nearest(name, names)
      findings.at(node, 'PACK_PARAMETER_UNKNOWN', { name, nearest })
      continue
    }
    const tree: SourceNode = {
      kind: 'map',
      where: 'parameters',
      ...amendment.place,
      entries: new Map([[name, { key: name, keyPlace: node, value: node }]]),
    }
    for (const [key, raw] of readRawParameters(tree, findings)) raws.set(key, raw)
  }
  return readParameters(raws, amendmentScope(pack, raws, findings))
}

function amendmentScope(
  pack: ReadPack,
  raws: ReadonlyMap<string, RawValue>,
  findings: Findings,
): Scope {
  // The pack's own values are not needed again: its parameters' slots say what each is.
  const [standIn] = raws.values()
  const parameters = new Map(raws)
  if (standIn !== undefined) {
    for (const name of Object.keys(pack.parameters)) {
      if (!parameters.has(name)) parameters.set(name, standIn)
    }
  }
  const counters = Object.entries(pack.counters)
  return {
    findings,
    packId: pack.id,
    counters: new Map(counters),
    listNames: pack.lists.map((list) => list.name),
    requiresPolicy: pack.requiresPolicy,
    ownerDefault: 'person',
    uses: [],
    sizes: new ValueSizes(parameters),
    parameters,
    slots: new Map(Object.entries(pack.parameterSlots)),
    counterUnits: new Map(counters.map(([name, { unit }]) => [name, unit] as const)),
  }
}
