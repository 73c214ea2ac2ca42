import type { Configuration } from './configuration.ts'
import type { SettingValue } from './setting.ts'
import { SETTINGS } from './settings.ts'

const HIDDEN = '***'

/** The configuration as a file that says the same, without the name of the key file. */
export function configurationText(configuration: Configuration): string {
  const lines: string[] = []
  let group = ''
  for (const { name } of SETTINGS) {
    const value = valueAt(configuration, name)
    if (value === undefined) continue
    const [first = '', key] = name.split('.')
    if (key === undefined) lines.push(`${first}: ${scalar(value)}`)
    else {
      if (first !== group) lines.push(`${first}:`)
      lines.push(`  ${key}: ${scalar(value)}`)
    }
    group = key === undefined ? '' : first
  }
  return lines.join('\n')
}

/** The configuration without the name of the key file. */
export function shownConfiguration(configuration: Configuration): Configuration {
  const { tls, ...server } = configuration.server
  if (tls === undefined) return configuration
  return { ...configuration, server: { ...server, tls: { ...tls, key: HIDDEN } } }
}

function valueAt(configuration: Configuration, name: string): SettingValue | undefined {
  if (name === 'server.certificate') return configuration.server.tls?.certificate
  if (name === 'server.key') return shownConfiguration(configuration).server.tls?.key
  let value: unknown = configuration
  for (const key of name.split('.')) {
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[key]
  }
  return value as SettingValue | undefined
}

/** Plain where YAML takes it for what it is. */
function scalar(value: SettingValue): string {
  if (typeof value !== 'string') return String(value)
  return /^[A-Za-z/][\w./-]*$/.test(value) ? value : JSON.stringify(value)
}
