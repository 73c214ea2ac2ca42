import { parseEpochDay } from '../../catalog/epoch-day.ts'
import { failure, problem, type Result } from '../../errors/problem.ts'
import type { RulesState } from '../../ledger/record.ts'
import type { HttpServices } from '../http/route.ts'
import { commandGate, type Order } from './command-gate.ts'

/** Does what an order says, and tells terminals what is in force now. Uploads are `uploadPacks`'s. */
export async function runCommand(
  services: HttpServices,
  order: Order,
): Promise<Result<RulesState>> {
  const { engine } = services
  const { command, jurisdiction, packs, from } = order.command
  const [hash = ''] = packs
  const rules = engine.rules.behind(commandGate(order))
  switch (command) {
    case 'upload':
      return rules.publish({ jurisdiction, packs: order.uploaded ?? [], tried: true })
    case 'shadow':
      return rules.shadow(jurisdiction, hash)
    case 'unshadow':
      return rules.unshadow(jurisdiction, hash)
    case 'suspend':
      return rules.suspend(jurisdiction, hash)
    case 'resume':
      return rules.resume(jurisdiction, hash)
    case 'activate':
    case 'rollBack': {
      const pack = engine.pack(jurisdiction, hash)?.pack
      if (pack === undefined) return unknown(engine.rulesState(jurisdiction), jurisdiction, hash)
      const day = from === undefined ? undefined : parseEpochDay(from)
      const activation = { jurisdiction, pack: hash, ...(day !== undefined && { from: day }) }
      const done =
        command === 'activate'
          ? await rules.activate(activation)
          : await rules.rollBack({ jurisdiction, pack: pack.id })
      if (done.ok) announce(services, order, done.value)
      return done
    }
  }
}

/** Says which version is in force now; after a roll-back each that is again. */
function announce(
  { engine, publish, clock }: HttpServices,
  { command: { command, jurisdiction, packs } }: Order,
  state: RulesState,
): void {
  const id = state.packs.find(({ hash }) => packs.includes(hash))?.id
  const told = state.packs.filter((version) => {
    const isMeant = command === 'activate' ? packs.includes(version.hash) : version.id === id
    return isMeant && version.state === 'active'
  })
  for (const { id: pack, hash, from } of told) {
    const own = engine.pack(jurisdiction, hash)?.pack.effective.from ?? 0
    const event = 'pack.activated'
    publish({ event, jurisdiction, pack, hash, from: Math.max(from ?? own, own), at: clock() })
  }
}

function unknown(
  state: RulesState | undefined,
  jurisdiction: string,
  hash: string,
): Result<RulesState> {
  return state === undefined
    ? failure(problem('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction }))
    : failure(problem('CONTENT_UNKNOWN', 'pack', { hash }))
}
