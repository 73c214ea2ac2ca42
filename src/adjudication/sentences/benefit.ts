import { SOCIAL_KINDS, type PackKind } from '../../rules/kind.ts'
import type { BenefitStep, LimitUse } from '../explanation.ts'
import { heading, percent, phrase, sentenceOf, sumOf, yuan, type Phrase } from './phrase.ts'

/** What the benefit worked on, what came off, at which rate, what bound it, and what it pays. */
export function benefitSentence(step: BenefitStep, kind: PackKind | undefined): Phrase {
  const name = deductibleName(kind)
  return sentenceOf(heading(kind, step), [
    ...baseParts(step),
    ...deductibleParts(step, name),
    ...rateParts(step),
    ...raisedAndCutParts(step, name),
    ...closingParts(step),
  ])
}

/** 起付线 is the word of the public layers, 免赔额 that of insurance contracts. */
function deductibleName(kind: PackKind | undefined): Phrase {
  return kind !== undefined && SOCIAL_KINDS.includes(kind)
    ? phrase('起付线', 'deductible')
    : phrase('免赔额', 'deductible')
}

function baseParts(step: BenefitStep): Phrase[] {
  const parts: Phrase[] = []
  if (step.afterItems !== undefined) {
    const [selected, kept] = [yuan(sumOf(step.selected)), yuan(sumOf(step.afterItems))]
    parts.push(
      phrase(
        `相关费用 ${selected} 元按单项限额计入 ${kept} 元`,
        `${kept} yuan of ${selected} count under the limits on items`,
      ),
    )
  }
  for (const { num, den, before, after } of step.weights) {
    const [from, to, share] = [yuan(before), yuan(after), percent(num, den)]
    parts.push(
      phrase(`其中 ${from} 元按 ${share} 计入 ${to} 元`, `${share} of ${from} count as ${to} yuan`),
    )
  }
  for (const { num, den, amount } of step.firstShares) {
    const [share, own] = [percent(num, den), yuan(amount)]
    parts.push(phrase(`您先自付 ${share} 即 ${own} 元`, `you first bear ${share}, ${own} yuan`))
  }
  const gross = yuan(step.gross)
  parts.push(phrase(`本次可报 ${gross} 元`, `${gross} yuan can be claimed`))
  parts.push(...step.limits.filter((limit) => limit.bound && limit.on === 'base').map(baseLimit))
  return parts
}

function baseLimit(limit: LimitUse): Phrase {
  const room = yuan(limit.room)
  return phrase(
    `${limitZh(limit)}，最多按 ${room} 元计算`,
    `${limitEn(limit)}, so at most ${room} yuan count`,
  )
}

function limitZh({ amount, used }: LimitUse): string {
  return `限额 ${yuan(amount)} 元${used > 0 ? `此前已用 ${yuan(used)} 元` : ''}`
}

function limitEn({ amount, used }: LimitUse): string {
  const before = used > 0 ? ` with ${yuan(used)} used before` : ''
  return `the limit is ${yuan(amount)} yuan${before}`
}

function deductibleParts({ deductible, limits }: BenefitStep, name: Phrase): Phrase[] {
  if (deductible === undefined || deductible.amount === 0) return []
  const { amount, used, filled, taken, when } = deductible
  if (used >= amount) {
    return [phrase(`${name.zh} ${yuan(amount)} 元此前已扣满`, 'the deductible was used up before')]
  }
  const parts: Phrase[] = []
  if (used > 0) {
    const [all, before] = [yuan(amount), yuan(used)]
    parts.push(
      phrase(
        `${name.zh} ${all} 元此前已扣 ${before} 元`,
        `${before} of the ${all} yuan ${name.en} were taken before`,
      ),
    )
  }
  if (limits.some((limit) => limit.on === 'deductible' && limit.bound)) {
    parts.push(phrase(`${name.zh}已到封顶`, `the ${name.en} has reached its own limit`))
  }
  if (filled > 0) {
    const by = yuan(filled)
    parts.push(
      phrase(
        `前面各层的报销抵扣${name.zh} ${by} 元`,
        `earlier payments fill ${by} yuan of the ${name.en}`,
      ),
    )
  }
  if (when === 'before' && taken > 0) {
    parts.push(used > 0 ? furtherPart(taken) : takenPart(taken, amount - filled, name))
  }
  return parts
}

