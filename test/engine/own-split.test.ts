import { expect, it } from 'vitest'
import { Town } from '../workers/town.ts'

it('a settlement that is named by no text is unknown, whatever names it', async () => {
  const town = await Town.open({ workers: 0 })
  for (const settlement of [{ toString: 'x' }, ['S000000000001'], 7, true, 'S1', null]) {
    for (const operation of ['reverse', 'resettle', 'confirm', 'cancel'] as const) {
      const reply = await town.engine.submit({
        operation,
        hospital: 'H',
        requestId: `${operation}-${JSON.stringify(settlement).replaceAll(' ', '')}`,
        body: { settlement, bill: { lines: [] }, platform: {} },
      })
      const code = reply.kind === 'refused' ? reply.problems[0]?.code : reply.kind
      expect(['SETTLEMENT_UNKNOWN', 'REQUEST_MALFORMED'], JSON.stringify(reply)).toContain(code)
    }
  }
  expect(town.errors).toEqual([])
  await town.close()
})
