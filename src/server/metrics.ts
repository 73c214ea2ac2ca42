import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { FlushedBatch, WriterMeter } from '../engine/writer.ts'

/** What is asked for when somebody reads the metrics. */
export interface MetricSources {
  readonly waiting: () => number
  readonly seq: () => number
  readonly terminals: () => number
  readonly inFlight: () => number
  /** Versions in force. */
  readonly activePacks: () => readonly {
    readonly jurisdiction: string
    readonly hash: string
  }[]
}

const MS = 1_000
/** Seconds. */
const LATENCY = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
const RECORDS = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** Figures for Prometheus. Nothing of a person, a bill or a request is in them. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = this.#counter('requests_total', 'requests by operation and outcome', [
    'op',
    'outcome',
  ])
  readonly #seconds = this.#histogram('request_seconds', 'from arrival to answer', ['op'], LATENCY)
  readonly #stages = this.#histogram('stage_seconds', 'time by stage', ['stage'], LATENCY)
  readonly #batch = this.#histogram('batch_records', 'records of a commit', [], RECORDS)
  readonly #commits = this.#counter('commits_total', 'flushed commits', [])
  readonly #logins = this.#counter('logins_total', 'logins by outcome', ['outcome'])

  /** Of the writer of an engine; `now`: milliseconds that never go back. */
  meter(now: () => number): WriterMeter {
    return {
      now,
      flushed: ({ records, workMs, flushMs }: FlushedBatch) => {
        this.stage('work', workMs)
        if (records === 0) return
        this.stage('flush', flushMs)
        this.#batch.observe(records)
        this.#commits.inc()
      },
    }
  }

  /** `outcome`: `done`, `repeat`, or the code of the refusal. */
  answered(op: string, outcome: string, ms: number): void {
    this.#requests.inc({ op, outcome })
    this.#seconds.observe({ op }, ms / MS)
  }

  stage(stage: 'decode' | 'work' | 'flush', ms: number): void {
    this.#stages.observe({ stage }, ms / MS)
  }

  login(outcome: string): void {
    this.#logins.inc({ outcome })
  }

  /** Gauges that are read when they are asked for. */
  watch(sources: MetricSources): void {
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name: `qingfen_${name}`,
        help,
        registers: [this.#registry],
        collect() {
          this.set(read())
        },
      })
    gauge('queue_waiting', 'jobs that wait for the writer or the disk', sources.waiting)
    gauge('journal_records', 'records of the journal', sources.seq)
    gauge('terminals', 'connected terminals', sources.terminals)
    gauge('requests_in_flight', 'requests without an answer', sources.inFlight)
    gauge('resident_bytes', 'resident memory of the process', () => process.memoryUsage.rss())
    // Not the id: it would tell every insurer what the others have, and nobody logs in for metrics.
    const labels = ['jurisdiction', 'hash'] as const
    new Gauge({
      name: 'qingfen_pack_active',
      help: 'versions of packs in force',
      labelNames: labels,
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const pack of sources.activePacks()) this.set(pack, 1)
      },
    })
  }

  /** The text that Prometheus reads. */
  async text(): Promise<string> {
    return this.#registry.metrics()
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({
      name: `qingfen_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    })
  }

  #histogram(
    name: string,
    help: string,
    labelNames: readonly string[],
    buckets: number[],
  ): Histogram {
    return new Histogram({
      name: `qingfen_${name}`,
      help,
      labelNames: [...labelNames],
      buckets,
      registers: [this.#registry],
    })
  }
}
