import type { Chance } from '../hostile/chance.ts'
import { dayOf } from './days.ts'
import { isPlainBill, newStay, type Stay } from './generate-bill.ts'
import type { RequestStep, Step } from './history.ts'
import type { Tree } from './model-split.ts'

export const PERSONS = ['P1', 'P1', 'P1', 'P1', 'P2', 'P2', 'P2', 'P3', 'P3', 'P3', 'P4'] as const

/** A step that probably made a settlement. */
export interface Made {
  readonly step: number
  readonly stay: Stay
  readonly operation: 'settle' | 'prepare' | 'resettle' | 'supplement'
  /** Its bill had nothing unusual. */
  readonly isPlain: boolean
  /** Its bill came with layers that the platform had settled. */
  readonly hasGiven: boolean
  /** Somebody asked to take it back, or to end it. */
  isEnded: boolean
}

/** What the generator remembers: what it asked for, never what came of it. */
export interface Memory {
  readonly chance: Chance
  readonly steps: Step[]
  readonly stays: Stay[]
  readonly made: Made[]
  /** Stays to which lines were sent beforehand. */
  readonly staged: Set<Stay>
  readonly quoted: { readonly step: number; readonly stay: Stay; readonly bill: Tree }[]
  /** Whose history it is most of all: only who comes often reads what was counted before. */
  readonly person: string
  clock: number
  latest: number
  requests: number
}

export function today({ latest }: Memory): number {
  return dayOf(latest)
}

export function request(
  memory: Memory,
  operation: RequestStep['operation'],
  hospital: string,
  body: Tree,
): RequestStep {
  const { chance } = memory
  memory.requests += 1
  const odd = chance.below(200)
  // Now and then an id that another request may have used, none, or one that is too long.
  const requestId =
    odd === 0
      ? ''
      : odd === 1
        ? 'R'.repeat(65)
        : odd < 5
          ? `R${1 + chance.below(memory.requests)}`
          : `R${memory.requests}`
  return { kind: 'request', operation, hospital, requestId, body }
}

export function someStay(memory: Memory): Stay {
  const { chance, stays } = memory
  const old = chance.anyOf(stays)
  if (old !== undefined && chance.below(100) < 45) return old
  const isOther = chance.below(100) < 45
  const person = chance.below(40) === 0 ? 'P5' : isOther ? chance.oneOf(PERSONS) : memory.person
  const hospital = chance.below(60) === 0 ? 'H404' : chance.oneOf(['H1', 'H2'])
  // Two hospitals know nothing of each other's numbers.
  const id = (chance.below(8) === 0 ? old?.id : undefined) ?? `V${stays.length + 1}`
  const stay = newStay(chance, { id, person, hospital }, today(memory))
  stays.push(stay)
  return stay
}

export function remember(
  { made, steps }: Memory,
  stay: Stay,
  operation: Made['operation'],
  bill: Tree | undefined,
): void {
  const isPlain = bill === undefined || isPlainBill(bill)
  const hasGiven = bill?.['given'] !== undefined
  made.push({ step: steps.length, stay, operation, isPlain, hasGiven, isEnded: false })
}

/** Mostly one that was made, and still stands. */
export function someMade(
  { chance, made }: Memory,
  wanted: (one: Made) => boolean = () => true,
): Made | undefined {
  const all = made.filter(wanted)
  const likely = all.filter(({ isPlain, isEnded }) => isPlain && !isEnded)
  return chance.below(100) < 85 && likely.length > 0 ? chance.anyOf(likely) : chance.anyOf(all)
}

/** The id of what a step made; seldom one that nobody made. */
export function idOf({ chance }: Memory, { step }: Made): unknown {
  return chance.below(50) === 0 ? 'S000000999999' : { $settlement: step }
}

/** Mostly the hospital that settled. */
export function hospitalOf({ chance }: Memory, { stay }: Made): string {
  return chance.below(40) === 0 ? (stay.hospital === 'H1' ? 'H2' : 'H1') : stay.hospital
}

/** The same content: other order of members, an envelope, members that say nothing. */
export function writtenOtherwise(body: Tree): Tree {
  return {
    opter_name: '王',
    remark: null,
    ...Object.fromEntries(Object.entries(body).toReversed()),
    msgid: 'H3201000001',
  }
}
