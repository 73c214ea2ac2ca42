import type { CompiledCounter, CompiledPack, FactFrame } from '../rules/compiled.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Slot } from './counter-book.ts'
import type { LayerPlan } from './layer-plan.ts'
import type { Segment } from './segments.ts'
import type { SplitState, WorkLine } from './split-state.ts'

/** Facts as the conditions of a layer read them; counters are read through the layer's own keys. */
export class LayerFrame implements FactFrame {
  readonly policy: FactSheet | undefined
  line: FactSheet | undefined = undefined
  lineChargeLevel: string | undefined = undefined
  readonly day: number
  readonly admission: number
  readonly state: SplitState

  constructor(state: SplitState, policy: FactSheet | undefined, day: number, admission: number) {
    this.policy = policy
    this.day = day
    this.admission = admission
    this.state = state
  }

  get person(): FactSheet {
    return this.state.coverage.person
  }

  get visit(): FactSheet {
    return this.state.visit
  }

  get hospital(): FactSheet {
    return this.state.bill.hospital
  }

  get bill(): FactSheet {
    return this.state.billFacts
  }

  readCounter(counter: CompiledCounter): number {
    return this.slotOf(counter).now
  }

  slotOf(counter: CompiledCounter): Slot {
    const { book, keys } = this.state
    // A key that a line decides is another for each line.
    if (counter.key !== undefined) return keys.slotOf(book, counter, this)
    const known = book.knownTo(this, counter)
    if (known !== undefined) return known
    const slot = keys.slotOf(book, counter, this)
    book.remember(this, counter, slot)
    return slot
  }
}

/** One pack at work on one segment of the bill, for one policy where it needs one. */
export class LayerContext {
  readonly plan: LayerPlan
  readonly frame: LayerFrame
  /** Place of its policy among those of the person; 0 where it needs none. */
  readonly policyIndex: number
  readonly part: Segment
  /** Insurance year of its day. */
  readonly year: string
  /** −1 until it has its place among the others. */
  payer = -1
  /** No earlier segment of the bill had the pack for this policy. */
  isFirst = true

  constructor(plan: LayerPlan, frame: LayerFrame, policyIndex: number, part: Segment) {
    this.plan = plan
    this.frame = frame
    this.policyIndex = policyIndex
    this.part = part
    this.year = frame.state.keys.year(frame.day)
  }

  get state(): SplitState {
    return this.frame.state
  }

  get compiled(): CompiledPack {
    return this.plan.compiled
  }

  get policy(): FactSheet | undefined {
    return this.frame.policy
  }

  get policyId(): string | undefined {
    const id = this.frame.policy?.['id']
    return typeof id === 'string' ? id : undefined
  }

  /** Of its policy; Infinity where none is stated. */
  get priority(): number {
    const stated = this.frame.policy?.['priority']
    return typeof stated === 'number' ? stated : Infinity
  }

  /** Reference day: chooses the version and the periods of its counters. */
  get day(): number {
    return this.frame.day
  }

  get segment(): number {
    return this.part.index
  }

  /** Lines it may touch. */
  get lines(): readonly WorkLine[] {
    return this.part.lines
  }

  /** 0, or k where the profile re-opens a long stay as its k-th further admission. */
  get admission(): number {
    return this.part.admission
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
