import type { PackKind } from '../../rules/kind.ts'
import type {
  AccountStep,
  BestOfStep,
  EqualRankStep,
  FixedStep,
  PatientStep,
} from '../explanation.ts'
import { heading, phrase, sentenceOf, yuan, type Phrase } from './phrase.ts'

export function fixedSentence(step: FixedStep, kind: PackKind | undefined): Phrase {
  const parts: Phrase[] = []
  const each = yuan(step.amountEach)
  if (step.per === 'day') {
    parts.push(phrase(`共 ${step.days} 天`, `${step.days} days`))
    if (step.waitingDays > 0) {
      parts.push(
        phrase(`前 ${step.waitingDays} 天不计`, `the first ${step.waitingDays} do not count`),
      )
    }
    if (step.limits.some(({ on, bound }) => bound && on === 'days')) {
      parts.push(phrase('给付天数已到上限', 'the limit on days is reached'))
    }
    parts.push(
      phrase(
        `给付 ${step.paidDays} 天，每天 ${each} 元`,
        `${step.paidDays} paid at ${each} yuan a day`,
      ),
    )
  }
  for (const { on, bound, amount, used } of step.limits) {
    if (!bound || on !== 'payment') continue
    const before = used > 0
    parts.push(
      phrase(
        `限额 ${yuan(amount)} 元${before ? `此前已用 ${yuan(used)} 元` : ''}`,
        `the limit is ${yuan(amount)} yuan${before ? ` with ${yuan(used)} used before` : ''}`,
      ),
    )
  }
  const paid = yuan(step.payment)
  parts.push(
    step.payment > 0
      ? phrase(`另外给付您 ${paid} 元`, `you receive ${paid} yuan on top`)
      : phrase('本次没有给付', 'nothing is paid'),
  )
  return sentenceOf(heading(kind, step), parts)
}

export function bestOfSentence(step: BestOfStep): Phrase {
  const paid = step.candidates.find(({ benefit }) => benefit === step.winner)?.payment ?? 0
  const amount = yuan(paid)
  return phrase(
    `几项保障只能选一项，“${step.titleZh}”给付最多（${amount} 元），按它计算。`,
    `Only one of several benefits applies; "${step.titleEn}" pays most (${amount} yuan) and is used.`,
  )
}

export function equalRankSentence(
  step: EqualRankStep,
  payers: readonly { readonly id: string }[],
): Phrase {
  const own = step.own.reduce((sum, amount) => sum + amount, 0)
  const over = own > step.residual
  const shares = step.payers.map((payer, index) => ({
    id: payers[payer]?.id ?? '',
    amount: yuan(step.reduced[index] ?? 0),
  }))
  const zh = shares.map(({ id, amount }) => `${id} 支付 ${amount} 元`).join('，')
  const en = shares.map(({ id, amount }) => `${id} pays ${amount} yuan`).join(', ')
  const [all, left] = [yuan(own), yuan(step.residual)]
  return sentenceOf(phrase('几份同等顺序的保险', 'Policies of equal rank'), [
    over
      ? phrase(
          `各自计算合计 ${all} 元，多于剩余费用 ${left} 元，按比例分摊`,
          `together they come to ${all} yuan, more than the ${left} yuan left, and share in proportion`,
        )
      : phrase(
          `各自计算合计 ${all} 元，没有超过剩余费用 ${left} 元`,
          `together they come to ${all} yuan, within the ${left} yuan left`,
        ),
    phrase(zh, en),
  ])
}

const POT_NAMES: Readonly<Record<AccountStep['pots'][number]['pot'], Phrase>> = {
  current: { zh: '当年账户', en: "this year's account" },
  history: { zh: '历年账户', en: "earlier years' account" },
  family: { zh: '家庭共济账户', en: 'family account' },
  given: { zh: '个人账户（平台已扣）', en: 'account already debited by the platform' },
}

export function accountSentence(step: AccountStep): Phrase {
  const opening = phrase('个人账户', 'Personal account')
  const payable = yuan(step.payable)
  const parts = [phrase(`可支付的费用 ${payable} 元`, `may pay up to ${payable} yuan`)]
  for (const { pot, balance, paid } of step.pots) {
    if (paid === 0) continue
    const [from, amount, name] = [yuan(balance), yuan(paid), POT_NAMES[pot]]
    parts.push(
      pot === 'given'
        ? phrase(`${name.zh}支付 ${amount} 元`, `${name.en} pays ${amount} yuan`)
        : phrase(
            `${name.zh}余额 ${from} 元，支付 ${amount} 元`,
            `${name.en} with ${from} yuan pays ${amount} yuan`,
          ),
    )
  }
  if (parts.length === 1) parts.push(phrase('本次没有支付', 'nothing is paid from it'))
  return sentenceOf(opening, parts)
}

export function patientSentence(step: PatientStep): Phrase {
  const total = yuan(step.total)
  const parts = [phrase(`您承担 ${total} 元`, `you bear ${total} yuan`)]
  if (step.account > 0) {
    const paid = yuan(step.account)
    parts.push(phrase(`其中个人账户支付 ${paid} 元`, `of which the account pays ${paid} yuan`))
  }
  const cash = yuan(Math.abs(step.cash))
  parts.push(
    step.cash < 0
      ? phrase(`应退您 ${cash} 元`, `${cash} yuan are returned to you`)
      : phrase(`现金支付 ${cash} 元`, `${cash} yuan in cash`),
  )
  if (step.deposit !== undefined) parts.push(depositPart(step.deposit, step.deposit - step.cash))
  return sentenceOf(phrase('个人承担', 'Your part'), parts)
}

function depositPart(deposit: number, balance: number): Phrase {
  const [paid, rest] = [yuan(deposit), yuan(Math.abs(balance))]
  if (balance === 0)
    return phrase(`预交金 ${paid} 元正好够`, `the deposit of ${paid} yuan covers it`)
  return balance > 0
    ? phrase(
        `预交金 ${paid} 元，退您 ${rest} 元`,
        `of the deposit of ${paid} yuan ${rest} are returned`,
      )
    : phrase(
        `预交金 ${paid} 元，还需补交 ${rest} 元`,
        `beyond the deposit of ${paid} yuan ${rest} are still due`,
      )
}
