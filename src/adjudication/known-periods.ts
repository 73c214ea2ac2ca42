import { insuranceYear, policyPeriod } from './insurance-year.ts'

/** A period as texts: `ending` with the bar behind it, as keys of counters end. */
export interface KnownPeriod {
  readonly text: string
  readonly ending: string
}

interface KnownYear extends KnownPeriod {
  readonly day: number
}

interface KnownPolicyPeriod extends KnownYear {
  readonly start: number
  readonly years: number
}

/** Powers of two. Bills of some weeks are at work, of policies of some years. */
const YEARS_KEPT = 64
const POLICY_PERIODS_KEPT = 1_024

/**
 * Insurance years and policy periods written out for earlier bills. Each has one place, by its numbers, and gives it up to the
 * next that has the same; what is answered does not depend on what was asked before.
 */
export class KnownPeriods {
  readonly #yearStart: { readonly month: number; readonly day: number }
  readonly #years: (KnownYear | undefined)[] = Array.from({ length: YEARS_KEPT })
  readonly #policyPeriods: (KnownPolicyPeriod | undefined)[] = Array.from({
    length: POLICY_PERIODS_KEPT,
  })

  constructor(yearStart: { readonly month: number; readonly day: number }) {
    this.#yearStart = yearStart
  }

  /** Insurance year of a day. */
  year(day: number): KnownPeriod {
    const place = day & (YEARS_KEPT - 1)
    const known = this.#years[place]
    if (known?.day === day) return known
    const text = insuranceYear(day, this.#yearStart)
    const year: KnownYear = { day, text, ending: `${text}|` }
    this.#years[place] = year
    return year
  }

  /** Period of `years` policy years that holds the day, of a policy that began on `start`. */
  policyPeriod(day: number, start: number, years: number): KnownPeriod {
    const place = (31 * (31 * day + start) + years) & (POLICY_PERIODS_KEPT - 1)
    const known = this.#policyPeriods[place]
    if (known?.day === day && known.start === start && known.years === years) return known
    const text = policyPeriod(day, start, years)
    const period: KnownPolicyPeriod = { day, start, years, text, ending: `${text}|` }
    this.#policyPeriods[place] = period
    return period
  }
}
