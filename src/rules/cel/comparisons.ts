import type { Reader } from './reader.ts'
import type { Relation } from './term.ts'

/** One closure a relation, so that the engine compiles each comparison to a single instruction. */
export function compareNumbers(
  relation: Relation,
  left: Reader<number>,
  right: Reader<number>,
): Reader<boolean> {
  switch (relation) {
    case '==':
      return (frame, element) => left(frame, element) === right(frame, element)
    case '!=':
      return (frame, element) => left(frame, element) !== right(frame, element)
    case '<':
      return (frame, element) => left(frame, element) < right(frame, element)
    case '<=':
      return (frame, element) => left(frame, element) <= right(frame, element)
    case '>':
      return (frame, element) => left(frame, element) > right(frame, element)
    case '>=':
      return (frame, element) => left(frame, element) >= right(frame, element)
  }
}

/** Texts are ordered by UTF-16 code units, as the CEL library orders them. */
export function compareTexts(
  relation: Relation,
  left: Reader<string>,
  right: Reader<string>,
): Reader<boolean> {
  switch (relation) {
    case '==':
      return (frame, element) => left(frame, element) === right(frame, element)
    case '!=':
      return (frame, element) => left(frame, element) !== right(frame, element)
    case '<':
      return (frame, element) => left(frame, element) < right(frame, element)
    case '<=':
      return (frame, element) => left(frame, element) <= right(frame, element)
    case '>':
      return (frame, element) => left(frame, element) > right(frame, element)
    case '>=':
      return (frame, element) => left(frame, element) >= right(frame, element)
  }
}
