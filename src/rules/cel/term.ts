import type { FactGroup } from '../facts.ts'

/** Type of an expression; money is in fen, a date in days since 1970-01-01. */
export type ExpressionType = 'bool' | 'int' | 'money' | 'date' | 'string' | 'strings'

export type NumberType = 'int' | 'money' | 'date'

export type Relation = '==' | '!=' | '<' | '<=' | '>' | '>='

export interface FactReference {
  readonly group: FactGroup
  readonly name: string
}

/**
 * A checked expression: only what packs may say, every name resolved, every literal folded. Built from the
 * parser's tree; compiled into closures, searched for facts, and costed.
 */
export type Term = FlagTerm | NumberTerm | TextTerm | ListTerm

export type FlagTerm = { readonly type: 'bool' } & (
  | { readonly op: 'constant'; readonly value: boolean }
  | { readonly op: 'fact'; readonly fact: FactReference }
  | { readonly op: 'stated'; readonly fact: FactReference }
  | { readonly op: 'not'; readonly of: FlagTerm }
  | { readonly op: 'and' | 'or'; readonly left: FlagTerm; readonly right: FlagTerm }
  | Choice<FlagTerm>
  | {
      readonly op: 'compareFlags'
      readonly relation: '==' | '!='
      readonly left: FlagTerm
      readonly right: FlagTerm
    }
  | {
      readonly op: 'compareNumbers'
      readonly relation: Relation
      readonly left: NumberTerm
      readonly right: NumberTerm
    }
  | {
      readonly op: 'compareTexts'
      readonly relation: Relation
      readonly left: TextTerm
      readonly right: TextTerm
    }
  | { readonly op: 'amongNumbers'; readonly item: NumberTerm; readonly values: readonly number[] }
  | { readonly op: 'amongTexts'; readonly item: TextTerm; readonly values: readonly string[] }
  | { readonly op: 'inFact'; readonly item: TextTerm; readonly list: ListTerm }
  | { readonly op: 'inList'; readonly item: TextTerm | ListTerm; readonly list: string }
  | {
      readonly op: 'startsWith' | 'endsWith' | 'contains'
      readonly text: TextTerm
      readonly part: TextTerm
    }
  | { readonly op: 'matches'; readonly text: TextTerm; readonly pattern: string }
  | { readonly op: 'exists' | 'all'; readonly list: ListTerm; readonly predicate: FlagTerm }
)

export type NumberTerm = { readonly type: NumberType } & (
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'fact'; readonly fact: FactReference }
  | {
      readonly op: '+' | '-' | '*' | '/' | '%'
      readonly left: NumberTerm
      readonly right: NumberTerm
    }
  | { readonly op: 'size'; readonly of: TextTerm | ListTerm }
  | { readonly op: 'year'; readonly of: NumberTerm }
  | Choice<NumberTerm>
)

export type TextTerm = { readonly type: 'string' } & (
  | { readonly op: 'constant'; readonly value: string }
  | { readonly op: 'fact'; readonly fact: FactReference }
  /** The element that `exists` or `all` looks at. */
  | { readonly op: 'element' }
  | { readonly op: 'join'; readonly left: TextTerm; readonly right: TextTerm }
  | { readonly op: 'textOf'; readonly of: NumberTerm }
  | Choice<TextTerm>
)

export interface ListTerm {
  readonly type: 'strings'
  readonly op: 'fact'
  readonly fact: FactReference
}

interface Choice<T> {
  readonly op: 'choose'
  readonly condition: FlagTerm
  readonly whenTrue: T
  readonly whenFalse: T
}

/** `person.age` and the like. */
export function factName(fact: FactReference): string {
  return `${fact.group}.${fact.name}`
}
