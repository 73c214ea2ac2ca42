import { setTimeout as wait } from 'node:timers/promises'
import { ERROR_TRAITS, type ErrorCode } from '../../../src/errors/codes.ts'
import type { PackCommand } from '../../../src/server/insurers/pack-command.ts'
import type { ServerLimits } from '../../../src/server/limits.ts'
import { billOf } from '../../workers/town.ts'
import { acmeGrant, acmePack, acmeText, TestSigner } from '../insurers/grants.ts'
import { ServedTown } from '../served-town.ts'
import { Chance } from '../../hostile/chance.ts'
import type { TerminalClient } from '../terminal-client.ts'

/** Small where an attack has to reach beyond a limit, large where a lock would end it. */
export const ATTACK_LIMITS: Partial<ServerLimits> = {
  frameBytes: 64 * 1024,
  bodyMs: 300,
  httpRequestsPerPrincipal: 1_000,
  failedLogins: 1_000_000,
  failedLoginsPerAddress: 1_000_000,
  lockMs: 1,
}

export interface Barrage {
  readonly count: number
  readonly seed: number
}

/** Divides a barrage among `lines` that go on at once; `run` sends `count` on its line. */
export async function overLines(
  { count, seed }: Barrage,
  lines: number,
  run: (chance: Chance, count: number, line: number) => Promise<void>,
): Promise<void> {
  const each = Math.ceil(count / lines)
  await Promise.all(
    Array.from({ length: lines }, async (_, line) =>
      run(new Chance(seed + line), Math.min(each, count - line * each), line),
    ),
  )
}

/** Whom the good settlements are made for; nothing hostile names them. */
const GOOD = { terminal: 'terminal-K', person: 'B7' } as const
/** Fen: 100 yuan in scope and 7 of own pay. */
const GOOD_TOTAL = 10_700

/** What the insurer may put in force: for those who hold its policy, so that it does not touch the good bills. */
export const OWN_PACK = { more: 'requires: policy' } as const

/** A server with both protocols on one port, an insurer with a signing key, and a terminal that goes on settling. */
export class AttackTown {
  readonly served: ServedTown
  readonly signer = new TestSigner('k1')
  readonly #good: TerminalClient
  #settled = 0
  #last: Promise<void> = Promise.resolve()

  private constructor(served: ServedTown, good: TerminalClient) {
    this.served = served
    this.#good = good
  }

  static async open(limits: Partial<ServerLimits> = {}): Promise<AttackTown> {
    const served = await ServedTown.open({ http: true, limits: { ...ATTACK_LIMITS, ...limits } })
    const town = new AttackTown(served, await served.login(GOOD.terminal))
    const grant = acmeGrant([town.signer.key], { id: 'insurer' })
    await served.town.register([{ kind: 'grant', id: 'insurer', entry: grant }])
    await town.#upload()
    return town
  }

  /** A pack of the insurer's own, so that there is something to command. */
  async #upload(): Promise<void> {
    const command = this.signed({
      command: 'upload',
      jurisdiction: 'town',
      packs: [acmePack(OWN_PACK).hash],
    })
    const done = await this.served.fetch('/v1/packs', {
      as: 'insurer',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command, files: { 'pack.yaml': acmeText(OWN_PACK) } }),
    })
    if (!done.ok) throw new Error(await done.text())
  }

  get port(): number {
    return this.served.server.port
  }

  credential(id: string): string {
    return this.served.credential(id)
  }

  /** A command of the insurer, signed with the next number. */
  signed(command: PackCommand): object {
    return this.signer.sign(command)
  }

  /** Settles a bill as if nothing were going on, one after another; throws unless it is answered and every fen is somebody's. */
  async settleGood(): Promise<void> {
    const mine = this.#last.then(async () => this.#settle())
    this.#last = mine
    return mine
  }

  async #settle(): Promise<void> {
    this.#settled += 1
    const id = `good-${this.#settled}`
    const reply = await this.#good.ask(id, 'settle', { bill: billOf(GOOD.person, id, 100) })
    this.#good.received.length = 0
    this.#good.bytes.length = 0
    const { total, patient, payers } = (reply.answer ?? {}) as GoodAnswer
    const paid = (payers ?? []).reduce((sum, payer) => sum + payer.amount, 0)
    if (total === GOOD_TOTAL && (patient?.total ?? 0) + paid === GOOD_TOTAL) return
    throw new Error(`a good bill: ${JSON.stringify(reply)}`)
  }

  /** When nothing of what was attacked with is held any more: no connection but the good one, no request. */
  async idle(): Promise<void> {
    for (let looks = 0; ; looks += 1) {
      const text = await (await this.served.fetch('/metrics')).text()
      const [terminals, inFlight] = ['qingfen_terminals', 'qingfen_requests_in_flight'].map(
        (name) => Number(new RegExp(`^${name} ([0-9]+)$`, 'm').exec(text)?.[1]),
      )
      if (terminals === 1 && inFlight === 0) return
      if (looks >= LOOKS_MAX) throw new Error(`held: ${String(terminals)}, ${String(inFlight)}`)
      await wait(LOOK_MS)
    }
  }

  /** Throws for whatever went wrong inside. */
  async close(): Promise<void> {
    await this.served.close()
    if (Object.hasOwn(Object.prototype, 'polluted')) throw new Error('the prototype was changed')
  }
}

const LOOKS_MAX = 600
const LOOK_MS = 50

interface GoodAnswer {
  readonly total?: number
  readonly patient?: { readonly total: number }
  readonly payers?: readonly { readonly amount: number }[]
}

/** Whether a refusal may say `code`: it is in the table, and it is no bug of the server's. */
export function isProperCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TRAITS, code) && code !== 'DEFECT'
}

/** How attacks ended, and what should not have happened. */
export class Outcomes {
  readonly counts = new Map<string, number>()
  readonly faults: string[] = []
  total = 0

  note(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1)
  }

  fault(what: string, attack: Uint8Array): void {
    if (this.faults.length >= FAULTS_MAX) return
    const shown = Buffer.from(attack.subarray(0, SHOWN_BYTES)).toString('latin1')
    this.faults.push(`${what}: ${attack.byteLength} B ${JSON.stringify(shown)}`)
  }
}

const FAULTS_MAX = 20
const SHOWN_BYTES = 600

/** `promise`, or undefined after `ms`. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined)
    }, ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
