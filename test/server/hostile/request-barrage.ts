import {
  isProperCode,
  overLines,
  within,
  type AttackTown,
  type Barrage,
  type Outcomes,
} from './attack-town.ts'
import { hostileRequest, type HostileRequest } from './hostile-requests.ts'
import { RawHttp, type RawReply } from './raw-http.ts'

/** Connections at once. */
const LINES = 12
const DEADLINE_MS = 30_000
/** How long a request that keeps to no rule is waited for before the other end is let go. */
const QUIET_MS = 60
const GOOD_EVERY = 40

/** Sends `count` requests over several connections at once; what became of them is noted in `outcomes`. */
export async function requestBarrage(
  town: AttackTown,
  barrage: Barrage,
  outcomes: Outcomes,
): Promise<void> {
  await overLines(barrage, LINES, async (chance, left, line) => {
    const sender = new Sender(town, outcomes)
    for (let sent = 0; sent < left; sent += 1) {
      await sender.send(hostileRequest(town, chance))
      if (line === 0 && sent % GOOD_EVERY === 0) await town.settleGood()
      town.served.time.now += 1
    }
    sender.close()
  })
}

/** Sends one request after another, over one connection as long as it lasts. */
class Sender {
  readonly #town: AttackTown
  readonly #outcomes: Outcomes
  #line: RawHttp | undefined

  constructor(town: AttackTown, outcomes: Outcomes) {
    this.#town = town
    this.#outcomes = outcomes
  }

  async send(request: HostileRequest): Promise<void> {
    this.#outcomes.total += 1
    await (request.isHttp ? this.#answered(request) : this.#ended(request))
  }

  close(): void {
    this.#line?.cut()
  }

  /** It is answered, once, and with a code unless it is done. */
  async #answered({ bytes, route }: HostileRequest): Promise<void> {
    const kept = this.#line?.isClosed === false ? this.#line : undefined
    let line = kept ?? (await RawHttp.open(this.#town.port))
    line.write(bytes)
    let reply = await line.reply(DEADLINE_MS)
    if (reply === undefined && line === kept && line.isClosed) {
      // An idle connection may end just as a request is sent on it (RFC 9112, 9.3.1): it has to be sent again over a new one.
      this.#outcomes.note('idle connection ended')
      line = await RawHttp.open(this.#town.port)
      line.write(bytes)
      reply = await line.reply(DEADLINE_MS)
    }
    this.#line = line
    if (reply === undefined) {
      const how = line.isClosed ? 'closed without an answer' : 'no answer'
      this.#outcomes.fault(`${route}: ${how} ${line.rest.toString().slice(0, 200)}`, bytes)
      line.cut()
      return
    }
    const wrong = faultOf(reply, true)
    if (wrong !== '') this.#outcomes.fault(`${route}: ${wrong}`, bytes)
    note(reply, this.#outcomes)
    if (reply.headers.get('connection') !== 'close') return
    await within(line.closed, DEADLINE_MS)
    if (!line.isClosed) this.#outcomes.fault(`${route}: stays open`, bytes)
  }

  /** Whatever answers come are proper ones, and then the connection ends. */
  async #ended({ bytes, route }: HostileRequest): Promise<void> {
    const line = await RawHttp.open(this.#town.port)
    line.write(bytes)
    let replies = 0
    for (;;) {
      const reply = await line.reply(QUIET_MS)
      if (reply === undefined) break
      replies += 1
      const wrong = faultOf(reply, false)
      if (wrong !== '') this.#outcomes.fault(`${route}: ${wrong}`, bytes)
      note(reply, this.#outcomes)
    }
    line.end()
    await within(line.closed, DEADLINE_MS)
    if (!line.isClosed) this.#outcomes.fault(`${route}: does not end`, bytes)
    if (replies === 0) this.#outcomes.note('closed')
    line.cut()
  }
}

const CLIENT_ERROR = 400
const HEADERS_TOO_LARGE = 431

/** What is wrong with an answer; '' when nothing is. What is no HTTP at all is answered by uWebSockets.js, without a code. */
function faultOf({ status, headers, body, isWhole }: RawReply, needsCode: boolean): string {
  if (!(status >= 200)) return `status ${status}`
  if (status < CLIENT_ERROR) {
    const type = headers.get('content-type') ?? ''
    const text = body.toString()
    const isFormula = type.startsWith('text/csv') && /(^|,|\n)"?[=+@\t\r]/.test(text)
    return isFormula ? `a formula in ${text.slice(0, 400)}` : ''
  }
  const codes = codesOf(body)
  if (codes.length === 0) {
    const isPlain = !isWhole && (!needsCode || status === HEADERS_TOO_LARGE)
    return isPlain ? '' : `${status} without a code: ${body.toString().slice(0, 200)}`
  }
  return codes.every(isProperCode) ? '' : `${status} ${body.toString().slice(0, 400)}`
}

function codesOf(body: Buffer): readonly string[] {
  try {
    const { problems } = JSON.parse(body.toString()) as {
      readonly problems: readonly { readonly code: string }[]
    }
    return problems.map(({ code }) => code)
  } catch {
    return []
  }
}

function note({ status, body }: RawReply, outcomes: Outcomes): void {
  if (status < CLIENT_ERROR) outcomes.note('done')
  else for (const code of new Set(codesOf(body))) outcomes.note(code)
}
