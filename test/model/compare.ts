import { READ_ONLY, type EngineReply } from '../../src/engine/request.ts'
import { objectOf } from './complete-bill.ts'
import { dayOf, dayOfIso, isoDay } from './days.ts'
import { netted, sorted } from './books.ts'
import type { History, RequestStep, Step } from './history.ts'
import { LedgerModel, type ModelReply } from './ledger-model.ts'
import { isLive } from './model-state.ts'
import { cellsLeft } from './model-supplement.ts'
import type { Tree } from './model-split.ts'
import { CHANGES, REGISTER } from './register.ts'
import { BASE_AT, EngineRun, firstPackOf, packOf, resolved } from './run-engine.ts'

/** A request as it was sent, and what both sides said. */
export interface Exchange {
  readonly step: RequestStep
  readonly reply: EngineReply
}

/** Told what happened, for those who count. */
export type Observer = (exchange: Exchange) => void

/**
 * Runs a history on the engine and on the plain model; what they differ in, nothing when they agree. A difference says the seed, the
 * step and both sides; it ends the run.
 */
export async function compareHistory(
  history: History,
  observe: Observer = () => {},
): Promise<string | undefined> {
  const run = await EngineRun.start(history.start)
  const pair = new Pair(run, history, observe)
  try {
    return await pair.run()
  } finally {
    await run.close()
  }
}

interface Sent {
  readonly index: number
  readonly step: RequestStep
  readonly body: unknown
}

class Pair {
  readonly #run: EngineRun
  readonly #history: History
  readonly #observe: Observer
  readonly #model = new LedgerModel([])
  readonly #replies: (EngineReply | undefined)[] = []
  /** First answers of writing requests, for the repeats at the end. */
  readonly #answered = new Map<string, { sent: Sent; answer: Tree }>()

  constructor(run: EngineRun, history: History, observe: Observer) {
    this.#run = run
    this.#history = history
    this.#observe = observe
    this.#model.state.clock = BASE_AT
    this.#model.register(REGISTER)
    this.#setClock(history.start)
  }

