import { textOf } from './complete-bill.ts'
import { dayOfIso } from './days.ts'
import type { Ask } from './ask.ts'
import type { Tree } from './model-split.ts'
import { holds, type DayRow, type ModelSettlement, type ModelState } from './model-state.ts'
import { Refused } from './refused.ts'

export function find(state: ModelState, { body, hospital }: Ask): Tree {
  const { settlement, requestId, person, day } = body
  const own = state.settlements.filter((one) => hospital === '' || one.hospital === hospital)
  if (settlement !== undefined) {
    const found = state.own(settlement, hospital)
    if (found === undefined) throw new Refused('SETTLEMENT_UNKNOWN')
    return { settlements: [shown(state, found)] }
  }
  const found =
    requestId !== undefined
      ? own.filter((one) => one.id === state.byRequest.get(`${hospital}\0${textOf(requestId)}`))
      : own.filter((one) => one.person.id === person && one.day === dayOfIso(textOf(day)))
  return { settlements: found.map((one) => shown(state, one)) }
}

function shown(state: ModelState, one: ModelSettlement): Tree {
  const { id, operation, at, day, stay, person, isMarked, reversal } = one
  return {
    settlement: id,
    state: state.shownState(one),
    operation,
    at,
    day,
    stay,
    person: person.id,
    changedSince: holds(one) && isMarked,
    ...(reversal !== undefined && { reversal }),
  }
}

export function unresolved(state: ModelState, { hospital }: Ask): Tree {
  return {
    settlements: state.settlements
      .filter((one) => hospital === '' || one.hospital === hospital)
      .filter((one) => state.shownState(one) === 'unknown')
      .map(({ id, at, person, stay }) => ({ settlement: id, at, person: person.id, stay })),
  }
}

const SUMS = ['rows', 'cost', 'fund', 'account', 'cash'] as const satisfies (keyof DayRow)[]

export function dayTotals(state: ModelState, { body, hospital }: Ask): Tree {
  const day = dayOfIso(String(body['day']))
  const rows = state.rows.filter((row) => row.day === day && row.hospital === hospital)
  const sums = SUMS.map((key) => [key, rows.reduce((sum, row) => sum + row[key], 0)])
  return { day, ...(Object.fromEntries(sums) as Tree) }
}

export function closeDay(state: ModelState, { body }: Ask): Tree {
  const day = dayOfIso(String(body['day']))
  if (day >= state.today) throw new Refused('DAY_NOT_OVER')
  if (state.closed !== undefined && day <= state.closed) throw new Refused('DAY_ALREADY_CLOSED')
  state.closed = day
  return { closed: day }
}

export function platformConfirm(state: ModelState, { body, hospital }: Ask): Tree {
  const found = state.own(body['settlement'], hospital)
  if (found === undefined) throw new Refused('SETTLEMENT_UNKNOWN')
  if (found.state !== 'unconfirmed') throw new Refused('NOT_LIVE').naming([found.id])
  found.state = 'settled'
  return { settlement: found.id, state: 'settled' }
}
