import type { GivenPayment, GivenSettlement } from '../adjudication/bill.ts'
import { ZERO_FEN } from '../money/fen.ts'
import { PACK_KINDS, WIRE_FIELDS, type PackKind, type WireField } from '../rules/kind.ts'
import { placed, quoted, refuse, type Findings } from './findings.ts'
import { LIMITS } from './limits.ts'
import * as read from './scalars.ts'
import { openSection, placeOf, refuseField, shape, type Section } from './section.ts'
import { stated } from './stated.ts'

const PAYMENT_SHAPE = shape(['kind', 'amount', 'payer', 'wire', 'fundPayType'])

/** Payer id of the hospital's own share in a settlement. */
const RESERVED_PAYER = 'hospital'

/** Fund field of a social layer whose payment does not name one. */
const USUAL_WIRE: Readonly<Partial<Record<PackKind, WireField>>> = {
  basic: 'hifp_pay',
  'civil-servant': 'cvlserv_pay',
  'enterprise-supplement': 'hifes_pay',
  'major-illness': 'hifmi_pay',
  'large-amount': 'hifob_pay',
  'medical-aid': 'maf_pay',
  'tilt-aid': 'oth_pay',
}

/** Plain amounts of layers settled elsewhere: `payments`, and beside them what that settlement said. */
export function readPlainGiven(section: Section): GivenSettlement {
  const { findings } = section
  const payments = readPayments(section, findings)
  const kinds = readKinds(section)
  return stated({
    payments,
    kinds: kinds ?? settledKinds(payments),
    hospitalShare: read.moneyNotNegativeAt(section, 'hospitalShare') ?? ZERO_FEN,
    deductible: read.moneyNotNegativeAt(section, 'deductible'),
    overCap: read.moneyNotNegativeAt(section, 'overCap'),
    accountPaid: read.moneyNotNegativeAt(section, 'accountPaid') ?? ZERO_FEN,
    accountMutualAid: read.moneyNotNegativeAt(section, 'accountMutualAid'),
    balanceAfter: read.moneyAt(section, 'balanceAfter'),
    settlementId: read.codeAt(section, 'settlementId'),
    messageId: read.codeAt(section, 'messageId'),
    confirmed: read.booleanAt(section, 'confirmed') ?? false,
  })
}

function readPayments(section: Section, findings: Findings): readonly GivenPayment[] {
  const place = placeOf(section, 'payments')
  const list = listAt(section, 'payments', LIMITS.givenPayments)
  const seen = new Set<string>()
  return list.flatMap((value, index) => {
    const where = placed(place, `[${index}]`)
    const payment = readPayment(openSection(value, where, PAYMENT_SHAPE, findings))
    if (payment === undefined) return []
    const { payerId } = payment
    if (seen.has(payerId) || payerId === RESERVED_PAYER) {
      refuse(findings, 'GIVEN_PAYER_REPEATED', where, { payer: payerId })
    }
    seen.add(payerId)
    return payment
  })
}

function readPayment(section: Section): GivenPayment | undefined {
  for (const key of ['kind', 'amount']) {
    if (!section.fields.has(key)) refuseField(section, key, 'FIELD_MISSING', { key })
  }
  const kind = oneOf(section, 'kind', PACK_KINDS)
  const amount = read.moneyNotNegativeAt(section, 'amount')
  const wire = oneOf(section, 'wire', WIRE_FIELDS)
  const fundPayType = read.codeAt(section, 'fundPayType')
  const payer = read.codeAt(section, 'payer')
  if (kind === undefined || amount === undefined) return undefined
  return stated({
    kind,
    payerId: payer ?? kind,
    wire: wire ?? USUAL_WIRE[kind],
    fundPayType,
    amount,
  })
}

function readKinds(section: Section): readonly PackKind[] | undefined {
  const names = read.codesAt(section, 'kinds', PACK_KINDS.length)
  return names?.flatMap((name) => {
    const kind = PACK_KINDS.find((known) => known === name)
    if (kind !== undefined) return kind
    const values = PACK_KINDS.join(', ')
    refuseField(section, 'kinds', 'FACT_NOT_ALLOWED', { text: quoted(name), values })
    return []
  })
}

function oneOf<T extends string>(
  section: Section,
  key: string,
  values: readonly T[],
): T | undefined {
  const text = read.codeAt(section, key)
  const found = values.find((value) => value === text)
  if (text !== undefined && found === undefined) {
    const details = { text: quoted(text), values: values.join(', ') }
    refuseField(section, key, 'FACT_NOT_ALLOWED', details)
  }
  return found
}

/** The entries of a list field; none when it is not stated or, after a problem, no list or too long. */
export function listAt(section: Section, key: string, max: number): readonly unknown[] {
  const value = section.fields.get(key)
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    refuseField(section, key, 'FIELD_NOT_LIST')
    return []
  }
  const entries: readonly unknown[] = value
  if (entries.length <= max) return entries
  refuseField(section, key, 'LIST_TOO_LONG', { count: entries.length, max })
  return []
}

/**
 * The kinds that are settled where the bill does not say: those that paid. Commercial policies and charities stand side
 * by side, so that one has paid elsewhere says nothing of another.
 */
function settledKinds(payments: readonly GivenPayment[]): readonly PackKind[] {
  const kinds = new Set(payments.map(({ kind }) => kind))
  kinds.delete('commercial')
  kinds.delete('charity')
  return [...kinds]
}
