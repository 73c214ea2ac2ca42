import type { Options, Request } from 'autocannon'
import { assert } from '../../../src/assert.ts'
import { requestId } from '../wire/frame-templates.ts'
import { nothingTold, tellAnswer, type SettledAnswer, type Told } from '../wire/told.ts'
import { workloadOf, type WorkloadSpec } from '../workload-spec.ts'
import { fire, type CannonResult } from './cannon.ts'

export interface Shot {
  readonly port: number
  readonly path: '/v1/quotes' | '/v1/settlements'
  /** One connection each. */
  readonly credentials: readonly string[]
  /** Requests of each connection, one after the other. */
  readonly each: number
  /** Number of the first request. */
  readonly from: number
  readonly spec: WorkloadSpec
}

export interface ShotResult extends CannonResult {
  readonly told: Told
}

interface Answered {
  readonly body: string
  /** What the bill came to, fen. */
  readonly total: number
}

/** Quotes or settles over HTTP; the bodies are made before, and the answers looked at after. */
export async function shoot(shot: Shot): Promise<ShotResult> {
  const { port, path, credentials, each } = shot
  const workload = workloadOf(shot.spec)
  const answers: Answered[] = []
  let refused = ''
  const magazines = credentials.map((_, connection) =>
    Array.from({ length: each }, (__, place) =>
      request(workload.requestAt, shot.from + connection * each + place, (status, answered) => {
        if (status === 200) answers.push(answered)
        else refused = answered.body
      }),
    ),
  )
  let connection = 0
  const firing: Options = {
    url: `http://127.0.0.1:${port}${path}`,
    connections: credentials.length,
    amount: credentials.length * each,
    method: 'POST',
    setupClient: (client) => {
      const authorization = `Bearer ${credentials[connection] ?? ''}`
      const requests = magazines[connection] ?? []
      client.setRequests(
        requests.map((one) => ({ ...one, headers: { ...one.headers, authorization } })),
      )
      connection += 1
    },
  }
  const fired = await fire(firing, () => refused)
  assert(answers.length === credentials.length * each, 'all replies are received')
  return { ...fired, told: toldBy(answers) }
}

function toldBy(answers: readonly Answered[]): Told {
  const told = nothingTold()
  for (const { body, total } of answers) {
    const { ok, repeat, answer } = JSON.parse(body) as {
      readonly ok: boolean
      readonly repeat: boolean
      readonly answer: SettledAnswer
    }
    assert(ok && !repeat, 'each is answered for the first time')
    tellAnswer(told, answer, total)
  }
  return told
}

type Bills = ReturnType<typeof workloadOf>['requestAt']

function request(
  requestAt: Bills,
  index: number,
  answered: (status: number, answer: Answered) => void,
): Request {
  const { bill } = requestAt(index)
  const lines = bill['lines'] as readonly { readonly det_item_fee_sumamt: string }[]
  const total = lines.reduce(
    (sum, line) => sum + Math.round(Number(line.det_item_fee_sumamt) * 100),
    0,
  )
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: requestId(index), body: { bill } }),
    onResponse: (status, body) => {
      answered(status, { body, total })
    },
  }
}