  #setClock(at: number): void {
    this.#model.state.clock = at
    this.#run.setClock(at)
  }

  async run(): Promise<string | undefined> {
    const { steps } = this.#history
    for (let index = 0; index < steps.length;) {
      const group = groupAt(steps, index)
      const found = await this.#group(group, index)
      if (found !== undefined) return found
      index += group.length
    }
    const found = this.#overpaid() ?? this.#books()
    if (found !== undefined) return found
    if (this.#history.seed % REOPENED_EACH === 0) {
      const reopened = await this.#reopen()
      if (reopened !== undefined) return reopened
    }
    return this.#lookUps()
  }

  async #group(group: readonly Step[], index: number): Promise<string | undefined> {
    const [first] = group
    if (first !== undefined && first.kind !== 'request') return this.#operate(first, index)
    const sent = group.flatMap((step, offset): Sent[] =>
      step.kind === 'request'
        ? [{ index: index + offset, step, body: resolved(step.body, this.#replies) }]
        : [],
    )
    const replies = await Promise.all(sent.map(async (one) => this.#send(one)))
    for (const [offset, one] of sent.entries()) {
      const reply = replies[offset]
      if (reply === undefined) continue
      this.#replies[one.index] = reply
      const found = this.#compare(one, reply)
      if (found !== undefined) return found
    }
    return undefined
  }

  async #send({ step, body }: Sent): Promise<EngineReply> {
    const { operation, hospital, requestId } = step
    return this.#run.engine.submit({ operation, hospital, requestId, body })
  }

  async #operate(step: Exclude<Step, RequestStep>, index: number): Promise<string | undefined> {
    const engine = await this.#run.operate(step)
    const model = this.#operateModel(step)
    return engine === model ? undefined : difference(`step ${index} ${step.kind}`, engine, model)
  }

  #operateModel(step: Exclude<Step, RequestStep>): boolean {
    const model = this.#model
    switch (step.kind) {
      case 'nothing':
        return true
      case 'clock':
        this.#setClock(step.at)
        return true
      case 'registry':
        model.register(step.changes.flatMap((index) => CHANGES[index] ?? []))
        return true
      case 'activate': {
        const { jurisdiction, pack } = packOf(step)
        return model.activate(jurisdiction, pack, dayOfIso(step.from))
      }
      case 'suspend':
      case 'resume': {
        const { jurisdiction, hash } = firstPackOf(step)
        return model.hold(jurisdiction, hash, step.kind === 'suspend')
      }
      case 'rollBack': {
        const { jurisdiction, pack } = packOf(step)
        return model.rollBack(jurisdiction, pack.id)
      }
    }
  }

  #compare(sent: Sent, reply: EngineReply): string | undefined {
    const { step, body, index } = sent
    this.#observe({ step, reply })
    const expected = this.#model.submit({ ...step, body }, idsOf(reply))
    const found = differenceOf(reply, expected, step)
    if (found !== undefined) {
      return `step ${index} ${step.operation}: ${found}\nbody ${JSON.stringify(body)}`
    }
    if (reply.kind === 'answer' && !READ_ONLY.has(step.operation)) {
      const key = `${step.hospital} ${step.requestId}`
      const first = this.#answered.get(key)
      if (first === undefined) this.#answered.set(key, { sent, answer: reply.answer })
      else if (JSON.stringify(first.answer) !== JSON.stringify(reply.answer)) {
        return difference(`step ${index}: bytes of the repeat`, reply.answer, first.answer)
      }
    }
    return undefined
  }

  /** Every counter and balance. */
  #books(): string | undefined {
    const { state } = this.#model
    const stays = state.settlements.map(({ hospital, stay }) => `stay:${stay}\0${hospital}`)
    for (const holder of new Set([...HOLDERS, ...stays])) {
      const engine = sorted(this.#run.engine.counters(holder))
      const model = sorted(state.countersOf(holder))
      if (!same(engine, model)) return difference(`counters of ${holder}`, engine, model)
    }
    const balances = netted(
      this.#run.engine.balances().map((one) => ({ ...one, day: String(one.day) })),
    )
    const own = netted(state.entries.map((one) => ({ ...one, day: isoDay(one.day) })))
    if (!same(balances, own)) return difference('balances', balances, own)
    return undefined
  }

  /** What supplements have paid of a cell was the patient's. */
  #overpaid(): string | undefined {
    const { settlements } = this.#model.state
    for (const one of settlements.filter(isLive)) {
      const left = cellsLeft(this.#model.state, one)
      if (left.some(({ amount }) => amount < 0))
        return difference(`overpaid cells of ${one.id}`, left, '')
    }
    return undefined
  }

  /** Every settlement, every day's totals, everything unresolved. */
  async #lookUps(): Promise<string | undefined> {
    const { state } = this.#model
    const today = dayOf(state.now)
    const days = new Set([...state.rows.map(({ day }) => day), today])
    const questions = ['H1', 'H2'].flatMap((hospital) => [
      { operation: 'unresolved' as const, hospital, body: {} },
      ...[...days].map((day) => ({
        operation: 'dayTotals' as const,
        hospital,
        body: { day: isoDay(day) },
      })),
      ...state.settlements
        .filter((one) => one.hospital === hospital)
        .map(({ id }) => ({ operation: 'find' as const, hospital, body: { settlement: id } })),
    ])
    const steps = questions.map((question): RequestStep => ({
      kind: 'request',
      requestId: '',
      ...question,
    }))
    const replies = await Promise.all(steps.map(async (step) => this.#run.engine.submit(step)))
    for (const [index, step] of steps.entries()) {
      const reply = replies[index]
      if (reply === undefined) continue
      const found = differenceOf(reply, this.#model.submit(step, []), step)
      if (found !== undefined)
        return `in the end: ${step.operation} ${JSON.stringify(step.body)}: ${found}`
    }
    return undefined
  }

  /** A fresh engine on the same store answers every request as before. */
  async #reopen(): Promise<string | undefined> {
    await this.#run.reopen()
    const answered = [...this.#answered.values()]
    const replies = await Promise.all(answered.map(async ({ sent }) => this.#send(sent)))
    for (const [index, { sent, answer }] of answered.entries()) {
      const reply = replies[index]
      const isSame =
        reply?.kind === 'answer' &&
        reply.repeat &&
        JSON.stringify(reply.answer) === JSON.stringify(answer)
      if (!isSame) return difference(`reopened: repeat of step ${sent.index}`, reply, answer)
    }
    return undefined
  }
}

/** Of so many histories one ends on a fresh engine. */
const REOPENED_EACH = 4

const HOLDERS =
  'person:P1 person:P2 person:P3 person:P4 family:F1 family:F9 policy:SH policy:C1 group:G'.split(
    ' ',
  )

function groupAt(steps: readonly Step[], index: number): readonly Step[] {
  let end = index + 1
  for (; end < steps.length; end += 1) {
    const [before, after] = [steps[end - 1], steps[end]]
    if (before?.kind !== 'request' || before.isTogether !== true) break
    if (after?.kind !== 'request') break
  }
  return steps.slice(index, end)
}

/** Ids of what a reply says was made. */
function idsOf(reply: EngineReply): readonly string[] {
  if (reply.kind !== 'answer') return []
  const { settlement, reversal, changed } = reply.answer
  if (Array.isArray(changed)) return changed.map((one) => String(objectOf(one)['recalculation']))
  return [reversal ?? settlement].filter((id) => id !== undefined).map(String)
}

function differenceOf(
  reply: EngineReply,
  expected: ModelReply,
  { operation }: RequestStep,
): string | undefined {
  if (reply.kind === 'refused') {
    const codes = reply.problems.map(({ code }) => code).toSorted()
    const named = [...JSON.stringify(reply.problems).matchAll(/S\d{12}/g)].map(([id]) => id)
    const engine = { refused: codes, ...(reply.split && { split: splitOnly(reply.split) }) }
    if (expected.kind === 'answer') return difference('reply', engine, expected)
    const model = {
      refused: expected.codes.toSorted(),
      ...(expected.split && { split: splitOnly(expected.split) }),
    }
    if (!same(engine, model)) return difference('refusal', reply, model)
    const names = expected.settlements
    return names.every((id) => named.includes(id))
      ? undefined
      : difference('settlements named', named, names)
  }
  if (expected.kind === 'refused') return difference('reply', reply, expected)
  if (reply.repeat !== expected.repeat) return difference('repeat', reply.repeat, expected.repeat)
  const engine =
    operation === 'find' || operation === 'unresolved' ? known(reply.answer) : reply.answer
  return same(engine, expected.answer)
    ? undefined
    : difference('answer', differing(engine, expected.answer), differing(expected.answer, engine))
}

const FOUND = 'settlement state operation at day stay person changedSince reversal'.split(' ')

/** Of what is found only what the model knows. */
function known({ settlements }: Tree): Tree {
  const list = Array.isArray(settlements) ? settlements.map(objectOf) : []
  return {
    settlements: list.map((one) =>
      Object.fromEntries(
        FOUND.flatMap((key) => (one[key] === undefined ? [] : [[key, one[key]] as const])),
      ),
    ),
  }
}

function splitOnly({ settlement: _s, state: _t, at: _a, day: _d, ...split }: Tree): Tree {
  return split
}

/** Members that are not the same on the other side. */
function differing(one: Tree, other: Tree): Tree {
  return Object.fromEntries(Object.entries(one).filter(([key, value]) => !same(value, other[key])))
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right) || stable(left) === stable(right)
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      : member,
  )
}

function difference(what: string, engine: unknown, model: unknown): string {
  return `${what}\n  engine ${JSON.stringify(engine)}\n  model  ${JSON.stringify(model)}`
}
