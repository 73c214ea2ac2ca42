import { count, ms, perSecond, times } from './figures.ts'

type Figures = Readonly<Record<string, number>>

export interface Target {
  readonly what: string
  /** At least, or at most, this. */
  readonly bound: 'least' | 'most'
  readonly target: number
  /** Undefined when what it takes was not run. */
  readonly measured: (figures: Figures) => number | undefined
  readonly show: (value: number) => string
}

export type Verdict = 'met' | 'missed' | 'not run'

export interface Judged {
  readonly what: string
  readonly target: string
  readonly measured: string
  /** Measured over target. */
  readonly ratio: string
  readonly verdict: Verdict
}

const plain = (value: number) => value.toFixed(2)

function figure(name: string): Target['measured'] {
  return (figures) => figures[name]
}

function ratio(above: string, below: string): Target['measured'] {
  return (figures) => {
    const [left, right] = [figures[above], figures[below]]
    return left === undefined || right === undefined ? undefined : left / right
  }
}

/** The rate at the largest ledger by that at the smallest; of full size only, others say nothing. */
function fullGrowth(figures: Figures): number | undefined {
  const isFull = figures['ledger.least'] === 500_000 && figures['ledger.most'] === 5_000_000
  return isFull ? figures['ledger.ratio'] : undefined
}

/** What the suite is to show, in the order it was asked for. */
export const TARGETS: readonly Target[] = [
  {
    what: 'settling over WebSocket by the echo with a reply of the same size, 256 in flight',
    bound: 'least',
    target: 0.5,
    measured: ratio('settle.256.rate', 'echo.settlement.256'),
    show: plain,
  },
  latency(1_000, 'p50', 5),
  latency(1_000, 'p99', 20),
  latency(2_400, 'p99', 100),
  refused(1_000),
  refused(2_400),
  {
    what: 'pure adjudication, 20 lines, seven layers, recorder on, one core',
    bound: 'least',
    target: 100_000,
    measured: figure('pure.recorder'),
    show: perSecond,
  },
  peer('json-rules-engine', 50),
  peer('zen-engine, decision tables', 20),
  peer('zen-engine, one expression', 20),
  {
    what: 'settling over WebSocket, 256 in flight, by the PostgreSQL ledger, which does not adjudicate',
    bound: 'least',
    target: 5,
    measured: ratio('settle.256.rate', 'postgres.rate'),
    show: times,
  },
  {
    what: 'RssAnon of the server, 1,024 in flight, MB',
    bound: 'most',
    target: 600,
    measured: figure('settle.1024.memory'),
    show: count,
  },
  {
    what: 'the same over a long run (`--soak=600`): highest of the second half by that of the first',
    bound: 'most',
    target: 1.05,
    measured: figure('soak.growth'),
    show: plain,
  },
  {
    what: 'rate at 5 million settlements by that at 500,000 (`--sizes=500000,5000000`)',
    bound: 'least',
    target: 0.85,
    measured: fullGrowth,
    show: plain,
  },
  {
    what: 'cost by lines: power, from 50 to 2,000 lines (1: linear)',
    bound: 'most',
    target: 1.05,
    measured: figure('lines.power'),
    show: plain,
  },
  {
    what: 'cost of a pack of 100,000 rows by one of 100',
    bound: 'most',
    target: 1.2,
    measured: figure('rows.ratio'),
    show: times,
  },
  {
    what: 'a pack uploaded, checked and in force, under load, median',
    bound: 'most',
    target: 1_000,
    measured: figure('swap.p50'),
    show: ms,
  },
  {
    what: 'uploads of packs under load refused for want of time',
    bound: 'most',
    target: 0,
    measured: figure('swap.refused'),
    show: count,
  },
]

function latency(rate: number, quantile: 'p50' | 'p99', target: number): Target {
  return {
    what: `open loop, ${count(rate)}/s: ${quantile}`,
    bound: 'most',
    target,
    measured: figure(`open.${rate}.${quantile}`),
    show: ms,
  }
}

function refused(rate: number): Target {
  const measured = figure(`open.${rate}.refused`)
  return {
    what: `open loop, ${count(rate)}/s: refused`,
    bound: 'most',
    target: 0,
    measured,
    show: count,
  }
}

function peer(name: string, target: number): Target {
  const what = `the same work as ${name}, times its rate`
  return { what, bound: 'least', target, measured: figure(`peer.${name}`), show: times }
}

/** Each target beside what was measured. */
export function judge(figures: Figures): readonly Judged[] {
  return TARGETS.map(({ what, bound, target, measured, show }) => {
    const value = measured(figures)
    const sign = bound === 'least' ? '≥' : '≤'
    const stated = { what, target: `${sign} ${show(target)}` }
    if (value === undefined) return { ...stated, measured: '', ratio: '', verdict: 'not run' }
    const isMet = bound === 'least' ? value >= target : value <= target
    return {
      ...stated,
      measured: show(value),
      ratio: target === 0 ? '' : (value / target).toPrecision(2),
      verdict: isMet ? 'met' : 'missed',
    }
  })
}
