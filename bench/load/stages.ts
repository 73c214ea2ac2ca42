/** What the server says in its metrics of how it has spent its time since it started. */
export interface Stages {
  /** Seconds, by stage: decoding frames; the writer working on requests; waiting for the disk, while it works on the next. */
  readonly decode: number
  readonly work: number
  readonly flush: number
  readonly commits: number
  readonly records: number
}

const SUMS: Readonly<Record<keyof Stages, RegExp>> = {
  decode: /^qingfen_stage_seconds_sum\{stage="decode"\} (.+)$/m,
  work: /^qingfen_stage_seconds_sum\{stage="work"\} (.+)$/m,
  flush: /^qingfen_stage_seconds_sum\{stage="flush"\} (.+)$/m,
  commits: /^qingfen_commits_total (.+)$/m,
  records: /^qingfen_batch_records_sum (.+)$/m,
}

export async function readStages(port: number): Promise<Stages> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const sum = (name: keyof Stages) => Number(SUMS[name].exec(text)?.[1] ?? 0)
  return {
    decode: sum('decode'),
    work: sum('work'),
    flush: sum('flush'),
    commits: sum('commits'),
    records: sum('records'),
  }
}

export function stagesBetween(before: Stages, after: Stages): Stages {
  return {
    decode: after.decode - before.decode,
    work: after.work - before.work,
    flush: after.flush - before.flush,
    commits: after.commits - before.commits,
    records: after.records - before.records,
  }
}
