import type { Settlement } from '../adjudication/settlement.ts'
import { total, yuan } from './exact.ts'
import type { Replay } from './replay.ts'

/**
 * Compares the national record with the settlement it was written from: composition, funds by their fields, hospital, person,
 * account and cash. What a payer without a field pays stands in the person's part; a package price above the charges is the
 * hospital's below zero.
 */
export function compareNational(replay: Replay): void {
  const { settlement, findings } = replay
  findings.at('setlinfo', 'national record')
  const expected = recordOf(replay)
  for (const [field, amount] of expected) {
    const stated = settlement.setlinfo[field]
    if (typeof stated === 'string') findings.fact(field, yuan(amount), stated)
  }
  compareDetail(settlement, replay, expected)
}

/** Fund fields of the national record; written out here, since the verifier shares nothing with what it checks. */
const FUND_FIELDS = [
  ...(['hifp_pay', 'cvlserv_pay', 'hifes_pay', 'hifmi_pay'] as const),
  ...(['hifob_pay', 'hifdm_pay', 'maf_pay', 'oth_pay'] as const),
]

function recordOf({ settlement, lines, deductibleTaken }: Replay): ReadonlyMap<string, bigint> {
  const charged = [...lines.values()].filter(({ added }) => !added)
  const part = (name: 'ownPay' | 'overLimit' | 'preSelfPay' | 'inScope'): bigint =>
    total(charged.map(({ parts }) => parts[name]))
  const { patient, packageAdjustment } = settlement
  const { current, history, family, given } = patient.account
  const account = BigInt(current) + BigInt(history) + BigInt(family) + BigInt(given)
  const record = new Map<string, bigint>([
    ...FUND_FIELDS.map((field): [string, bigint] => [field, 0n]),
    ['medfee_sumamt', total(charged.map(({ amount }) => amount))],
    ['fulamt_ownpay_amt', part('ownPay')],
    ['overlmt_selfpay', part('overLimit')],
    ['preselfpay_amt', part('preSelfPay')],
    ['inscp_scp_amt', part('inScope')],
    ['act_pay_dedc', deductibleTaken],
    ['acct_pay', account],
    ['hosp_part_amt', packageAdjustment > 0 ? -BigInt(packageAdjustment) : 0n],
    ['fund_pay_sumamt', 0n],
    ['psn_part_amt', BigInt(patient.total)],
  ])
  const add = (field: string, amount: bigint): void => {
    record.set(field, (record.get(field) ?? 0n) + amount)
  }
  for (const { kind, wire, amount } of settlement.payers) {
    if (kind === 'hospital' || wire === 'hosp_part_amt') add('hosp_part_amt', BigInt(amount))
    else if (wire === undefined) add('psn_part_amt', BigInt(amount))
    else {
      add(wire, BigInt(amount))
      add('fund_pay_sumamt', BigInt(amount))
    }
  }
  record.set('psn_cash_pay', (record.get('psn_part_amt') ?? 0n) - account)
  if (given === 0) record.set('acct_mulaid_pay', BigInt(family))
  return record
}

/** The rows together are what funds, hospital and account pay; each repeats the in-scope amount. */
function compareDetail(
  { setldetail }: Settlement,
  { findings }: Replay,
  record: ReadonlyMap<string, bigint>,
): void {
  if (setldetail.length === 0) return
  const paid = ['fund_pay_sumamt', 'hosp_part_amt', 'acct_pay'].map(
    (name) => record.get(name) ?? 0n,
  )
  const rows = setldetail.map(({ fund_payamt: amount }) => fenOf(amount))
  findings.at('setldetail', 'national record')
  findings.fact('fund_payamt', yuan(total(paid)), yuan(total(rows)))
  for (const [index, { inscp_scp_amt: inScope }] of setldetail.entries()) {
    findings.fact(`[${index}].inscp_scp_amt`, yuan(record.get('inscp_scp_amt') ?? 0n), inScope)
  }
}

/** Fen of "-12.34"; what is not written so is nothing. */
function fenOf(amount: string): bigint {
  const parts = /^(-?)([0-9]+)\.([0-9]{2})$/.exec(amount)
  if (parts === null) return 0n
  const magnitude = BigInt(`${parts[2]}${parts[3]}`)
  return parts[1] === '-' ? -magnitude : magnitude
}
