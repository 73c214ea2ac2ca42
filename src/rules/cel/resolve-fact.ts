import type { ASTNode } from '@marcbachmann/cel-js'

import { FACTS, type FactGroup, type FactTrait } from '../facts.ts'
import { nearestWord } from '../read/nearest.ts'
import { ExpressionRefused, unsupported } from './refusal.ts'
import type { FactReference, Term } from './term.ts'
import type { Translation } from './translation.ts'

type FactNode = Extract<ASTNode, { op: '.' }>

const TRAITS: ReadonlyMap<string, ReadonlyMap<string, FactTrait>> = new Map(
  Object.entries(FACTS).map(([group, facts]) => [
    group,
    new Map<string, FactTrait>(Object.entries(facts)),
  ]),
)

const FACT_NAMES = [...TRAITS].flatMap(([group, facts]) =>
  [...facts.keys()].map((name) => `${group}.${name}`),
)

/** `group.name` as a term that reads the fact. */
export function resolveFact(node: FactNode, context: Translation): Term {
  const fact = factReference(node, context)
  const type = TRAITS.get(fact.group)?.get(fact.name)?.type ?? 'string'
  switch (type) {
    case 'bool':
      return { type, op: 'fact', fact }
    case 'string':
      return { type, op: 'fact', fact }
    case 'strings':
      return { type, op: 'fact', fact }
    case 'int':
    case 'money':
    case 'date':
      return { type, op: 'fact', fact }
  }
}

/** The fact that `group.name` names; refused where it does not exist or has no meaning. */
export function factReference(node: FactNode, context: Translation): FactReference {
  const [base, name] = node.args
  if (base.op !== 'id' || base.args === context.element) {
    throw unsupported(node, node.input.slice(base.start, node.end))
  }
  const group = base.args
  const fact = `${group}.${name}`
  if (!isFactGroup(group) || TRAITS.get(group)?.has(name) !== true) throw unknownFact(node, fact)
  if (group === 'line' && !context.lines) {
    throw new ExpressionRefused('EXPRESSION_LINE_OUT_OF_PLACE', base, { fact })
  }
  if (group === 'policy' && !context.policy) {
    throw new ExpressionRefused('EXPRESSION_POLICY_OUT_OF_PLACE', base, { fact })
  }
  return { group, name }
}

function unknownFact(node: ASTNode, name: string): ExpressionRefused {
  const nearest = nearestWord(name, FACT_NAMES)
  return new ExpressionRefused('EXPRESSION_NAME_UNKNOWN', node, { name, nearest })
}

function isFactGroup(name: string): name is FactGroup {
  return TRAITS.has(name)
}
