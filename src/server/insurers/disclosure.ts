import type { BenefitStep, LayerStep } from '../../adjudication/explanation.ts'
import type { Settlement } from '../../adjudication/settlement.ts'
import { formatEpochDay } from '../../catalog/epoch-day.ts'
import type { RecomputedSplit } from '../../engine/recompute-split.ts'
import { fen, formatYuan } from '../../money/fen.ts'
import { CATEGORY_COUNT } from '../../rules/category.ts'
import { FACTS, type FactGroup, type FactSheet, type FactTrait } from '../../rules/facts.ts'
import type { RulePack } from '../../rules/pack.ts'
import { benefitFacts, coverFacts } from './benefit-facts.ts'
import type { Grant } from './grants.ts'

/*
 * What an insurer is told of a settlement beside its own amounts: facts that are granted to it, that its pack names, and that a step of
 * this bill used. A benefit without a step at this bill used nothing. Of lines those on which it pays or that one of its steps looked
 * at: without them nobody could compute its payment again, and of all others it needs nothing. What other payers are, have and pay is
 * in one sum.
 */

type Facts = Readonly<Record<string, unknown>>

export interface Disclosure {
  readonly facts: Readonly<Partial<Record<'person' | 'visit' | 'hospital' | 'bill', Facts>>>
  readonly policies: readonly { readonly policy: string; readonly facts: Facts }[]
  readonly lines: readonly DisclosedLine[]
  readonly benefits: readonly DisclosedBenefit[]
}

export interface DisclosedLine {
  readonly id: string
  /** Fen: of the line, and what the insurer's payers pay of it. */
  readonly amount: number
  readonly paid: number
  readonly facts: Facts
}

export interface DisclosedBenefit {
  readonly pack: string
  readonly benefit: string
  readonly clause: string
  readonly zh: string
  readonly en: string
  readonly policy?: string
  /** Fen: what it worked on, its deductible, its payment. */
  readonly gross: number
  readonly deductible: number
  readonly payment: number
}

/** A layer of the insurer's own with its steps. */
interface OwnLayer {
  readonly layer: LayerStep
  readonly pack: RulePack
  readonly steps: readonly BenefitStep[]
  /** Named by steps that are not among `steps`: fixed amounts and benefits that competed. */
  readonly others: readonly string[]
}

/** Facts that only say what other payers did. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  'bill.socialPaid',
  'bill.commercialPaid',
  'bill.socialSettled',
  'bill.settledKinds',
])

export function disclose(
  { settlement, read, packs }: Pick<RecomputedSplit, 'settlement' | 'read' | 'packs'>,
  grant: Grant,
): Disclosure {
  const layers = ownLayers(settlement, packs, grant)
  const used = new Set(layers.flatMap((layer) => [...usedFacts(layer)]))
  const isTold = (fact: string) => used.has(fact) && !OF_OTHERS.has(fact) && isGranted(fact, grant)
  const { bill, coverage } = read
  const sheets = {
    person: coverage.person,
    visit: bill.visit,
    hospital: bill.hospital,
    bill: billSheet(settlement),
  }
  const facts = Object.fromEntries(
    Object.entries(sheets).flatMap(([group, sheet]) => {
      const told = toldOf(group as FactGroup, sheet, isTold)
      return Object.keys(told).length === 0 ? [] : [[group, told]]
    }),
  )
  const held = new Set(layers.flatMap(({ layer }) => layer.policyId ?? []))
  return {
    facts,
    policies: coverage.policies
      .filter((policy) => held.has(String(policy['id'])))
      .map((policy) => ({
        policy: String(policy['id']),
        facts: toldOf('policy', policy, isTold),
      })),
    lines: ownLines(settlement, layers, grant).map((line) => {
      const sheet = bill.lines.find(({ id }) => id === line.id)?.facts ?? {}
      return { ...line, facts: toldOf('line', sheet, isTold) }
    }),
    benefits: layers.flatMap(({ layer, steps }) => steps.map((step) => benefitOf(layer, step))),
  }
}

/** `person.age` is granted by its name or as one of `person.*`. */
export function isGranted(fact: string, { facts }: Grant): boolean {
  return facts.includes(fact) || facts.includes(`${fact.slice(0, fact.indexOf('.'))}.*`)
}

function ownLayers(
  { explanation }: Settlement,
  packs: readonly RulePack[],
  { payers }: Grant,
): readonly OwnLayer[] {
  const own = new Map(
    packs.filter(({ payer }) => payers.includes(payer.id)).map((p) => [p.hash, p]),
  )
  const layers: {
    readonly layer: LayerStep
    readonly pack: RulePack
    readonly steps: BenefitStep[]
    readonly others: string[]
  }[] = []
  let open: (typeof layers)[number] | undefined
  for (const step of explanation) {
    if (step.step === 'layer') {
      const pack = own.get(step.hash)
      open = pack === undefined ? undefined : { layer: step, pack, steps: [], others: [] }
      if (open !== undefined) layers.push(open)
      continue
    }
    if (open === undefined || !('pack' in step) || step.pack !== open.pack.id) continue
    if (step.step === 'benefit') open.steps.push(step)
    else if (step.step === 'fixed') open.others.push(step.benefit)
    else if (step.step === 'bestOf') open.others.push(...step.candidates.map((one) => one.benefit))
  }
  return layers
}

function usedFacts({ pack, steps, others }: OwnLayer): ReadonlySet<string> {
  const benefits = [...steps.map(({ benefit }) => benefit), ...others]
  const read = benefits.flatMap((benefit) => [...benefitFacts(pack, benefit)])
  return new Set([...coverFacts(pack), ...read])
}

function ownLines(
  { lines, payers }: Settlement,
  layers: readonly OwnLayer[],
  grant: Grant,
): readonly Omit<DisclosedLine, 'facts'>[] {
  const seen = new Set(
    layers.flatMap(({ steps }) =>
      steps.flatMap(({ selected }) => selected.cells.map((c) => Math.floor(c / CATEGORY_COUNT))),
    ),
  )
  return lines.flatMap(({ id, amount, paid }, index) => {
    const own = paid.reduce<number>(
      (sum, part, payer) => (grant.payers.includes(payers[payer]?.id ?? '') ? sum + part : sum),
      0,
    )
    return own > 0 || seen.has(index) ? [{ id, amount, paid: own }] : []
  })
}

function benefitOf({ policyId }: LayerStep, step: BenefitStep): DisclosedBenefit {
  const { pack, benefit, clause, titleZh, titleEn, gross, deductible, payment } = step
  return {
    pack,
    benefit,
    clause,
    zh: titleZh,
    en: titleEn,
    ...(policyId !== undefined && { policy: policyId }),
    gross,
    deductible: deductible?.taken ?? 0,
    payment,
  }
}

function billSheet({ total, classification }: Settlement): FactSheet {
  const { inScope, preSelfPay, overLimit, ownPay } = classification
  return { total, inScope, preSelfPay, overLimit, ownPay }
}

function toldOf(group: FactGroup, sheet: FactSheet, isTold: (fact: string) => boolean): Facts {
  const traits: Readonly<Record<string, FactTrait>> = FACTS[group]
  const told = Object.entries(sheet).filter(([name]) => isTold(`${group}.${name}`))
  const values = told.map(([name, value]): readonly [string, unknown] => {
    if (typeof value !== 'number') return [name, value]
    const type = traits[name]?.type
    if (type === 'money') return [name, formatYuan(fen(value))]
    return [name, type === 'date' ? formatEpochDay(value) : value]
  })
  return Object.fromEntries(values)
}
