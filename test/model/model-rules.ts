import { openAdjudicator, type Adjudicator } from '../../src/adjudication/adjudicator.ts'
import type { InForce } from '../../src/adjudication/in-force.ts'
import type { Profile } from '../../src/rules/profile.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import { COMPILED } from './rules.ts'

/** One version of a pack and the days it is in force, both inclusive. */
interface Activation {
  readonly pack: RulePack
  readonly from: number
  readonly to: number
}

/** What is in force in a jurisdiction; never changed, so that a settlement can keep it. */
export interface ModelRuleSet {
  readonly profile: Profile
  readonly activations: readonly Activation[]
}

/** The packs of one jurisdiction: of each id the versions in force, and what they were before each activation. */
export class ModelRules {
  readonly #profile: Profile
  #suspended: ReadonlySet<string> = new Set()
  readonly #packs = new Map<string, { now: readonly Activation[]; before: Activation[][] }>()

  constructor(profile: Profile, packs: readonly RulePack[], from: number) {
    this.#profile = profile
    for (const pack of packs) this.activate(pack, from)
  }

  get now(): ModelRuleSet {
    const activations = [...this.#packs.values()].flatMap(({ now }) => now)
    return { profile: this.#profile, activations }
  }

  /** Hashes of packs that are held back, whatever rule set a bill is settled with. */
  get suspended(): ReadonlySet<string> {
    return this.#suspended
  }

  /** False: it is so already. */
  hold(hash: string, isHeld: boolean): boolean {
    if (this.#suspended.has(hash) === isHeld) return false
    const others = [...this.#suspended].filter((one) => one !== hash)
    this.#suspended = new Set(isHeld ? [...others, hash] : others)
    return true
  }

  /** The version active so far ends the day before `from`; false: this version is active already. */
  activate(pack: RulePack, from: number): boolean {
    const { now, before } = this.#packs.get(pack.id) ?? { now: [], before: [] }
    if (now.some((one) => one.pack.hash === pack.hash)) return false
    const ended = now.map((one) => (one.to >= from ? { ...one, to: from - 1 } : one))
    this.#packs.set(pack.id, {
      now: [...ended, { pack, from, to: Infinity }],
      before: [...before, [...now]],
    })
    return true
  }

  /** What the pack was before its last activation, other packs as they are; false: there was none. */
  rollBack(id: string): boolean {
    const { before } = this.#packs.get(id) ?? { before: [] }
    const last = before.at(-1)
    if (last === undefined) return false
    this.#packs.set(id, { now: last, before: before.slice(0, -1) })
    return true
  }
}

const ADJUDICATORS = new Map<string, Adjudicator>()

/** An adjudicator of exactly these rules; kept, because opening one takes longer than a bill. */
export function adjudicatorOf(
  { profile, activations }: ModelRuleSet,
  suspended: ReadonlySet<string>,
): Adjudicator {
  const days = activations.map(({ pack, from, to }) => `${pack.hash} ${from} ${to}`)
  const name = [profile.hash, ...days, ...suspended].join('|')
  const known = ADJUDICATORS.get(name)
  if (known !== undefined) return known
  const packs: InForce['packs'] = activations.flatMap(({ pack, from, to }) => {
    const compiled = COMPILED.get(pack.hash)
    if (compiled === undefined) throw new Error(`${pack.id} is not compiled`)
    const effective = {
      ...pack.effective,
      from: Math.max(from, pack.effective.from),
      ...(to !== Infinity && { to: Math.min(to, pack.effective.to ?? to) }),
    }
    return effective.to !== undefined && effective.to < effective.from
      ? []
      : [{ ...compiled, pack: { ...compiled.pack, effective } }]
  })
  const opened = openAdjudicator({ profile, packs, suspended })
  if (ADJUDICATORS.size > 2000) ADJUDICATORS.clear()
  ADJUDICATORS.set(name, opened)
  return opened
}
