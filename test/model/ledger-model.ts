import type { EngineRequest } from '../../src/engine/request.ts'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import { cancel, confirm } from './model-prepared.ts'
import { closeDay, dayTotals, find, platformConfirm, unresolved } from './model-look-up.ts'
import { addLines, withdrawLines } from './model-lines.ts'
import { recalculate } from './model-recalculate.ts'
import { resettle, reverse } from './model-reverse.ts'
import { quote, settle } from './model-settle.ts'
import { supplement } from './model-supplement.ts'
import type { Ask } from './ask.ts'
import { business, canonical } from './canonical.ts'
import { dayOfIso } from './days.ts'
import { ModelRules } from './model-rules.ts'
import { ModelState } from './model-state.ts'
import type { Tree } from './model-split.ts'
import { Refused } from './refused.ts'
import { PLACES } from './rules.ts'

export type ModelReply =
  | { readonly kind: 'answer'; readonly repeat: boolean; readonly answer: Tree }
  | {
      readonly kind: 'refused'
      readonly codes: readonly string[]
      readonly settlements: readonly string[]
      readonly split: Tree | undefined
    }

const READS: ReadonlySet<string> = new Set(['quote', 'find', 'dayTotals', 'unresolved'])
/** What each operation may be told; anything else is refused, never passed over. */
const MEMBERS: Readonly<Record<Ask['operation'], readonly string[]>> = {
  quote: ['bill', 'without'],
  settle: ['bill', 'expect', 'notAfter', 'invoice', 'without'],
  prepare: ['bill', 'expect', 'notAfter', 'invoice', 'without'],
  confirm: ['settlement', 'platform'],
  cancel: ['settlement', 'reason'],
  unresolved: [],
  'lines.add': ['stay', 'lines'],
  'lines.withdraw': ['stay', 'ids'],
  reverse: ['settlement', 'reason'],
  resettle: ['settlement', 'bill', 'expect', 'notAfter', 'invoice'],
  supplement: ['person', 'settlements', 'packs', 'date', 'notAfter'],
  recalculate: ['person', 'with', 'from', 'to', 'notAfter'],
  find: ['requestId', 'settlement', 'person', 'day'],
  dayTotals: ['day'],
  closeDay: ['day'],
  'platform.confirm': ['settlement', 'evidence'],
}

/**
 * The plain model of docs/ledger.md: what each request must be answered, one after the other, without a thought for speed. It
 * knows nothing of records, rows, blocks or workers; the arithmetic of one bill is the core's.
 */
export class LedgerModel {
  readonly state = new ModelState()
  readonly #answered = new Map<string, { fingerprint: string; answer: Tree }>()

  constructor(register: readonly RegistryEntry[]) {
    for (const { jurisdiction, profile, packs } of PLACES) {
      this.state.rules.set(jurisdiction, new ModelRules(profile, packs, dayOfIso('2023-01-01')))
    }
    this.register(register)
  }

  /** Versions of the register, as one record. */
  register(entries: readonly RegistryEntry[]): void {
    for (const entry of entries) this.state.register(entry)
    this.#stamp()
  }

  activate(jurisdiction: string, pack: RulePack, from: number): boolean {
    const done = this.state.rules.get(jurisdiction)?.activate(pack, from) === true
    if (done) this.#stamp()
    return done
  }

  hold(jurisdiction: string, hash: string, isHeld: boolean): boolean {
    const done = this.state.rules.get(jurisdiction)?.hold(hash, isHeld) === true
    if (done) this.#stamp()
    return done
  }

  rollBack(jurisdiction: string, pack: string): boolean {
    const done = this.state.rules.get(jurisdiction)?.rollBack(pack) === true
    if (done) this.#stamp()
    return done
  }

  submit(
    request: Omit<EngineRequest, 'body'> & { body: unknown },
    ids: readonly string[],
  ): ModelReply {
    const { operation, hospital, requestId, body } = request
    const key = `${hospital}\0${requestId}`
    const fingerprint = JSON.stringify([operation, canonical(body)])
    const isRead = READS.has(operation)
    try {
      if ((!isRead && requestId === '') || requestId.length > 64) {
        throw new Refused('REQUEST_MALFORMED')
      }
      const known = isRead ? undefined : this.#answered.get(key)
      if (known !== undefined) {
        if (known.fingerprint !== fingerprint) throw new Refused('REQUEST_DIFFERS')
        return { kind: 'answer', repeat: true, answer: known.answer }
      }
      const answer = this.#apply({ operation, hospital, requestId, body: business(body), ids })
      if (!isRead) {
        this.#answered.set(key, { fingerprint, answer })
        const { settlement } = answer
        if (typeof settlement === 'string') this.state.byRequest.set(key, settlement)
        this.#stamp()
      }
      return { kind: 'answer', repeat: false, answer }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return {
        kind: 'refused',
        codes: error.codes,
        settlements: error.settlements,
        split: error.split,
      }
    }
  }

  #stamp(): void {
    this.state.last = this.state.now
  }

  #apply(ask: Ask): Tree {
    const { state } = this
    const { notAfter } = ask.body
    if (typeof notAfter === 'number' && state.now > notAfter) throw new Refused('EXPIRED')
    const known = MEMBERS[ask.operation]
    if (Object.keys(ask.body).some((key) => !known.includes(key))) {
      throw new Refused('REQUEST_MALFORMED')
    }
    switch (ask.operation) {
      case 'quote':
        return quote(state, ask)
      case 'settle':
      case 'prepare':
        return settle(state, ask)
      case 'confirm':
        return confirm(state, ask)
      case 'cancel':
        return cancel(state, ask)
      case 'unresolved':
        return unresolved(state, ask)
      case 'lines.add':
        return addLines(state, ask)
      case 'lines.withdraw':
        return withdrawLines(state, ask)
      case 'reverse':
        return reverse(state, ask)
      case 'resettle':
        return resettle(state, ask)
      case 'supplement':
        return supplement(state, ask)
      case 'recalculate':
        return state.attempt(() => recalculate(state, ask))
      case 'find':
        return find(state, ask)
      case 'dayTotals':
        return dayTotals(state, ask)
      case 'closeDay':
        return closeDay(state, ask)
      case 'platform.confirm':
        return platformConfirm(state, ask)
    }
  }
}
