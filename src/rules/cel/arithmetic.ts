import { ValueUndefined } from '../compiled.ts'
import type { Reader } from './reader.ts'

/**
 * Whole-number arithmetic: division truncates and the remainder has the sign of the dividend, as in CEL. A result
 * beyond the safe integers or a zero divisor throws `ValueUndefined`.
 */
export function arithmetic(
  op: '+' | '-' | '*' | '/' | '%',
  left: Reader<number>,
  right: Reader<number>,
  where: string,
): Reader<number> {
  switch (op) {
    case '+':
      return (frame, element) => safe(left(frame, element) + right(frame, element), where)
    case '-':
      return (frame, element) => safe(left(frame, element) - right(frame, element), where)
    case '*':
      return (frame, element) => safe(left(frame, element) * right(frame, element), where)
    case '/':
      return (frame, element) => {
        const dividend = left(frame, element)
        return Math.trunc(dividend / divisor(right(frame, element), where)) + 0
      }
    case '%':
      return (frame, element) => {
        const dividend = left(frame, element)
        return (dividend % divisor(right(frame, element), where)) + 0
      }
  }
}

/** Adding zero turns −0 into 0, so that equal numbers stay the same value. */
function safe(result: number, where: string): number {
  if (!Number.isSafeInteger(result)) throw new ValueUndefined(where, 'outOfRange')
  return result + 0
}

function divisor(value: number, where: string): number {
  if (value === 0) throw new ValueUndefined(where, 'divisionByZero')
  return value
}