function furtherPart(taken: number): Phrase {
  const amount = yuan(taken)
  return phrase(`本次再扣 ${amount} 元`, `${amount} yuan more are taken now`)
}

/** Where the base does not reach the deductible, how high it is must still be said. */
function takenPart(taken: number, due: number, name: Phrase): Phrase {
  const [amount, all] = [yuan(taken), yuan(due)]
  if (taken === due) return phrase(`先扣${name.zh} ${all} 元`, `less the ${name.en} of ${all} yuan`)
  return phrase(
    `${name.zh} ${all} 元，本次计入 ${amount} 元`,
    `${amount} yuan go towards the ${name.en} of ${all} yuan`,
  )
}

function rateParts(step: BenefitStep): Phrase[] {
  const limits = step.limits.filter(({ on, bound }) => bound && on === 'baseAfterDeductible')
  const parts = limits.map(baseLimit)
  const bands = step.bands.filter(({ from, to }) => to > from)
  const [only] = bands
  if (only === undefined) return parts
  const reduced = step.deductible?.when === 'before' && step.deductible.taken > 0
  if (bands.length === 1) {
    const [share, paid] = [percent(only.rateNum, only.rateDen), yuan(only.payment)]
    const opening = phrase(reduced ? '其余按' : '按', reduced ? 'the rest at' : 'which at')
    const closing = phrase(`${share} 报销 ${paid} 元`, `${share} pays ${paid} yuan`)
    return [...parts, phrase(`${opening.zh} ${closing.zh}`, `${opening.en} ${closing.en}`)]
  }
  for (const [index, { from, to, rateNum, rateDen, payment }] of bands.entries()) {
    const [slice, share, paid] = [yuan(to - from), percent(rateNum, rateDen), yuan(payment)]
    const opening = index === 0 ? '分段计算：' : ''
    parts.push(
      phrase(
        `${opening}${slice} 元按 ${share} 报销 ${paid} 元`,
        `${slice} yuan at ${share} pay ${paid} yuan`,
      ),
    )
  }
  return parts
}

function raisedAndCutParts(step: BenefitStep, name: Phrase): Phrase[] {
  const { deductible, floor, rated, limits, overCap, stopLoss } = step
  const parts: Phrase[] = []
  if (deductible?.when === 'afterRate' && deductible.taken > 0) {
    const taken = yuan(deductible.taken)
    parts.push(
      phrase(`再扣${name.zh} ${taken} 元`, `less the ${name.en} of ${taken} yuan from the payment`),
    )
  }
  if (floor !== undefined && floor.amount > rated) {
    const [share, least] = [percent(floor.num, floor.den), yuan(floor.amount)]
    parts.push(
      phrase(
        `低于费用的 ${share} 保底，按保底 ${least} 元计`,
        `the guarantee of ${share} of the cost raises it to ${least} yuan`,
      ),
    )
  }
  for (const limit of limits.filter(({ on, bound }) => bound && on === 'payment')) {
    const [room, over] = [yuan(limit.room), yuan(overCap)]
    parts.push(
      phrase(
        `${limitZh(limit)}，本次最多报 ${room} 元${overCap > 0 ? `，超过封顶线的费用 ${over} 元不报` : ''}`,
        `${limitEn(limit)}, so it pays at most ${room} yuan${overCap > 0 ? ` and ${over} yuan lie above the cap` : ''}`,
      ),
    )
  }
  if (stopLoss > 0) {
    const more = yuan(stopLoss)
    parts.push(
      phrase(
        `您的负担超过上限的 ${more} 元也予报销`,
        `the ${more} yuan above the most you bear are paid too`,
      ),
    )
  }
  return parts
}

function closingParts(step: BenefitStep): Phrase[] {
  const { payment, deductible } = step
  if (payment === 0) {
    const reached = step.base > 0 && step.ratedBase === 0 && (deductible?.taken ?? 0) > 0
    return reached
      ? [phrase('没有超过，本次不报销', 'which is not exceeded, so nothing is paid')]
      : [phrase('本次不报销', 'nothing is paid')]
  }
  const bands = step.bands.filter(({ from, to }) => to > from)
  if (bands.length === 1 && bands[0]?.payment === payment) return []
  const paid = yuan(payment)
  return [phrase(`合计报销 ${paid} 元`, `${paid} yuan in all`)]
}
