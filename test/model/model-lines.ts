import { objectOf } from './complete-bill.ts'
import type { Ask } from './ask.ts'
import { canonical } from './canonical.ts'
import type { Tree } from './model-split.ts'
import type { ModelState, StagedLine } from './model-state.ts'
import { Refused } from './refused.ts'

/** As the engine under test is set. */
const LINES_PER_REQUEST_MAX = 3
const LINES_PER_STAY_MAX = 6

export function addLines(state: ModelState, { body, hospital }: Ask): Tree {
  const stay = String(body['stay'])
  const lines = Array.isArray(body['lines']) ? body['lines'].map(objectOf) : []
  if (lines.length > LINES_PER_REQUEST_MAX) throw new Refused('LINES_TOO_MANY')
  const sent = state.staged.get(`${hospital}|${stay}`) ?? []
  const added: StagedLine[] = []
  let repeated = 0
  const holder = state
    .holding(hospital, stay)
    .find(({ lineIds }) => lines.some(({ id }) => lineIds.includes(String(id))))
  if (holder !== undefined) throw new Refused('ALREADY_SETTLED').naming([holder.id])
  for (const line of lines) {
    const id = String(line['id'])
    const known = [...sent, ...added].find((one) => one.id === id)
    if (known === undefined) added.push({ id, line })
    else if (!isSame(known.line, line)) throw new Refused('LINE_DIFFERS')
    else repeated += 1
  }
  const waits = state.waiting(hospital, stay).length + added.length
  if (waits > LINES_PER_STAY_MAX) throw new Refused('LINES_TOO_MANY')
  state.staged.set(`${hospital}|${stay}`, [...sent, ...added])
  return { stay, added: added.length, repeated, waiting: state.waiting(hospital, stay).length }
}

export function withdrawLines(state: ModelState, { body, hospital }: Ask): Tree {
  const stay = String(body['stay'])
  const ids = new Set(Array.isArray(body['ids']) ? body['ids'].map(String) : [])
  const waiting = state.waiting(hospital, stay)
  if ([...ids].some((id) => !waiting.some((one) => one.id === id))) {
    throw new Refused('LINE_NOT_WAITING')
  }
  const sent = state.staged.get(`${hospital}|${stay}`) ?? []
  state.staged.set(
    `${hospital}|${stay}`,
    sent.filter(({ id }) => !ids.has(id)),
  )
  return { stay, withdrawn: ids.size, waiting: state.waiting(hospital, stay).length }
}

function isSame(left: Tree, right: Tree): boolean {
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right))
}
