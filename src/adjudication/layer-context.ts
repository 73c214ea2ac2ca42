import { formatEpochDay } from '../catalog/epoch-day.ts'
import {
  FactMissing,
  type CompiledCounter,
  type CompiledPack,
  type FactFrame,
} from '../rules/compiled.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { CounterDefinition, Owner } from '../rules/pack.ts'
import { CLAIM_PREFIX, type Slot } from './counter-book.ts'
import { insuranceYear, monthText, policyPeriod } from './insurance-year.ts'
import type { SplitState, WorkLine } from './split-state.ts'

/** One pack at work on one segment of the bill, for one policy where it needs one. */
export interface LayerContext {
  readonly state: SplitState
  readonly compiled: CompiledPack
  readonly policy: FactSheet | undefined
  readonly frame: LayerFrame
  /** Reference day: chooses the version and the periods of its counters. */
  readonly day: number
  readonly year: string
  readonly segment: number
  /** Lines it may touch. */
  readonly lines: readonly WorkLine[]
  /** 0, or k where the profile re-opens a long stay as its k-th further admission. */
  readonly admission: number
  readonly payer: number
  /** No earlier segment of the bill had the pack for this policy. */
  readonly isFirst: boolean
}

/** Facts as the conditions of a layer read them; counters are read through the layer's own keys. */
export class LayerFrame implements FactFrame {
  readonly person: FactSheet
  readonly visit: FactSheet
  readonly hospital: FactSheet
  readonly bill: FactSheet
  policy: FactSheet | undefined
  line: FactSheet | undefined = undefined
  lineChargeLevel: string | undefined = undefined
  private readonly state: SplitState
  private readonly day: number
  private readonly admission: number
  /** Counters met so far whose key no line decides, and in parallel their slots: keys are made once a layer. */
  private readonly counters: CompiledCounter[] = []
  private readonly slots: Slot[] = []

  constructor(state: SplitState, policy: FactSheet | undefined, day: number, admission: number) {
    this.person = state.coverage.person
    this.visit = state.visit
    this.hospital = state.bill.hospital
    this.bill = state.billFacts
    this.policy = policy
    this.state = state
    this.day = day
    this.admission = admission
  }

  readCounter(counter: CompiledCounter): number {
    return this.slotOf(counter).now
  }

  /** Slot of a counter; its key is `owner:ownerId|counter id|period|key`. */
  slotOf(counter: CompiledCounter): Slot {
    const { counters, state } = this
    for (let index = 0; index < counters.length; index += 1) {
      if (counters[index] !== counter) continue
      const known = this.slots[index]
      if (known !== undefined) return known
    }
    const slot = state.book.slotOf(counterKey(state, this, this.day, this.admission, counter))
    if (counter.key === undefined) {
      counters.push(counter)
      this.slots.push(slot)
    }
    return slot
  }
}

/** From here conditions read `line.*` of this line; `undefined`: of none. */
export function enterLine(frame: FactFrame, line: WorkLine | undefined): void {
  frame.line = line?.facts
  frame.lineChargeLevel = line?.chargeLevel
}

export function slotOf(layer: LayerContext, counter: CompiledCounter): Slot {
  return layer.frame.slotOf(counter)
}

function counterKey(
  state: SplitState,
  frame: FactFrame,
  day: number,
  admission: number,
  counter: CompiledCounter,
): string {
  const { definition } = counter
  const key = counter.key === undefined ? '' : counter.key(frame)
  if (definition.period.type === 'claim') return `${CLAIM_PREFIX}${definition.id}|${key}`
  const owner = ownerId(state, frame, definition.owner)
  const period = periodKey(state, frame, day, admission, definition)
  return `${counter.head}${owner}${counter.body}${period}|${key}`
}

function ownerId(state: SplitState, frame: FactFrame, owner: Owner): string {
  switch (owner) {
    case 'person':
      return text(frame.person, 'id', 'person.id')
    case 'family':
      return state.coverage.familyId ?? text(frame.policy, 'familyId', 'policy.familyId')
    case 'policy':
      return text(frame.policy, 'id', 'policy.id')
    case 'group':
      return text(frame.policy, 'groupId', 'policy.groupId')
    case 'stay':
      return state.bill.stayId
    case 'transferChain':
      return text(frame.visit, 'transferChain', 'visit.transferChain')
    case 'accident':
      return text(frame.visit, 'accidentId', 'visit.accidentId')
  }
}

function text(sheet: FactSheet | undefined, name: string, fact: string): string {
  const value = sheet?.[name]
  if (typeof value !== 'string') throw new FactMissing(fact, 'counters')
  return value
}

function periodKey(
  state: SplitState,
  frame: FactFrame,
  day: number,
  admission: number,
  definition: CounterDefinition,
): string {
  const { period } = definition
  switch (period.type) {
    case 'claim':
    case 'lifetime':
      return ''
    case 'visit':
      return state.bill.stayId
    case 'admission':
      return admission === 0 ? state.bill.stayId : `${state.bill.stayId}#${admission}`
    case 'day':
      return formatEpochDay(day)
    case 'month':
      return monthText(day)
    case 'year':
      return yearOf(state, day)
    case 'policyYear':
      return knownPolicyPeriod(state, day, policyStart(frame), 1)
    case 'policyYears':
      return knownPolicyPeriod(state, day, policyStart(frame), period.years)
  }
}

/** Insurance year of a day; the layers of a bill mostly share their day. */
export function yearOf(state: SplitState, day: number): string {
  if (state.year.day !== day) {
    state.year = { day, text: insuranceYear(day, state.profile.yearStart) }
  }
  return state.year.text
}

/** Counters of one policy mostly share their period. */
function knownPolicyPeriod(state: SplitState, day: number, start: number, years: number): string {
  for (const known of state.policyPeriods) {
    if (known.day === day && known.start === start && known.years === years) return known.text
  }
  const text = policyPeriod(day, start, years)
  state.policyPeriods.push({ day, start, years, text })
  return text
}

function policyStart(frame: FactFrame): number {
  const start = frame.policy?.['start']
  if (typeof start !== 'number') throw new FactMissing('policy.start', 'counters')
  return start
}
