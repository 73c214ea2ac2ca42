import type {
  ClassifyStep,
  GivenStep,
  LayerStep,
  PackagePriceStep,
  RefundStep,
} from '../explanation.ts'
import {
  heading,
  KIND_NAMES,
  percent,
  phrase,
  sentenceOf,
  sumOf,
  yuan,
  type Phrase,
} from './phrase.ts'

const CHARGE_LEVELS: Readonly<Record<'A' | 'B' | 'C', Phrase>> = {
  A: { zh: '甲类', en: 'class A' },
  B: { zh: '乙类', en: 'class B' },
  C: { zh: '丙类', en: 'class C' },
}

export function classifySentence(step: ClassifyStep): Phrase {
  const level = step.chargeLevel === undefined ? undefined : CHARGE_LEVELS[step.chargeLevel]
  const amount = yuan(step.amount)
  const opening = phrase(
    `“${step.name}”${level === undefined ? '' : `（${level.zh}）`}${amount} 元`,
    `"${step.name}"${level === undefined ? '' : ` (${level.en})`} ${amount} yuan`,
  )
  if (step.amount === 0) return sentenceOf(opening, [phrase('没有费用', 'no charge is left')])
  if (step.by === 'supplement') {
    return sentenceOf(opening, [
      phrase('是以前结算后由您承担的费用', 'what earlier settlements left to you'),
    ])
  }
  return sentenceOf(opening, classifiedParts(step))
}

function classifiedParts(step: ClassifyStep): Phrase[] {
  const parts: Phrase[] = []
  if (step.by === 'unmatched') parts.push(phrase('医保目录中没有', 'not in the catalogue'))
  if (step.by === 'package') parts.push(phrase('按病种付费的差额', 'added by the package price'))
  const { ownPay, overLimit, preSelfPay, inScope, selfPayRate } = step
  if (ownPay > 0) parts.push(phrase(`自费 ${yuan(ownPay)} 元`, `own pay ${yuan(ownPay)} yuan`))
  if (overLimit > 0) {
    parts.push(
      phrase(`超限价 ${yuan(overLimit)} 元`, `over the price limit ${yuan(overLimit)} yuan`),
    )
  }
  if (preSelfPay > 0) {
    const share = selfPayRate === undefined ? '' : ` ${percent(selfPayRate.num, selfPayRate.den)}`
    const own = yuan(preSelfPay)
    parts.push(phrase(`先行自付${share} ${own} 元`.trim(), `first self-pay${share} ${own} yuan`))
  }
  if (inScope > 0) {
    parts.push(phrase(`符合范围 ${yuan(inScope)} 元`, `in scope ${yuan(inScope)} yuan`))
  }
  return parts
}

export function refundSentence(step: RefundStep): Phrase {
  const [amount, left] = [yuan(Math.abs(step.amount)), yuan(step.left)]
  return phrase(
    `退费 ${amount} 元已从原费用（${step.originalId}）中减去，还剩 ${left} 元。`,
    `The refund of ${amount} yuan is taken off the original charge (${step.originalId}), which leaves ${left} yuan.`,
  )
}

export function packageSentence(step: PackagePriceStep): Phrase {
  const [standard, cost] = [yuan(step.standard), yuan(step.cost)]
  const difference = yuan(Math.abs(step.adjustment))
  const parts = [
    phrase(
      `按病种付费标准为 ${standard} 元，实际费用 ${cost} 元`,
      `the package price is ${standard} yuan, the charges are ${cost} yuan`,
    ),
  ]
  if (step.adjustment > 0) {
    parts.push(
      phrase(
        `差额 ${difference} 元一并结算`,
        `the difference of ${difference} yuan is settled too`,
      ),
    )
  } else if (step.adjustment < 0) {
    parts.push(
      phrase(
        `超出的 ${difference} 元由医院承担`,
        `the hospital bears the ${difference} yuan above it`,
      ),
    )
  }
  return sentenceOf(heading(undefined, step), parts)
}

export function givenSentence(step: GivenStep): Phrase {
  const name = KIND_NAMES[step.kind]
  const amount = yuan(step.amount)
  const deductible = step.relabel === undefined ? 0 : sumOf(step.relabel.deductible)
  const overCap = step.relabel === undefined ? 0 : sumOf(step.relabel.overCap)
  const opening =
    step.kind === 'hospital'
      ? phrase(name.zh, name.en)
      : phrase(`${name.zh}（已由医保平台结算）`, `${name.en} (settled by the national platform)`)
  const parts: Phrase[] = []
  if (deductible > 0) {
    parts.push(phrase(`起付线 ${yuan(deductible)} 元`, `deductible ${yuan(deductible)} yuan`))
  }
  if (overCap > 0) {
    parts.push(phrase(`超过封顶线 ${yuan(overCap)} 元`, `above the cap ${yuan(overCap)} yuan`))
  }
  parts.push(phrase(`支付 ${amount} 元`, `pays ${amount} yuan`))
  return sentenceOf(opening, parts)
}

export function layerSentence(step: LayerStep): Phrase {
  const period = periodOf(step.year)
  const part = phrase(
    step.segment > 0 ? `（第 ${step.segment + 1} 段费用）` : '',
    step.segment > 0 ? `, part ${step.segment + 1} of the bill` : '',
  )
  return phrase(
    `接下来按“${step.titleZh}”${period.zh}计算${part.zh}。`,
    `Next comes "${step.titleEn}"${period.en}${part.en}.`,
  )
}

function periodOf(year: string): Phrase {
  if (year === '') return phrase('', '')
  if (/^[0-9]{4}$/.test(year)) return phrase(` ${year} 年度的规定`, `, year ${year}`)
  return phrase(` ${year} 起的保险期间`, `, period from ${year}`)
}
