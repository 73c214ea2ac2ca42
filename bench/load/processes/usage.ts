import { existsSync, readFileSync } from 'node:fs'

/** What Linux counts processor time in. */
const TICKS_A_SECOND = 100
const KB_A_MB = 1024

/** Seconds of processor time a process has taken, all its threads; 0 where there is no `/proc`. */
export function cpuSeconds(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return 0
  // The name, in brackets, may hold anything.
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? []
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number)
  return (user + system) / TICKS_A_SECOND
}

/** Memory of a process that no file stands behind (RssAnon), MB; 0 where there is no `/proc`. */
export function anonymousMemoryOf(pid: number): number {
  const file = `/proc/${pid}/status`
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return Math.round(Number(/RssAnon:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / KB_A_MB)
}

export interface Usage {
  /** Processor seconds of the server and of the generator in the time. */
  readonly server: number
  readonly generator: number
  /** Highest anonymous memory of the server, MB. */
  readonly memory: number
  /** The same over time: seconds and MB. */
  readonly samples: readonly (readonly [number, number])[]
}

const SAMPLE_MS = 250

/** What `work` takes of two processes. */
export async function measureUsage<T>(
  { server, generator }: { readonly server: number; readonly generator: number },
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly usage: Usage }> {
  const before = [cpuSeconds(server), cpuSeconds(generator)] as const
  const begun = performance.now()
  const samples: (readonly [number, number])[] = []
  const sample = () => {
    samples.push([(performance.now() - begun) / 1000, anonymousMemoryOf(server)])
  }
  const timer = setInterval(sample, SAMPLE_MS)
  try {
    const result = await work()
    sample()
    const usage = {
      server: cpuSeconds(server) - before[0],
      generator: cpuSeconds(generator) - before[1],
      memory: Math.max(...samples.map(([, memory]) => memory)),
      samples,
    }
    return { result, usage }
  } finally {
    clearInterval(timer)
  }
}
