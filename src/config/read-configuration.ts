import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { nearestWord } from '../rules/read/nearest.ts'
import {
  child,
  entriesOf,
  type Place,
  type SourceEntry,
  type SourceNode,
} from '../rules/read/source-node.ts'
import { readSourceTree } from '../rules/read/source-tree.ts'
import { configurationOf, type Configuration } from './configuration.ts'
import {
  expectedOf,
  valueOf,
  variableOf,
  VARIABLE_PREFIX,
  type Setting,
  type SettingValue,
} from './setting.ts'
import { SETTINGS } from './settings.ts'

export interface ConfigurationSources {
  readonly file?: { readonly name: string; readonly text: string }
  /** Variables of the process; those that begin with `QINGFEN_` override the file. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Set on the command line; override everything. */
  readonly stated?: Readonly<Record<string, SettingValue>>
}

/** Names the file; no setting of its own. */
export const CONFIG_VARIABLE = `${VARIABLE_PREFIX}CONFIG`

const NAMES = SETTINGS.map(({ name }) => name)
const GROUPS = new Set(
  NAMES.flatMap((name) => (name.includes('.') ? [name.slice(0, name.indexOf('.'))] : [])),
)
const NEIGHBOURS = [...GROUPS, ...NAMES]

/**
 * Reads the settings, all problems at once: of the file with line and column, of the environment with the variable. Refuses
 * `CONFIG_SETTING_UNKNOWN`, `CONFIG_VALUE_WRONG`, `CONFIG_VARIABLE_UNKNOWN`, `CONFIG_SHAPE_WRONG`, `CONFIG_TLS_HALF`,
 * `CONFIG_MODE_HOST`, and what is no YAML.
 */
export function readConfiguration(sources: ConfigurationSources): Result<Configuration> {
  const reading = new Reading()
  if (sources.file !== undefined) reading.file(sources.file)
  reading.environment(sources.environment)
  for (const [name, value] of Object.entries(sources.stated ?? {})) reading.values.set(name, value)
  reading.checkTogether()
  const { problems, values } = reading
  return problems.length > 0 ? failureOf(problems) : success(configurationOf(values))
}

class Reading {
  readonly problems: Problem[] = []
  readonly values = new Map<string, SettingValue>()
  #file = ''

  file({ name, text }: { readonly name: string; readonly text: string }): void {
    this.#file = name
    const trees = readSourceTree(text, name)
    if (!trees.ok) {
      this.problems.push(...trees.problems)
      return
    }
    const [tree, another] = trees.value
    if (another !== undefined) this.#add(problem('CONFIG_SHAPE_WRONG', '', { name }), another)
    if (tree !== undefined) this.#group(tree, '', name)
  }

  environment(variables: ConfigurationSources['environment']): void {
    const known = new Map(SETTINGS.map((setting) => [variableOf(setting.name), setting]))
    for (const variable of Object.keys(variables).toSorted()) {
      const text = variables[variable] ?? ''
      if (!variable.startsWith(VARIABLE_PREFIX) || variable === CONFIG_VARIABLE) continue
      const setting = known.get(variable)
      if (setting === undefined) {
        const nearest = nearestWord(variable, [...known.keys()])
        this.problems.push(problem('CONFIG_VARIABLE_UNKNOWN', variable, { variable, nearest }))
        continue
      }
      const value = valueOf(setting.kind, text, false)
      if (value === undefined) this.problems.push(wrongValue(setting, text, variable))
      else this.values.set(setting.name, value)
    }
  }

  /** What settings have to do with each other. */
  checkTogether(): void {
    if (this.problems.length > 0) return
    const set = ['server.certificate', 'server.key'].filter((name) => this.values.has(name))
    const [only, other] = set
    if (only !== undefined && other === undefined) {
      this.problems.push(problem('CONFIG_TLS_HALF', only, { name: only }))
    }
    const { mode, server } = configurationOf(this.values)
    if (mode === 'development' && !isLoopback(server.host)) {
      this.problems.push(problem('CONFIG_MODE_HOST', 'mode', { host: server.host }))
    }
  }

  #group(node: SourceNode, path: string, name: string): void {
    if (node.kind !== 'map') {
      this.#add(problem('CONFIG_SHAPE_WRONG', path, { name }), node)
      return
    }
    for (const entry of entriesOf(node)) {
      const full = path === '' ? entry.key : `${path}.${entry.key}`
      const setting = SETTINGS.find((one) => one.name === full)
      if (setting !== undefined) this.#setting(setting, child(node, entry.key))
      else if (path === '' && GROUPS.has(full)) this.#group(entry.value, full, full)
      else this.#unknown(full, entry)
    }
  }

  #setting(setting: Setting, node: SourceNode | undefined): void {
    if (node === undefined) return
    const isScalar = node.kind === 'scalar' && node.type !== 'null'
    const text = node.kind === 'scalar' ? node.text : ''
    const isQuoted = node.kind === 'scalar' && node.type === 'text'
    const value = isScalar ? valueOf(setting.kind, text, isQuoted) : undefined
    if (value === undefined) this.#add(wrongValue(setting, text, setting.name), node)
    else this.values.set(setting.name, value)
  }

  #unknown(name: string, { keyPlace }: SourceEntry): void {
    const group = name.slice(0, name.indexOf('.') + 1)
    const nearest = nearestWord(
      name,
      NEIGHBOURS.filter((one) => one.startsWith(group)),
    )
    this.#add(problem('CONFIG_SETTING_UNKNOWN', name, { name, nearest }), keyPlace)
  }

  #add(found: Problem, { line, column }: Place): void {
    this.problems.push({ ...found, file: this.#file, line, column })
  }
}

const SHOWN_MAX = 80

function wrongValue({ name, kind }: Setting, value: string, where: string): Problem {
  const details = { name, value: value.slice(0, SHOWN_MAX), expected: expectedOf(kind) }
  return problem('CONFIG_VALUE_WRONG', where, details)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
