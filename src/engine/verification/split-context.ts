import type { Problem } from '../../errors/problem.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import { personHolder } from '../../ledger/holder.ts'
import type { Contribution, SplitRecord } from '../../ledger/record.ts'
import { rowKey, type Rows, stayRowKey } from '../../ledger/rows.ts'
import { WAITING } from '../../ledger/stays.ts'
import { CounterView } from '../counter-view.ts'
import { unchangeable } from '../operations/resettle.ts'
import type { Turn } from '../turn.ts'
import { checkUnique } from '../uniqueness.ts'
import { impossible, memberDiffers } from './record-problems.ts'

/**
 * Whether a settlement stands rightly at its place in the journal: the counters it read are those that the records before it left,
 * register and rules were in force, its lines wait and are in no other live settlement. Throws `RequestRefused` for what may be in
 * one live settlement only.
 */
export function checkSplitContext(turn: Turn, record: SplitRecord): Problem | undefined {
  const { rows } = turn
  const { hospital, stay: stayId, lineIds, request, operation } = record
  if (request !== undefined && request.operation !== operation) {
    return memberDiffers(record, 'operation', operation, request.operation)
  }
  checkUnique(turn, record, { stayId, lineIds }, record.unique)
  return (
    checkNamed(record) ??
    checkVersions(rows, record) ??
    checkStaged(rows, record) ??
    checkCounters(rows, record) ??
    (operation === 'supplement' || isFrom(record, request)
      ? undefined
      : memberDiffers(record, 'hospital', hospital, request?.hospital))
  )
}

/** Who settles is asked by the hospital; an operator ('') may resettle. */
function isFrom({ operation, hospital }: SplitRecord, request: SplitRecord['request']): boolean {
  if (request?.hospital === hospital) return true
  return operation === 'resettle' && request?.hospital === ''
}

/** Other settlements go by what one takes or replaces: only a supplement and a resettlement may. */
function checkNamed(record: SplitRecord): Problem | undefined {
  const { operation, takes, replaces } = record
  return (
    (operation === 'supplement' ? undefined : memberDiffers(record, 'takes', takes, undefined)) ??
    (operation === 'resettle' ? undefined : memberDiffers(record, 'replaces', replaces, undefined))
  )
}

function checkCounters(rows: Rows, record: SplitRecord): Problem | undefined {
  const view = new CounterView(rows, record)
  const { before } = record
  if (before.every(([key, amount]) => amount === view.of(key))) return undefined
  const now = before.map(([key]): Contribution => [key, view.of(key)])
  return memberDiffers(record, 'before', before, now)
}

/** Register and rule set: those in force, or with a resettlement those of the settlement that it replaces. */
function checkVersions(rows: Rows, record: SplitRecord): Problem | undefined {
  const { register, ruleSet, jurisdiction } = record
  if (record.operation === 'resettle') return checkReplaced(rows, record)
  const person = rows.get('registry', rowKey('person', record.person))?.version
  const hospital = rows.get('registry', rowKey('hospital', record.hospital))?.version
  return (
    memberDiffers(record, 'register', register, { person, hospital }) ??
    memberDiffers(record, 'ruleSet', ruleSet, rows.get('rules', jurisdiction)?.ruleSet)
  )
}

/** Who was treated, where and when is that of the settlement it replaces. */
function checkReplaced(rows: Rows, record: SplitRecord): Problem | undefined {
  if (record.replaces === undefined) return impossible(record, 'replaces nothing')
  const original = splitOf(rows, record.replaces)
  const entry = rows
    .get('holder', personHolder(original.person))
    ?.entries.find(({ seq }) => seq === original.seq)
  return (
    memberDiffers(record, 'replaced.endedBy', record.seq - 1, entry?.endedBy) ??
    memberDiffers(record, 'register', record.register, original.register) ??
    memberDiffers(record, 'ruleSet', record.ruleSet, original.ruleSet) ??
    memberDiffers(record, 'hospital', record.hospital, original.hospital) ??
    memberDiffers(record, 'settlementDay', record.settlementDay, original.settlementDay) ??
    memberDiffers(record, 'bill', unchangeable(record), unchangeable(original))
  )
}

/** Lines sent beforehand must wait until a settlement takes them. */
function checkStaged(rows: Rows, record: SplitRecord): Problem | undefined {
  if (record.staged === undefined) return undefined
  const batches = rows.get('stay', stayRowKey(record.hospital, record.stay))?.batches ?? []
  for (const [seq, ids] of record.staged) {
    const lines = new Map(batches.find((batch) => batch.seq === seq)?.lines)
    const taken = ids.find((id) => lines.get(id) !== WAITING)
    if (taken !== undefined) return impossible(record, `line ${taken} was not waiting`)
  }
  return undefined
}
