import type { Problem } from '../../../src/errors/problem.ts'
import type { Benefit } from '../../../src/rules/pack.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import type { ReadPack } from '../../../src/rules/read/read-pack.ts'

const HEAD = `
pack: demo/one
kind: basic
payer: { id: demo-pool }
effective: { from: 2023-01-01 }
source: 示例
`

export function packText(benefit: string, top = ''): string {
  const indented = benefit.trim().replaceAll('\n', '\n    ')
  return `${HEAD}${top.trim()}\nbenefits:\n  - id: one\n    clause: 第一条\n    ${indented}\n`
}

/** The only pack of `text`, which must read. */
export function readOnePack(text: string): ReadPack {
  const read = readPacks(text, 'one.yaml', () => undefined)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const [pack] = read.value.packs
  if (pack === undefined) throw new Error('no pack was read')
  return pack
}

/** The benefit written as `benefit` in a pack with `top` beside it. */
export function readOneBenefit(benefit: string, top = ''): Benefit {
  const [read] = readOnePack(packText(benefit, top)).benefits
  if (read === undefined) throw new Error('no benefit was read')
  return read
}

export function problemsOf(text: string): readonly Problem[] {
  const read = readPacks(text, 'one.yaml', () => undefined)
  return read.ok ? [] : read.problems
}

export function codesOf(text: string): readonly string[] {
  return problemsOf(text).map(({ code, line, column }) => `${code} ${line}:${column}`)
}
