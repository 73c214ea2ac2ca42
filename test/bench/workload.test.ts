import { expect, test } from 'vitest'
import { mixedForm, MIX } from '../../bench/load/mix.ts'
import { decodeForeign } from '../../src/protocol/codec.ts'
import { FrameTemplates, requestId } from '../../bench/load/wire/frame-templates.ts'
import { workloadOf } from '../../bench/load/workload-spec.ts'
import { zipfSeats } from '../../bench/load/zipf.ts'
import { drawsFrom } from '../../bench/micro/settle/setup.ts'

test('the mix is what a city sends, and the same in every run', () => {
  const draw = drawsFrom(1)
  const forms = Array.from({ length: 5_000 }, () => mixedForm(draw))
  for (const { visit, share, lines, yuan } of MIX) {
    const own = forms.filter((form) => form.visit === visit)
    expect(Math.abs(own.length / 50 - share)).toBeLessThan(2)
    for (const form of own) {
      expect(form.lines).toBeGreaterThanOrEqual(lines[0])
      expect(form.lines).toBeLessThanOrEqual(lines[1])
      expect(form.total).toBeGreaterThanOrEqual(yuan[0] * 100)
      expect(form.total).toBeLessThanOrEqual(yuan[1] * 100 + 1)
    }
  }
  const again = drawsFrom(1)
  expect(Array.from({ length: 100 }, () => mixedForm(again))).toEqual(forms.slice(0, 100))
})

test('seats are shared as Zipf has it, all of them', () => {
  const seats = zipfSeats(['a', 'b', 'c', 'd'], 25)
  const count = (item: string) => seats.filter((one) => one === item).length
  expect(['a', 'b', 'c', 'd'].map(count)).toEqual([12, 6, 4, 3])
})

test.each([20, 'mix'] as const)('a frame made from a template is the request, %s', (lines) => {
  const spec = { lines, persons: 1_000, bills: 64 }
  const workload = workloadOf(spec)
  const frames = new FrameTemplates(workload, spec)
  for (const index of [0, 63, 64, 999_999, 27_999_999]) {
    const { bill } = workload.requestAt(index)
    const frame = { id: requestId(index), op: 'settle', body: { bill } }
    expect(decodeForeign(frames.frameAt(index))).toEqual(JSON.parse(JSON.stringify(frame)))
    const { lines: own } = bill as { lines: readonly { det_item_fee_sumamt: string }[] }
    const fen = own.map((line) => Number(line.det_item_fee_sumamt.replace('.', '')))
    expect(frames.totalAt(index)).toBe(fen.reduce((sum, amount) => sum + amount, 0))
  }
})
