import { objectOf } from './complete-bill.ts'
import type { Ask } from './ask.ts'
import { answered, holderOfSetlId, postSplit } from './model-settle.ts'
import { fenOf, type Tree } from './model-split.ts'
import type { ModelSettlement, ModelState } from './model-state.ts'
import { Refused } from './refused.ts'

const COMPARED =
  'hifp_pay cvlserv_pay hifes_pay hifmi_pay hifob_pay hifdm_pay maf_pay oth_pay fund_pay_sumamt medfee_sumamt'.split(
    ' ',
  )

export function confirm(state: ModelState, ask: Ask): Tree {
  const prepared = preparedOf(state, ask)
  const setlinfo = objectOf(objectOf(ask.body['platform'])['setlinfo'])
  const own = prepared.answer.setlinfo
  if (COMPARED.some((field) => fenOf(setlinfo[field] ?? 0) !== fenOf(own[field] ?? 0))) {
    throw new Refused('CONFIRM_DIFFERS')
  }
  const setlId = setlinfo['setl_id']
  if (typeof setlId === 'string') {
    const other = holderOfSetlId(state, setlId)
    if (other !== undefined && other !== prepared) {
      throw new Refused('ALREADY_SETTLED').naming([other.id])
    }
    prepared.setlIds = [...prepared.setlIds, setlId]
  }
  prepared.state = 'settled'
  postSplit(state, prepared, 1)
  return answered(prepared, state)
}

export function cancel(state: ModelState, ask: Ask): Tree {
  const prepared = preparedOf(state, ask)
  prepared.state = 'cancelled'
  state.mark(prepared, prepared.contributions.keys())
  const { id } = prepared
  return { settlement: id, state: 'cancelled', at: state.now, day: state.openDay }
}

function preparedOf(state: ModelState, { body, hospital }: Ask): ModelSettlement {
  const found = state.own(body['settlement'], hospital)
  if (found === undefined) throw new Refused('SETTLEMENT_UNKNOWN')
  if (found.state !== 'prepared') throw new Refused('NOT_PREPARED').naming([found.id])
  return found
}
