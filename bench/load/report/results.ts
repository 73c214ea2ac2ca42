/** Parts of the suite, in the order they run. */
export const PARTS = ['echo', 'terminals', 'open', 'http', 'day', 'growth', 'peers'] as const

export type PartName = (typeof PARTS)[number]

export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Axis {
  readonly name: string
  readonly isLog?: true
}

/** A curve for each series over numbers, or bars over names. */
export interface Chart {
  /** Of the file, without ending. */
  readonly name: string
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly {
    readonly name: string
    readonly points: readonly (readonly [number | string, number])[]
  }[]
  readonly isBar?: true
}

/** What one part measured, ready to be read. */
export interface PartResult {
  readonly name: PartName
  readonly title: string
  /** What is measured, and how. */
  readonly about: string
  readonly tables: readonly Table[]
  readonly charts: readonly Chart[]
  /** What has been checked: it was so, or the part would have failed. */
  readonly checks: readonly string[]
  /** What targets are worked out from, by name. */
  readonly figures: Readonly<Record<string, number>>
}

/** A part as it ran. */
export interface RanPart extends PartResult {
  readonly seconds: number
  /** Of the machine in the minute before. */
  readonly loadBefore: number
}

export interface FailedPart {
  readonly name: PartName
  readonly failed: string
}

/** One run of the suite. */
export interface SuiteResult {
  readonly machine: {
    readonly cores: number
    readonly model: string
    readonly memoryGb: number
    readonly node: string
  }
  readonly options: Readonly<Record<string, unknown>>
  readonly parts: readonly (RanPart | FailedPart)[]
  /** Seconds of everything, registering persons included. */
  readonly seconds: number
}

export function isFailed(part: RanPart | FailedPart): part is FailedPart {
  return 'failed' in part
}
