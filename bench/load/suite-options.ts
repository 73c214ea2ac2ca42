import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { PARTS, type PartName } from './report/results.ts'
import type { WorkloadSpec } from './workload-spec.ts'

/** How large and how long the parts are. */
export interface SuiteOptions {
  readonly only: readonly PartName[]
  readonly out: string
  readonly persons: number
  /** Different bills of a workload. */
  readonly bills: number
  readonly terminals: number
  /** Frames of each echo, settlements of each closed loop. */
  readonly echoes: number
  readonly settlements: number
  readonly inFlight: readonly number[]
  readonly rates: readonly number[]
  /** Of each rate. */
  /** Settlements before those that are measured: until the server's code is compiled. */
  readonly warm: number
  readonly openSeconds: number
  readonly openLines: WorkloadSpec['lines']
  /** Of a further run with most in flight, for the memory; 0: none. */
  readonly soakSeconds: number
  readonly httpSeconds: number
  readonly swaps: number
  readonly day: number
  /** Sizes of the ledger at which its rate is measured. */
  readonly sizes: readonly number[]
  /** Rounds, and time of each contender in one, of what is measured without a server. */
  readonly rounds: number
  readonly roundMs: number
  /** Lines of the bills of one curve, rows of the packs of another. */
  readonly curveLines: readonly number[]
  readonly packRows: readonly number[]
  readonly transfers: number
  readonly connections: readonly number[]
  readonly workers: number | 'auto'
  /** For Node, in the process of the server. */
  readonly serverFlags: readonly string[]
}

const DEFAULTS = {
  only: PARTS.join(),
  out: '.qingfen/bench',
  persons: '200000',
  bills: '2000',
  terminals: '64',
  echoes: '40000',
  settlements: '10000',
  warm: '8000',
  inflight: '16,256,1024',
  rates: '200,1000,2400',
  seconds: '15',
  'open-lines': 'mix',
  soak: '0',
  'http-seconds': '5',
  swaps: '10',
  day: '200000',
  sizes: '20000,100000',
  rounds: '5',
  'round-ms': '150',
  'curve-lines': '1,2,5,10,20,50,100,200,500,1000,2000',
  'pack-rows': '100,1000,10000,100000',
  transfers: '10000',
  connections: '16,64,256',
  workers: 'auto',
  'server-flags': '',
} as const

/** What Node is started with in production (deploy/qingfen.service). */
export const DEPLOYED_FLAGS: readonly string[] = [
  '--max-semi-space-size=64',
  '--no-allocation-site-pretenuring',
]

export function readOptions(args: readonly string[]): SuiteOptions {
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(DEFAULTS).map(([name, value]) => [name, { type: 'string', default: value }]),
    ) as Record<keyof typeof DEFAULTS, { type: 'string'; default: string }>,
  })
  return {
    only: partsOf(values.only),
    out: values.out,
    openLines: values['open-lines'] === 'mix' ? 'mix' : whole(values['open-lines']),
    workers: values.workers === 'auto' ? 'auto' : whole(values.workers),
    serverFlags: [
      ...DEPLOYED_FLAGS,
      ...values['server-flags'].split(' ').filter((flag) => flag !== ''),
    ],
    ...sizesOf(values),
  }
}

type Sizes = Omit<SuiteOptions, 'only' | 'out' | 'openLines' | 'workers' | 'serverFlags'>

function sizesOf(values: Readonly<Record<keyof typeof DEFAULTS, string>>): Sizes {
  return {
    persons: whole(values.persons),
    bills: whole(values.bills),
    terminals: whole(values.terminals),
    echoes: whole(values.echoes),
    settlements: whole(values.settlements),
    inFlight: list(values.inflight),
    rates: list(values.rates),
    warm: whole(values.warm),
    openSeconds: whole(values.seconds),
    soakSeconds: whole(values.soak),
    httpSeconds: whole(values['http-seconds']),
    swaps: whole(values.swaps),
    day: whole(values.day),
    sizes: list(values.sizes),
    rounds: whole(values.rounds),
    roundMs: whole(values['round-ms']),
    curveLines: list(values['curve-lines']),
    packRows: list(values['pack-rows']),
    transfers: whole(values.transfers),
    connections: list(values.connections),
  }
}

function partsOf(text: string): readonly PartName[] {
  const names = text.split(',')
  const unknown = names.find((name) => !(PARTS as readonly string[]).includes(name))
  assert(unknown === undefined, `--only: some of ${PARTS.join(', ')}, not ${unknown}`)
  return PARTS.filter((part) => names.includes(part))
}

function list(text: string): readonly number[] {
  return text.split(',').map(whole)
}

function whole(text: string): number {
  const value = Number(text)
  assert(Number.isSafeInteger(value) && value >= 0, `a whole number, not ${text}`)
  return value
}
