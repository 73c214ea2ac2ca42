import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Child } from './processes/child.ts'
import type { GeneratorHandlers } from './processes/generator-process.ts'
import { growthPart } from './parts/growth.ts'
import { httpPart } from './parts/http.ts'
import { dayPart } from './parts/day.ts'
import { echoPart } from './parts/echo.ts'
import { peersPart } from './parts/peers.ts'
import { openPart } from './parts/open.ts'
import { terminalsPart } from './parts/terminals.ts'
import { prepareLedger, type PreparedLedger } from './prepared-ledger.ts'
import type { FailedPart, PartName, PartResult, RanPart, SuiteResult } from './report/results.ts'
import { specOf, type SuiteContext } from './served-load.ts'
import { DEPLOYED_FLAGS, type SuiteOptions } from './suite-options.ts'

type Shared = Omit<SuiteContext, 'generator'>

type Part = (context: SuiteContext) => Promise<PartResult>

const RUN: Readonly<Record<PartName, Part>> = {
  echo: echoPart,
  terminals: terminalsPart,
  open: openPart,
  http: httpPart,
  day: dayPart,
  growth: growthPart,
  peers: peersPart,
}

const BYTES_A_GB = 2 ** 30

/** Runs the parts one after the other. One that fails does not keep the others from running. */
export async function runSuite(
  options: SuiteOptions,
  print: (text: string) => void,
): Promise<SuiteResult> {
  const begun = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'qingfen-suite-'))
  let prepared: Promise<PreparedLedger> | undefined
  const shared: Shared = {
    options,
    print,
    prepared: async () => (prepared ??= prepare(folder, shared)),
  }
  const parts: (RanPart | FailedPart)[] = []
  try {
    for (const name of options.only) {
      print(name)
      parts.push(await ran(name, shared))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const { length: cores, 0: first } = cpus()
  return {
    machine: {
      cores,
      model: first?.model ?? 'unknown',
      memoryGb: Math.round(totalmem() / BYTES_A_GB),
      node: process.versions.node,
    },
    options: sizesOf(options),
    parts,
    seconds: (performance.now() - begun) / 1000,
  }
}

/** Where it was written, and how it was looked at, is not part of what was measured. */
function sizesOf(options: SuiteOptions): SuiteResult['options'] {
  const own = new Set<string>(['out', 'serverFlags'] satisfies (keyof SuiteOptions)[])
  return Object.fromEntries(Object.entries(options).filter(([name]) => !own.has(name)))
}

async function prepare(folder: string, { options, print }: Shared): Promise<PreparedLedger> {
  const home = join(folder, 'prepared')
  mkdirSync(home)
  const prepared = await prepareLedger(home, specOf({ options }, 20))
  print(`  ${options.persons} persons registered in ${prepared.seconds.toFixed(0)} s`)
  return prepared
}

async function ran(name: PartName, shared: Shared): Promise<RanPart | FailedPart> {
  const begun = performance.now()
  const [loadBefore = 0] = loadavg()
  try {
    // Its own pauses are in every latency that it measures.
    const generator = new Child<GeneratorHandlers>('generator-process', DEPLOYED_FLAGS)
    const result = await RUN[name]({ ...shared, generator })
    return { ...result, seconds: (performance.now() - begun) / 1000, loadBefore }
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error)
    shared.print(`  FAILED: ${error instanceof Error ? (error.stack ?? failed) : failed}`)
    return { name, failed }
  } finally {
    // Those of a part that failed, too: they would slow down the next.
    for (const child of Child.running) await child.end()
  }
}
