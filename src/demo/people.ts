import type { SplitDocument, Tree } from './showcase-register.ts'

/** Where the people of the demonstration are insured, and the hospital they go to. */
export const DEMO_JURISDICTION = 'nanchang'
export const DEMO_HOSPITAL = 'H-DEMO'

const PERSONS = 300
const SEED = 20_260_101

const HOSPITAL: Tree = { id: DEMO_HOSPITAL, facts: { level: '3', region: '360100' } }

/** Commercial plans that some of them have; none asks for more of a bill than a simple terminal says. */
const PLANS = [
  { policy: { product: 'commercial/group-supplement' }, percent: 25 },
  { policy: { product: 'commercial/daily-allowance' }, percent: 20 },
  { policy: { product: 'commercial/pingan-esb', plan: 'standard' }, percent: 15 },
] as const

/** First day of the policies, and last: whole policy years. */
const POLICY_DAYS = { start: '2025-01-01', end: '2034-12-31' }

/** Numbers from 0 to below 1 that follow from `seed`: the same register on every machine. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export function demoPerson(number: number): string {
  return `D${String(number).padStart(4, '0')}`
}

/** A hospital and the people of the demonstration: numbers and ages, no names. The first of them holds every plan. */
export function demoRegister(): SplitDocument['register'] {
  const random = chance(SEED)
  const people = Array.from({ length: PERSONS }, (_, index) => {
    const id = demoPerson(index + 1)
    const age = 22 + Math.floor(random() * 65)
    const held = PLANS.filter(({ percent }) => random() * 100 < percent || index === 0)
    const policies = held.map(({ policy }, nth) => ({
      id: `POL-${id}-${nth + 1}`,
      ...policy,
      ...POLICY_DAYS,
    }))
    const facts = {
      insutype: '310',
      retired: age >= 60,
      civilServant: false,
      age: String(age),
      region: '360100',
    }
    const coverage = [{ from: '2015-01-01' }]
    const entry = { id, jurisdiction: DEMO_JURISDICTION, facts, coverage, policies }
    return ['person', entry] as const
  })
  return [['hospital', HOSPITAL], ...people]
}
