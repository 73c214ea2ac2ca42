import { formatEpochDay } from '../../src/catalog/epoch-day.ts'
import type { Chance } from '../hostile/chance.ts'

type Tree = Readonly<Record<string, unknown>>

/** A stay or visit as its hospital knows it. */
export interface Stay {
  readonly id: string
  readonly person: string
  readonly hospital: string
  readonly visit: Tree
  /** Lines made for it so far. */
  readonly lineIds: string[]
}

/** Makes the stays and bills of one client. */
export class LoadLines {
  readonly #name: string
  readonly #chance: Chance
  #stays = 0
  #payments = 0

  constructor(name: string, chance: Chance) {
    this.#name = name
    this.#chance = chance
  }

  stay(person: string, hospital: string, today: number): Stay {
    const chance = this.#chance
    this.#stays += 1
    const id = `V${this.#name}-${this.#stays}`
    const isOutpatient = chance.below(3) === 0
    const end = today - chance.below(2)
    const visit = {
      id,
      kind: isOutpatient ? 'outpatient' : 'inpatient',
      start: formatEpochDay(isOutpatient ? end : end - 1 - chance.below(5)),
      ...(!isOutpatient && { end: formatEpochDay(end) }),
      disease: !isOutpatient && chance.below(4) === 0 ? 'K35' : 'J18',
    }
    return { id, person, hospital, visit, lineIds: [] }
  }

  /** A bill of new lines; often with an account or a deposit, at times with a layer that the platform has settled. */
  bill(stay: Stay): Tree {
    const chance = this.#chance
    const lines = this.some(stay, 1 + chance.below(4))
    return {
      person: { id: stay.person },
      visit: stay.visit,
      lines,
      ...(chance.below(3) === 0 && { account: this.#account() }),
      ...(chance.below(5) === 0 && { deposit: yuan(chance.below(90_000)) }),
      ...(chance.below(9) === 0 && { given: this.#given(lines) }),
    }
  }

  #account(): Tree {
    return { current: yuan(this.#chance.below(20_000)), history: yuan(this.#chance.below(5_000)) }
  }

  #given(lines: readonly Tree[]): Tree {
    this.#payments += 1
    const inScope = lines.reduce((sum, line) => sum + Math.round(Number(line['inScope']) * 100), 0)
    return {
      payments: [{ kind: 'basic', amount: yuan(Math.floor(inScope / 2)) }],
      settlementId: `G${this.#name}-${this.#payments}`,
      deductible: yuan(Math.min(10_000, Math.floor(inScope / 2))),
      overCap: '0.00',
      ...(this.#chance.below(2) === 0 && { accountPaid: yuan(Math.floor(inScope / 10)) }),
    }
  }

  /** New lines of a stay; some are paid straight to their maker. */
  some(stay: Stay, count: number): readonly Tree[] {
    const chance = this.#chance
    return Array.from({ length: count }, () => {
      const id = `L${stay.lineIds.length + 1}`
      stay.lineIds.push(id)
      return {
        id,
        name: '药品',
        inScope: yuan(chance.below(chance.oneOf([20_000, 60_000, 200_000]))),
        ...(chance.below(2) === 0 && { preSelfPay: yuan(chance.below(20_000)) }),
        ...(chance.below(3) === 0 && { ownPay: yuan(chance.below(30_000)) }),
        ...(chance.below(5) === 0 && { tags: [chance.oneOf(['supplier:SUP1', 'supplier:SUP2'])] }),
      }
    })
  }
}

function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
