import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { configurationOf } from '../../src/config/configuration.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import { variableOf } from '../../src/config/setting.ts'
import { SETTINGS } from '../../src/config/settings.ts'
import { configurationText } from '../../src/config/write-configuration.ts'
import { ENGINE_SETTINGS } from '../../src/engine/limits.ts'
import { SERVER_LIMITS } from '../../src/server/limits.ts'
import { accepted } from '../conformance/rules.ts'

const EXAMPLE = fileURLToPath(new URL('../../deploy/qingfen.yaml', import.meta.url))

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  return readConfiguration({ file: { name: 'q.yaml', text }, environment })
}

/** Problems as `line:column code where`. */
function problemsOf(text: string, environment: Readonly<Record<string, string>> = {}) {
  const result = read(text, environment)
  if (result.ok) throw new Error('accepted')
  return result.problems.map(({ line = 0, column = 0, code, where }) =>
    `${line}:${column} ${code} ${where}`.trim(),
  )
}

describe('what is read', () => {
  it('the example is the defaults', () => {
    expect(accepted(read(readFileSync(EXAMPLE, 'utf8')), 'example')).toEqual(
      configurationOf(new Map()),
    )
  })

  it('the defaults are those of the server and the engine', () => {
    const { limits, engine, mode, server, workers } = accepted(read(''), 'nothing')
    expect(limits).toEqual(SERVER_LIMITS)
    expect(engine).toEqual(
      Object.fromEntries(
        Object.keys(engine).map((key) => [
          key,
          ENGINE_SETTINGS[key as keyof typeof ENGINE_SETTINGS],
        ]),
      ),
    )
    expect([mode, workers, server]).toEqual([
      'production',
      'auto',
      { host: '127.0.0.1', port: 8080 },
    ])
  })

  it('a file sets, the environment overrides it, other variables are not looked at', () => {
    const text = 'server: { host: 0.0.0.0, port: 1 }\nworkers: 3\nlimits:\n  frameBytes: 2048\n'
    const environment = {
      QINGFEN_SERVER_PORT: '2',
      QINGFEN_METRICS: 'false',
      PATH: 'x',
      QINGFEN_CONFIG: 'q.yaml',
    }
    const { server, workers, limits, metrics } = accepted(read(text, environment), 'file')
    expect(server).toEqual({ host: '0.0.0.0', port: 2 })
    expect([workers, limits.frameBytes, metrics]).toEqual([3, 2048, false])
  })

  it('every setting can be set by its variable', () => {
    const environment = Object.fromEntries(
      SETTINGS.map(({ name, kind, standard }) => {
        const value =
          kind.type === 'number'
            ? kind.min
            : kind.type === 'choice'
              ? kind.choices.at(-1)
              : kind.type === 'switch'
                ? standard !== true
                : 'localhost'
        return [variableOf(name), String(value)]
      }),
    )
    const told = accepted(readConfiguration({ environment }), 'variables')
    expect(
      configurationText(told)
        .split('\n')
        .filter((line) => !line.endsWith(':')),
    ).toHaveLength(SETTINGS.length)
    expect(told.limits.stopMs).toBe(1)
    expect(told.mode).toBe('development')
    expect(told.server.tls).toEqual({ certificate: 'localhost', key: 'localhost' })
  })

  it('what is shown says the same when it is read, but for the key', () => {
    const text =
      'server: { certificate: a.pem, key: secret-place.pem }\nledger: { folder: "1 数据" }\nmetrics: false\n'
    const configuration = accepted(read(text), 'file')
    const shown = configurationText(configuration)
    expect(shown).not.toContain('secret-place')
    expect(accepted(read(shown), 'shown')).toEqual({
      ...configuration,
      server: { ...configuration.server, tls: { certificate: 'a.pem', key: '***' } },
    })
  })
})

describe('what is refused, all at once', () => {
  it.each([
    ['prot: 1', ['1:1 CONFIG_SETTING_UNKNOWN prot']],
    [
      'server:\n  prot: 1\n  port: 70000\nworkers: many\nmetrics: yes',
      [
        '2:3 CONFIG_SETTING_UNKNOWN server.prot',
        '3:9 CONFIG_VALUE_WRONG server.port',
        '4:10 CONFIG_VALUE_WRONG workers',
        '5:10 CONFIG_VALUE_WRONG metrics',
      ],
    ],
    ['server:\n  port: "80"', ['2:9 CONFIG_VALUE_WRONG server.port']],
    ['server:\n  port: 80.5', ['2:9 CONFIG_VALUE_WRONG server.port']],
    ['server:\n  port:', ['2:8 CONFIG_VALUE_WRONG server.port']],
    ['server:\n  host: [a]', ['2:9 CONFIG_VALUE_WRONG server.host']],
    ['server: 80', ['1:9 CONFIG_SHAPE_WRONG server']],
    ['- a', ['1:1 CONFIG_SHAPE_WRONG']],
    ['workers: 1\n---\nworkers: 2', ['3:1 CONFIG_SHAPE_WRONG']],
    ['workers: 1\nworkers: 2', ['2:1 PACK_KEY_REPEATED workers']],
    ['__proto__: 1', ['1:1 CONFIG_SETTING_UNKNOWN __proto__']],
    ['server: { constructor: 1 }', ['1:11 CONFIG_SETTING_UNKNOWN server.constructor']],
    ['limits:\n  idleSeconds: 7', ['2:16 CONFIG_VALUE_WRONG limits.idleSeconds']],
    ['server: { key: k.pem }', ['0:0 CONFIG_TLS_HALF server.key']],
    ['mode: development\nserver: { host: 0.0.0.0 }', ['0:0 CONFIG_MODE_HOST mode']],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
  })

  it('variables: unknown, and wrong', () => {
    expect(
      problemsOf('workers: x', { QINGFEN_PORT: '1', QINGFEN_WORKERS: '-1', QINGFEN_: '' }),
    ).toEqual([
      '1:10 CONFIG_VALUE_WRONG workers',
      '0:0 CONFIG_VARIABLE_UNKNOWN QINGFEN_',
      '0:0 CONFIG_VARIABLE_UNKNOWN QINGFEN_PORT',
      '0:0 CONFIG_VALUE_WRONG QINGFEN_WORKERS',
    ])
  })

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('development runs on %s', (host) => {
    expect(read(`mode: development\nserver: { host: "${host}" }`).ok).toBe(true)
  })

  it.each(['127.0.0.1.example.org', '10.0.0.1', '::', 'localhost.example.org'])(
    'development does not run on %s',
    (host) => {
      expect(problemsOf(`mode: development\nserver: { host: "${host}" }`)).toEqual([
        '0:0 CONFIG_MODE_HOST mode',
      ])
    },
  )
})
