import { assert } from '../assert.ts'
import type { EngineSettings } from '../engine/limits.ts'
import type { ServerLimits } from '../server/limits.ts'
import type { SettingValue } from './setting.ts'
import { SETTINGS } from './settings.ts'

/** How a server runs: every setting with its value. */
export interface Configuration {
  readonly mode: 'production' | 'development'
  readonly ledger: { readonly folder: string; readonly work: string }
  readonly server: {
    readonly host: string
    readonly port: number
    /** PEM files. */
    readonly tls?: { readonly certificate: string; readonly key: string }
  }
  readonly workers: number | 'auto'
  readonly engine: Partial<EngineSettings>
  readonly limits: ServerLimits
  readonly log: {
    readonly level: 'info' | 'warning' | 'error'
    readonly destination: 'stdout' | 'stderr'
  }
  readonly metrics: boolean
}

export type SettingValues = ReadonlyMap<string, SettingValue>

/** The configuration that `values` say, each of which is of its setting's kind; defaults for the others. */
export function configurationOf(values: SettingValues): Configuration {
  const tree: Record<string, unknown> = {}
  for (const { name, standard } of SETTINGS) {
    const value = values.get(name) ?? standard
    if (value === undefined) continue
    const [group, key] = name.split('.')
    assert(group !== undefined, 'a setting has a name')
    if (key === undefined) tree[group] = value
    else tree[group] = { ...(tree[group] as object | undefined), [key]: value }
  }
  // Each value is of the kind that its setting has in `SETTINGS`, and the names are those of `Configuration`.
  const { server, ...rest } = tree as unknown as Omit<Configuration, 'server'> & {
    readonly server: {
      readonly host: string
      readonly port: number
      readonly certificate?: string
      readonly key?: string
    }
  }
  const { host, port, certificate, key } = server
  const tls = certificate === undefined || key === undefined ? undefined : { certificate, key }
  return { ...rest, server: { host, port, ...(tls !== undefined && { tls }) } }
}
