import { InvalidArgumentError } from 'commander'
import { parseEpochDay } from '../catalog/epoch-day.ts'

/** A day of the command line as it was written; what is none is wrong usage. */
export function dayText(text: string): string {
  if (parseEpochDay(text) !== undefined) return text
  throw new InvalidArgumentError('2026-11-25')
}
