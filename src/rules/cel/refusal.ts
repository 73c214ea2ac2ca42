import type { ErrorCode } from '../../errors/codes.ts'

/** Where something stands in the expression, 0-based, as the parser's nodes say it. */
export interface Place {
  readonly start: number
}

/** Thrown inside the translation of one expression and turned into a problem at its end. */
export class ExpressionRefused extends Error {
  override readonly name = 'ExpressionRefused'
  readonly code: ErrorCode
  readonly place: Place
  readonly details: Readonly<Record<string, string | number>>

  constructor(
    code: ErrorCode,
    place: Place,
    details: Readonly<Record<string, string | number>> = {},
  ) {
    super(code)
    this.code = code
    this.place = place
    this.details = details
  }
}

export function unsupported(place: Place, construct: string): ExpressionRefused {
  return new ExpressionRefused('EXPRESSION_UNSUPPORTED', place, { construct })
}
