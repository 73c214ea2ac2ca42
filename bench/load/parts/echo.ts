import { Child } from '../processes/child.ts'
import type { EchoHandlers } from '../processes/echo-process.ts'
import { measureUsage } from '../processes/usage.ts'
import { count, megabytes, ms, perSecond } from '../report/figures.ts'
import type { PartResult } from '../report/results.ts'
import { sampleReply } from '../sample-reply.ts'
import { specOf, type SuiteContext } from '../served-load.ts'

const LINES = 20

/** What the wire alone can do: no settlement can be faster than this. */
export async function echoPart(context: SuiteContext): Promise<PartResult> {
  const { generator, options } = context
  const settlement = await sampleReply(LINES)
  const server = new Child<EchoHandlers>('echo-process', options.serverFlags)
  const port = await server.ask('start', undefined)
  await generator.ask('use', specOf(context, LINES))
  const figures: Record<string, number> = {}
  const rows: string[][] = []
  for (const [reply, bytes] of [
    ['tiny', undefined],
    ['settlement', settlement],
  ] as const) {
    await server.ask('reply', bytes)
    for (const inFlight of options.inFlight) {
      const terminals = Math.min(options.terminals, inFlight)
      const credentials = Array.from({ length: terminals }, () => 'nobody')
      await generator.ask('connect', { port, credentials })
      const loop = { from: 0, count: options.echoes, inFlight, isSettling: false }
      const processes = { server: server.pid, generator: generator.pid }
      // The first fifth warms up.
      await generator.ask('closed', { ...loop, count: Math.ceil(options.echoes / 5) })
      const { result, usage } = await measureUsage(processes, async () =>
        generator.ask('closed', loop),
      )
      await generator.ask('disconnect', undefined)
      const rate = result.answered / result.seconds
      figures[`echo.${reply}.${inFlight}`] = rate
      rows.push([
        `${reply}, ${count(result.replyBytes)} B`,
        String(inFlight),
        perSecond(rate),
        ms(result.latency.p50),
        ms(result.latency.p99),
        `${Math.round((usage.server / result.answered) * 1e6)} µs`,
        `${Math.round((usage.generator / result.answered) * 1e6)} µs`,
        megabytes(usage.memory),
      ])
    }
  }
  await server.end()
  return {
    name: 'echo',
    title: 'Echo ceilings',
    about:
      'uWebSockets.js with the subprotocol and the frames of the server, in a process of its own: each frame of 20 lines is decoded and checked as a ' +
      'request, and answered with a tiny reply, or with the bytes of a real settlement. Nothing else is done.',
    tables: [
      {
        caption: '',
        columns: [
          'reply',
          'in flight',
          'rate',
          'p50',
          'p99',
          'server CPU each',
          'generator CPU each',
          'RssAnon',
        ],
        rows,
      },
    ],
    charts: [],
    checks: ['every frame was replied to once'],
    figures,
  }
}
