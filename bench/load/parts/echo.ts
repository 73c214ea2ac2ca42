import { Child } from '../processes/child.ts'
import type { EchoHandlers } from '../processes/echo-process.ts'
import { measureUsage } from '../processes/usage.ts'
import { count, megabytes, ms, perSecond } from '../report/figures.ts'
import type { PartResult } from '../report/results.ts'
import { sampleReply } from '../sample-reply.ts'
import { specOf, type Measured, type SuiteContext } from '../served-load.ts'

const LINES = 20

const ABOUT =
  'uWebSockets.js with the subprotocol and the frames of the server, in a process of its own: each frame of 20 lines is decoded and checked as a ' +
  'request, and answered with a tiny reply, or with the bytes of a real settlement. Nothing else is done.'

const COLUMNS = [
  'reply',
  'in flight',
  'rate',
  'p50',
  'p99',
  'server CPU each',
  'generator CPU each',
  'RssAnon',
]

type Server = Child<EchoHandlers>

/** What the wire alone can do: no settlement can be faster than this. */
export async function echoPart(context: SuiteContext): Promise<PartResult> {
  const { generator, options } = context
  const settlement = await sampleReply(LINES)
  const server: Server = new Child('echo-process', options.serverFlags)
  const port = await server.ask('start', undefined)
  await generator.ask('use', specOf(context, LINES))
  const figures: Record<string, number> = {}
  const rows: string[][] = []
  const replies = [
    ['tiny', undefined],
    ['settlement', settlement],
  ] as const
  for (const [reply, bytes] of replies) {
    await server.ask('reply', bytes)
    for (const inFlight of options.inFlight) {
      const measured = await echoes(context, server, { port, inFlight })
      figures[`echo.${reply}.${inFlight}`] = measured.run.answered / measured.run.seconds
      rows.push(rowOf(reply, inFlight, measured))
    }
  }
  await server.end()
  return {
    name: 'echo',
    title: 'Echo ceilings',
    about: ABOUT,
    tables: [{ caption: '', columns: COLUMNS, rows }],
    charts: [],
    checks: ['every frame was replied to once'],
    figures,
  }
}

async function echoes(
  { generator, options }: SuiteContext,
  server: Server,
  { port, inFlight }: { readonly port: number; readonly inFlight: number },
): Promise<Measured> {
  const terminals = Math.min(options.terminals, inFlight)
  const credentials = Array.from({ length: terminals }, () => 'nobody')
  await generator.ask('connect', { port, credentials })
  const loop = { from: 0, count: options.echoes, inFlight, isSettling: false }
  // The first fifth warms up.
  await generator.ask('closed', { ...loop, count: Math.ceil(options.echoes / 5) })
  const processes = { server: server.pid, generator: generator.pid }
  const { result, usage } = await measureUsage(processes, async () => generator.ask('closed', loop))
  await generator.ask('disconnect', undefined)
  return { run: result, usage }
}

function rowOf(reply: string, inFlight: number, { run, usage }: Measured): string[] {
  const each = (seconds: number) => `${Math.round((seconds / run.answered) * 1e6)} µs`
  return [
    `${reply}, ${count(run.replyBytes)} B`,
    String(inFlight),
    perSecond(run.answered / run.seconds),
    ms(run.latency.p50),
    ms(run.latency.p99),
    each(usage.server),
    each(usage.generator),
    megabytes(usage.memory),
  ]
}
