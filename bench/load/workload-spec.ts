import { cityWorkload, type CityWorkload } from './city-workload.ts'
import { mixedForm } from './mix.ts'
import { packFolder } from './processes/process-file.ts'

/** A workload as a process is told of it; the same spec is the same workload in each. */
export interface WorkloadSpec {
  /** Lines of every bill, or bills as a city sends them. */
  readonly lines: number | 'mix'
  readonly persons: number
  /** Different bills. */
  readonly bills: number
}

/** Bills may be settled on any day of their year, whatever the clock says. */
export const ENGINE_SETTINGS = { dateToleranceDays: 100_000 } as const

export function workloadOf({ lines, persons, bills }: WorkloadSpec): CityWorkload {
  return cityWorkload({
    packs: packFolder(),
    lines: lines === 'mix' ? mixedForm : lines,
    persons,
    bills,
  })
}
