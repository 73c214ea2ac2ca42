import { Child } from './processes/child.ts'
import type { GeneratorHandlers } from './processes/generator-process.ts'
import type { ServerHandlers } from './processes/server-process.ts'
import { measureUsage, type Usage } from './processes/usage.ts'
import { auditLedger, copyLedger, ledgerBytes, type Audited } from './prepared-ledger.ts'
import type { PreparedLedger } from './prepared-ledger.ts'
import type { SuiteOptions } from './suite-options.ts'
import { addTold, nothingTold, type Told } from './wire/told.ts'
import type { RunResult } from './wire/run.ts'
import type { WorkloadSpec } from './workload-spec.ts'

/** What the parts of the suite have in common. */
export interface SuiteContext {
  readonly options: SuiteOptions
  /** Made when it is first asked for: it takes a while. */
  readonly prepared: () => Promise<PreparedLedger>
  readonly generator: Child<GeneratorHandlers>
  readonly print: (text: string) => void
}

export interface Measured {
  readonly run: RunResult
  readonly usage: Usage
}

export function specOf(
  { options }: Pick<SuiteContext, 'options'>,
  lines: WorkloadSpec['lines'],
): WorkloadSpec {
  const { persons, bills } = options
  return { lines, persons, bills }
}

/** A server on a copy of the prepared ledger, the generator connected to it, and what its clients were told. */
export class ServedLoad {
  readonly port: number
  readonly prepared: PreparedLedger
  readonly told: Told = nothingTold()
  readonly #server: Child<ServerHandlers>
  readonly #context: SuiteContext
  readonly #folder: string
  #next = 0

  private constructor(
    context: SuiteContext,
    parts: {
      readonly server: Child<ServerHandlers>
      readonly folder: string
      readonly port: number
      readonly prepared: PreparedLedger
    },
  ) {
    this.#context = context
    this.#server = parts.server
    this.#folder = parts.folder
    this.port = parts.port
    this.prepared = parts.prepared
  }

  static async open(context: SuiteContext, terminals: number): Promise<ServedLoad> {
    const prepared = await context.prepared()
    const folder = copyLedger(prepared)
    const { serverFlags, workers } = context.options
    const server = new Child<ServerHandlers>('server-process', serverFlags)
    const port = await server.ask('start', { folder, now: prepared.now, workers })
    const credentials = prepared.terminals(terminals)
    await context.generator.ask('connect', { port, credentials })
    return new ServedLoad(context, { server, folder, port, prepared })
  }

  async use(lines: WorkloadSpec['lines']): Promise<void> {
    await this.#context.generator.ask('use', specOf(this.#context, lines))
  }

  async closed(count: number, inFlight: number): Promise<Measured> {
    const from = this.take(count)
    const { generator } = this.#context
    return this.#measured(async () =>
      generator.ask('closed', { from, count, inFlight, isSettling: true }),
    )
  }

  async open(count: number, rate: number): Promise<Measured> {
    const from = this.take(count)
    return this.#measured(async () => this.#context.generator.ask('open', { from, count, rate }))
  }

  /** Numbers of `count` requests that nobody else sends; gives the first. */
  take(count: number): number {
    const from = this.#next
    this.#next += count
    return from
  }

  get bytes(): number {
    return ledgerBytes(this.#folder)
  }

  async #measured(work: () => Promise<RunResult>): Promise<Measured> {
    const processes = { server: this.#server.pid, generator: this.#context.generator.pid }
    const { result, usage } = await measureUsage(processes, work)
    addTold(this.told, result.told)
    return { run: result, usage }
  }

  /** Stops the server; verifies its ledger and reconciles it with what was told. */
  async close(): Promise<Audited> {
    await this.#context.generator.ask('disconnect', undefined)
    await this.#server.ask('stop', undefined)
    await this.#server.end()
    return auditLedger(this.#folder, this.told)
  }
}
