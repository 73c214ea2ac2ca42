import { compareHistory } from './compare.ts'
import { describeHistory, type History, type Step } from './history.ts'

/** A difference with the smallest history found that has one, and the seed to run the whole history again. */
export async function describeDifference(history: History, found: string): Promise<string> {
  const [small, again] = await shrink(history, found)
  return `${again}\n${describeHistory(small)}`
}

/** Leaves out one step after the other as long as some difference remains. */
async function shrink(history: History, found: string): Promise<readonly [History, string]> {
  let [best, difference] = [history, found]
  for (let round = 0; round < 2; round += 1) {
    for (let index = history.steps.length - 1; index >= 0; index -= 1) {
      for (const steps of smaller(best.steps, index)) {
        const tried = { ...best, steps }
        const left = await compareHistory(tried)
        if (left === undefined) continue
        best = tried
        difference = left
        break
      }
    }
  }
  return [best, difference]
}

/** Without the step; without one of its lines; not together with the next. */
function smaller(steps: readonly Step[], index: number): readonly (readonly Step[])[] {
  const step = steps[index]
  if (step === undefined || step.kind === 'nothing') return []
  const without = steps.with(index, { kind: 'nothing' })
  if (step.kind !== 'request') return [without]
  const { isTogether: _, ...alone } = step
  const bill = Object(alone.body['bill']) as { readonly lines?: readonly unknown[] }
  const fewer = (bill.lines ?? []).map((_line, line) =>
    steps.with(index, {
      ...alone,
      body: { ...alone.body, bill: { ...bill, lines: bill.lines?.toSpliced(line, 1) } },
    }),
  )
  const isOne = (bill.lines ?? []).length < 2
  return [without, ...(isOne ? [] : fewer), ...(step.isTogether ? [steps.with(index, alone)] : [])]
}
