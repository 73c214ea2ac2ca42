import type { Value } from '../pack.ts'
import type { Findings } from './findings.ts'
import { rawValue, type RawValue } from './raw-value.ts'
import { refuseLarge, typedValue } from './read-value.ts'
import type { Scope } from './scope.ts'
import { entriesOf, type SourceNode } from './source-node.ts'

/** The parameters as written; one that cannot be read is reported and stands as zero. */
export function readRawParameters(
  node: SourceNode | undefined,
  findings: Findings,
): ReadonlyMap<string, RawValue> {
  return new Map(
    entriesOf(node).map(({ key, value }) => {
      const standIn: RawValue = { form: 'literal', node: value, text: '0', yuan: false }
      return [key, rawValue(value, findings) ?? standIn] as const
    }),
  )
}

/** The parameters with those that would be too much work reported and standing as zero. */
export function boundedParameters(scope: Scope): ReadonlyMap<string, RawValue> {
  return new Map(
    [...scope.parameters].map(([name, raw]) => {
      if (scope.sizes.accepts({ form: 'parameter', node: raw.node, name })) return [name, raw]
      refuseLarge({ form: 'parameter', node: raw.node, name }, scope)
      return [name, { form: 'literal', node: raw.node, text: '0', yuan: false }]
    }),
  )
}

/** Every parameter read into what it is used as. */
export function readParameters(
  raws: ReadonlyMap<string, RawValue>,
  scope: Scope,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    [...raws].map(([name, raw]) => [
      name,
      typedValue(raw, scope.slots.get(name) ?? 'factor', scope),
    ]),
  )
}

/** Reports each parameter that needs its own value. */
export function refuseCycles(
  parameters: Readonly<Record<string, Value>>,
  places: ReadonlyMap<string, SourceNode>,
  findings: Findings,
): void {
  const state = new Map<string, 'open' | 'done'>()
  const visit = (name: string, path: readonly string[]): void => {
    const value = parameters[name]
    if (value === undefined || state.get(name) === 'done') return
    if (state.get(name) === 'open') {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' → ')
      const node = path.map((step) => places.get(step)).find((place) => place !== undefined)
      if (node !== undefined) findings.at(node, 'PACK_PARAMETER_CYCLE', { cycle })
      return
    }
    state.set(name, 'open')
    for (const next of parametersOf(value)) visit(next, [...path, name])
    state.set(name, 'done')
  }
  for (const name of Object.keys(parameters)) visit(name, [])
}

function parametersOf(value: Value): readonly string[] {
  switch (value.type) {
    case 'parameter':
      return [value.name]
    case 'formula':
      return value.args.flatMap(parametersOf)
    case 'table': {
      const otherwise = value.table.otherwise ? [value.table.otherwise] : []
      return [...value.table.rows.map((row) => row.value), ...otherwise].flatMap(parametersOf)
    }
    case 'literal':
    case 'fact':
    case 'counter':
      return []
  }
}
