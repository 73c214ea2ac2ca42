import type { Chance } from './chance.ts'
import { HOSTILE_NUMBERS, HOSTILE_TEXTS, HOSTILE_TREES } from './hostile-values.ts'

/** A tree of objects and lists that may be changed in place. */
export type Branch = Record<string, unknown> | unknown[]

interface Place {
  readonly parent: Branch
  readonly key: string
}

/** A copy of `tree` with one to four things wrong with it. */
export function mutated(tree: unknown, chance: Chance): unknown {
  const root = { tree: structuredClone(tree) }
  const changes = 1 + chance.below(chance.below(3) === 0 ? 4 : 1)
  for (let change = 0; change < changes; change += 1) {
    const place = chance.anyOf(placesOf(root))
    if (place !== undefined) chance.oneOf(CHANGES)(place, chance, root)
  }
  return root.tree
}

function placesOf(branch: Branch): readonly Place[] {
  return Object.entries(branch).flatMap(([key, value]) => [
    { parent: branch, key },
    ...(isBranch(value) ? placesOf(value) : []),
  ])
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null
}

type Change = (place: Place, chance: Chance, root: Branch) => void

const remove: Change = ({ parent, key }) => {
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else if (key !== 'tree') delete parent[key]
}

const repeat: Change = ({ parent, key }, chance) => {
  const value = read({ parent, key })
  if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(value))
  else write(parent, `${key}${chance.oneOf(['', '2', ' ', '_'])}`, structuredClone(value))
}

const rename: Change = ({ parent, key }, chance) => {
  if (Array.isArray(parent) || key === 'tree') return
  const value = parent[key]
  delete parent[key]
  const at = chance.below(key.length)
  const misspelt = key.slice(0, at) + key.slice(at + 1)
  write(parent, chance.anyOf([misspelt, key.toUpperCase(), ...HOSTILE_TEXTS]) ?? '', value)
}

const replaceBy =
  (values: readonly unknown[]): Change =>
  ({ parent, key }, chance) =>
    write(parent, key, structuredClone(chance.anyOf(values)))

/** What stands elsewhere in the same tree has the right form and the wrong meaning. */
const replaceByOther: Change = (place, chance, root) => {
  const other = chance.anyOf(placesOf(root))
  if (other !== undefined) write(place.parent, place.key, structuredClone(read(other)))
}

const retype: Change = ({ parent, key }, chance) => {
  const value = read({ parent, key })
  const plain = isBranch(value) ? 1 : value
  const forms = [String(plain), Number(plain), [value], { value }, value === true ? 1 : true]
  write(parent, key, chance.anyOf(forms))
}

/** Off by one fen, by 1e-6 yuan, by the sign, by a factor. */
const nudge: Change = (place, chance) => {
  const value = read(place)
  const number = isBranch(value) ? Number.NaN : Number(value)
  if (!Number.isFinite(number)) return
  const moved = [number + 0.01, number - 0.01, number + 1e-6, -number, number * 1e6, number * 100]
  const next = chance.anyOf(moved) ?? 0
  write(place.parent, place.key, typeof value === 'number' ? next : decimalText(next))
}

/** Every amount moves its point alike, so that sums still hold: amounts near the end of what is safe. */
const scaleAll: Change = (_, chance, root) => {
  const zeros = '0'.repeat(1 + chance.below(12))
  for (const place of placesOf(root)) {
    const value = read(place)
    if (typeof value !== 'string' || !/^[0-9]+\.[0-9]{2}$/.test(value)) continue
    const [whole = '', cents = ''] = value.split('.')
    write(place.parent, place.key, `${whole}${cents}${zeros.slice(2)}.00`)
  }
}

const addKey: Change = ({ parent, key }, chance) => {
  const inner = read({ parent, key })
  const target = isBranch(inner) && !Array.isArray(inner) ? inner : parent
  const added = structuredClone(chance.anyOf(HOSTILE_TREES))
  if (Array.isArray(target)) target.push(added)
  else write(target, chance.anyOf(HOSTILE_TEXTS) ?? '', added)
}

const CHANGES: readonly [Change, ...Change[]] = [
  remove,
  repeat,
  rename,
  replaceBy(HOSTILE_NUMBERS),
  replaceBy(HOSTILE_TEXTS),
  replaceBy(HOSTILE_TREES),
  replaceByOther,
  retype,
  nudge,
  nudge,
  scaleAll,
  addKey,
]

function read({ parent, key }: Place): unknown {
  return Array.isArray(parent) ? parent[Number(key)] : parent[key]
}

/** An own key even where the name is `__proto__`. */
function write(parent: Branch, key: string, value: unknown): void {
  Object.defineProperty(parent, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

function decimalText(value: number): string {
  return Number.isInteger(value) ? `${value}.00` : String(Number(value.toFixed(6)))
}

/** `text` with a few characters taken out, doubled, exchanged or put in. */
export function mutatedText(text: string, chance: Chance): string {
  let result = text
  for (let change = 1 + chance.below(3); change > 0; change -= 1) {
    const at = chance.below(result.length + 1)
    const length = chance.below(chance.below(4) === 0 ? 60 : 3)
    const [head, cut, tail] = [
      result.slice(0, at),
      result.slice(at, at + length),
      result.slice(at + length),
    ]
    const put = [
      '',
      cut + cut,
      String.fromCharCode(chance.below(0x80)),
      String.fromCharCode(chance.below(0x1_0000)),
      chance.anyOf(HOSTILE_TEXTS) ?? '',
      chance.anyOf(MARKS) ?? '',
    ]
    result = head + (chance.anyOf(put) ?? '') + tail
  }
  return result
}

/** What means something to YAML, JSON or CEL. */
const MARKS: readonly string[] = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ': ',
  '- ',
  '\n',
  '\n  ',
  '\t',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '<<: *a',
  '!!js/function ',
  '!!int ',
  '---\n',
  '...\n',
  '|\n',
  '>\n',
  '%YAML 1.1\n',
  '? ',
  '\\',
  '\u0000',
  ' && ',
  ' || ',
  '!',
  '(',
  ')',
  '==',
  '.map(x, x)',
  '.exists(x, ',
  '1.5',
  '99999999999999999999',
]
