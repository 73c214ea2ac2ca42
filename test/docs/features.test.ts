import { describe, expect, it } from 'vitest'
import { defaultProfile } from '../../src/cli/default-profile.ts'
import { runPackCases } from '../../src/cli/pack-cases.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { documentText } from './documents.ts'
import { packText, snippetsOf } from './snippets.ts'

interface Trial {
  readonly feature: number
  /** What is tried, with the sum worked out by hand. */
  readonly name: string
  /** The rest of an embedded case: `given`, `policy`, `expect`. */
  readonly rest: string
}

const STAY = 'visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-20'
const IN_SCOPE = 'lines: [{ inScope: 10000.00 }]'

const TRIALS: readonly Trial[] = [
  trial(
    1,
    '(10000 - 100) x 80 % in the community',
    `${STAY} }, hospital: { community: true }, ${IN_SCOPE}`,
    '7920.00',
  ),
  trial(
    2,
    'third admission: 600 - 3 x 100; 9700 x 80 %',
    `${STAY}, admissionNo: 3 }, ${IN_SCOPE}`,
    '7760.00',
  ),
  trial(
    2,
    'fifth admission: never below 200; 9800 x 80 %',
    `${STAY}, admissionNo: 5 }, ${IN_SCOPE}`,
    '7840.00',
  ),
  trial(
    3,
    'second admission at 70: no deductible',
    `${STAY}, admissionNo: 2, diagnosis: I10 }, person: { age: 70 }, ${IN_SCOPE}`,
    '8000.00',
  ),
  trial(
    4,
    '600 - 300 already borne; 9700 x 80 %',
    `${STAY} }, hospital: { level: 2 }, counters: { inpatient.deductible: 300.00 }, ${IN_SCOPE}`,
    '7760.00',
  ),
  trial(
    5,
    '2300 - 2000 left of the year; 9700 x 80 %',
    `${STAY} }, counters: { inpatient.limit-1: 2000.00 }, ${IN_SCOPE}`,
    '7760.00',
  ),
  trial(
    7,
    '101062 x 2 % = 2021.24; 7978.76 x 80 % = 6383.008',
    `${STAY} }, ${IN_SCOPE}`,
    '6383.01',
  ),
  trial(
    9,
    '20000 x 50 % x 65 % = 6500; 3500 x 80 %',
    `${STAY} }, person: { identities: [低保], retired: true }, ${IN_SCOPE}`,
    '2800.00',
    '{ preExisting: false }',
  ),
  trial(11, '10000 x 86 % - 800', `${STAY} }, ${IN_SCOPE}`, '7800.00'),
  trial(19, '75 % + 62 x 0.2 % = 87.4 %', `${STAY} }, person: { age: 62 }, ${IN_SCOPE}`, '8740.00'),
  trial(20, '5000 x 65 % + 5000 x 75 %', `${STAY} }, ${IN_SCOPE}`, '7000.00'),
  trial(
    28,
    '9200 x 60 % = 5520 < 20000 x 45 %',
    `${STAY} }, lines: [{ inScope: 10000.00, ownPay: 10000.00 }]`,
    '9000.00',
  ),
  trial(33, '20000 a visit', `${STAY} }, lines: [{ inScope: 90000.00 }]`, '20000.00'),
  trial(
    36,
    'no cap for the poor: 600000 x 60 %',
    `${STAY} }, person: { identities: [低保] }, lines: [{ inScope: 600000.00 }]`,
    '360000.00',
    '{ claimFreeYears: 2 }',
  ),
  trial(
    36,
    '300000 + 2 x 10000',
    `${STAY} }, person: { identities: [] }, lines: [{ inScope: 600000.00 }]`,
    '320000.00',
    '{ claimFreeYears: 2 }',
  ),
  trial(
    43,
    'the better of 70 % and 60 %, once',
    `${STAY} }, person: { identities: [低保], disabled: true }, ${IN_SCOPE}`,
    '7000.00',
  ),
  trial(44, 'on the spot 10000 x 5 %', `${STAY} }, ${IN_SCOPE}`, '500.00'),
  trial(
    47,
    '(10000 + 1000 x 50 % + 2000 x 50 %) x 80 %',
    `${STAY} }, lines: [{ inScope: 10000.00, preSelfPay: 1000.00, outside: false }, { ownPay: 2000.00, outside: true }]`,
    '9200.00',
  ),
  trial(
    50,
    'within 30 days',
    'visit: { kind: inpatient, start: 2024-01-10, end: 2024-01-15, accident: false }, lines: [{ inScope: 10000.00 }]',
    '0.00',
  ),
  trial(
    63,
    'the patient has borne 28000 of 30000: 10000 - 2000',
    `${STAY} }, counters: { stop-loss.limit-1: 28000.00 }, ${IN_SCOPE}`,
    '8000.00',
  ),
  trial(
    68,
    '3300 standard, 4000 of cost: the fund pays 3300 x 80 %',
    `${STAY}, disease: K35 }, lines: [{ inScope: 4000.00 }]`,
    '2640.00',
  ),
  trial(
    75,
    '10000 x 88.8 % + 1000 x 2/37 = 8880 + 54.05',
    `${STAY} }, lines: [{ inScope: 10000.00, ownPay: 1000.00 }]`,
    '8934.05',
  ),
  trial(
    76,
    '10000 - 12000 paid before is zero: nothing is taken off 8000',
    `${STAY} }, lines: [{ inScope: 20000.00 }], given: { payments: [{ kind: basic, amount: 12000.00 }] }`,
    '8000.00',
  ),
  trial(
    23,
    'not referred: 10000 x 55 %, then 4500 x 70 %, then 1350 x 70 %',
    `${STAY}, place: local, referred: false }, ${IN_SCOPE}`,
    '9595.00',
  ),
  trial(
    24,
    'social insurance not used: 40000 x 60 %',
    `${STAY} }, lines: [{ inScope: 50000.00 }]`,
    '24000.00',
  ),
  trial(
    25,
    'pre-existing: 10000 x 40 %',
    `${STAY} }, ${IN_SCOPE}`,
    '4000.00',
    '{ preExisting: true }',
  ),
  trial(
    34,
    '300 a month',
    `visit: { kind: chronic, start: 2024-03-01, disease: M01 }, ${IN_SCOPE}`,
    '300.00',
  ),
  trial(
    35,
    'one drug of 350000 counts 300000; 60 %',
    `${STAY} }, lines: [{ ownPay: 350000.00, code: X1, chargeType: '09', tags: [] }]`,
    '180000.00',
  ),
  trial(37, '500000 a year', `${STAY} }, lines: [{ inScope: 600000.00 }]`, '500000.00'),
  trial(
    41,
    '(7339.90 - 3500) x 70 %',
    `${STAY}, referred: true, place: local }, lines: [{ inScope: 7339.90 }], given: { payments: [], kinds: [basic, major-illness, medical-aid] }`,
    '2687.93',
  ),
  trial(
    60,
    '19 days: (19 - 3) x 200, and the lump sum',
    `${STAY}, diagnosis: C34 }, ${IN_SCOPE}`,
    '0.00, fixed: 13200.00',
  ),
  trial(64, '22000 a policy year', `${STAY} }, lines: [{ inScope: 50000.00 }]`, '22000.00'),
  trial(
    65,
    '30 of 40: 3000 x 80 %',
    `${STAY} }, hospital: { kind: public }, lines: [{ code: D1, chargeType: '09', quantity: 40, unitPrice: 100, inScope: 4000.00 }]`,
    '2400.00',
  ),
  trial(
    69,
    '60000 of 70000 x 90 %',
    `${STAY}, disease: N18 }, lines: [{ inScope: 70000.00 }]`,
    '54000.00',
  ),
]

describe('features of the pack language', () => {
  it.each(TRIALS)('$feature: $name', ({ feature, rest }) => {
    const text = `${packText(exampleOf(feature))}\ncases:\n  - name: trial\n    ${rest}\n`
    const read = readPacks(text, `feature ${feature}`, () => undefined)
    const [pack] = read.ok ? read.value.packs : []
    const compiled = pack && compilePack(pack)
    if (compiled?.ok !== true) throw new Error(JSON.stringify(read))
    const outcomes = runPackCases(compiled.value, defaultProfile())
    expect(outcomes.map(({ problems }) => problems)).toEqual([[]])
  })
})

function trial(
  feature: number,
  name: string,
  given: string,
  payment: string,
  policy = '{}',
): Trial {
  const rest = `given: { ${given} }\n    policy: ${policy}\n    expect: { payment: ${payment} }`
  return { feature, name, rest }
}

/** The example that stands below the heading of a feature. */
function exampleOf(feature: number) {
  const [, below = ''] = documentText('pack-language', 'en').split(
    `<a id="feature-${feature}"></a>`,
  )
  const [example] = snippetsOf(below)
  if (example === undefined) throw new Error(`feature ${feature} has no example`)
  return example
}
