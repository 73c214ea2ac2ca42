/** The model's refusal: codes, and the settlements it names. */
export class Refused extends Error {
  readonly codes: readonly string[]
  readonly settlements: readonly string[]
  readonly split: Readonly<Record<string, unknown>> | undefined

  constructor(...codes: readonly string[]) {
    super(codes.join(' '))
    this.codes = codes
    this.settlements = []
    this.split = undefined
  }

  naming(settlements: readonly string[]): Refused {
    return Object.assign(new Refused(...this.codes), { settlements })
  }

  carrying(split: Readonly<Record<string, unknown>>): Refused {
    return Object.assign(new Refused(...this.codes), { split })
  }
}
