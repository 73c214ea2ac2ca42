import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Configuration } from '../../src/config/configuration.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import { variableOf } from '../../src/config/setting.ts'
import { SETTINGS } from '../../src/config/settings.ts'
import { DEPLOYED_FLAGS } from '../../bench/load/suite-options.ts'
import { run } from '../cli/run.ts'
import { accepted } from '../conformance/rules.ts'

const ROOT = new URL('../../', import.meta.url)

function textOf(name: string): string {
  return readFileSync(new URL(name, ROOT), 'utf8')
}

function exampleConfiguration(): Configuration {
  const file = { name: 'qingfen.yaml', text: textOf('deploy/qingfen.yaml') }
  return accepted(readConfiguration({ file, environment: {} }), 'example')
}

const INSTALLED = '/opt/qingfen/'

/** A file of the build, and whether the source it is built from is there. */
function isBuilt(path: string): boolean {
  const source = path.slice(INSTALLED.length).replace(/^dist\/(.*)\.js$/, '$1.ts')
  return path.startsWith(INSTALLED) && existsSync(new URL(source, ROOT))
}

/** The parts of a command that starts Node: its flags come before the program. */
function commandOf([node = '', ...rest]: readonly string[]) {
  const flags = rest.slice(
    0,
    rest.findIndex((word) => !word.startsWith('--')),
  )
  const [program = '', ...args] = rest.slice(flags.length)
  return { node, flags, program, args }
}

/** Time for flushing and closing after the server has answered, ms (src/service/until-signal.ts), and a moment to spare. */
const CLOSING_MS = 2_000

it('the command gives Node the flags that the unit does, and the benchmarks', () => {
  const [first] = textOf('bin/qingfen.js').split('\n')
  expect(first).toBe(`#!/usr/bin/env -S node ${DEPLOYED_FLAGS.join(' ')}`)
})

describe('the systemd unit', () => {
  const unit = textOf('deploy/qingfen.service')
  const values = (key: string) =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value ?? '')
  const [start = ''] = values('ExecStart')

  it('runs a command that there is', async () => {
    const { node, flags, program, args } = commandOf(start.split(' '))
    expect([node, flags]).toEqual(['/usr/bin/node', DEPLOYED_FLAGS])
    expect(isBuilt(program)).toBe(true)
    expect(args).toEqual(['serve', '--config', '/etc/qingfen/qingfen.yaml'])
    expect(values('ExecStartPre')).toEqual([`${start} --check`])
    const config = fileURLToPath(new URL('deploy/qingfen.yaml', ROOT))
    expect((await run('serve', '--config', config, '--check')).code).toBe(0)
  })

  it('lets it answer what is in flight before it kills', () => {
    const stopMs = exampleConfiguration().limits.stopMs
    expect(values('KillSignal')).toEqual(['SIGTERM'])
    expect(values('KillMode')).toEqual(['mixed'])
    const seconds = Number(values('TimeoutStopSec')[0])
    expect(seconds).toBeGreaterThan(10)
    expect(seconds * 1_000).toBeGreaterThanOrEqual(stopMs + CLOSING_MS)
  })

  it('has a file for every connection, and folders that it may write', () => {
    const { limits, ledger } = exampleConfiguration()
    expect(Number(values('LimitNOFILE')[0])).toBeGreaterThan(limits.terminals * 2)
    expect(values('WorkingDirectory')).toEqual(['/var/lib/qingfen'])
    expect(values('StateDirectory')).toEqual(['qingfen'])
    expect([ledger.folder, ledger.work].every((folder) => !folder.startsWith('/'))).toBe(true)
  })

  it('may do no more than it has to', () => {
    expect(values('User')).not.toEqual(['root'])
    expect(values('CapabilityBoundingSet')).toEqual([''])
    for (const key of ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'PrivateDevices']) {
      expect([key, values(key)]).toEqual([key, ['yes']])
    }
    expect(values('ProtectSystem')).toEqual(['strict'])
    expect(values('Restart')).toEqual(['on-failure'])
  })
})

describe('the Dockerfile', () => {
  const text = textOf('deploy/Dockerfile')
  const [build = '', image = ''] = text.split(/^FROM .*$/m).slice(1)
  const lines = (part: string, instruction: string) =>
    [...part.matchAll(new RegExp(`^${instruction} (.*)$`, 'gm'))].map(([, rest]) => rest ?? '')

  it('copies what there is', () => {
    const copied = [...lines(build, 'COPY'), ...lines(image, 'COPY')].filter(
      (line) => !line.startsWith('--from'),
    )
    const names = copied.flatMap((line) => line.split(' ').slice(0, -1))
    expect(names.filter((name) => !existsSync(new URL(name, ROOT)))).toEqual([])
    const { include } = JSON.parse(textOf('tsconfig.build.json')) as { include: string[] }
    const folders = include.map((path) => path.split('/')[0] ?? '')
    expect(folders.filter((folder) => !names.includes(folder))).toEqual([])
  })

  it('runs a command that there is, as somebody without rights', () => {
    const [entry = ''] = lines(image, 'ENTRYPOINT')
    const { node, flags, program } = commandOf(JSON.parse(entry) as string[])
    expect([node, flags, isBuilt(program)]).toEqual(['node', DEPLOYED_FLAGS, true])
    expect(lines(image, 'CMD')).toEqual(['["serve"]'])
    expect(lines(image, 'USER')).toEqual(['node'])
  })

  it('uses Node and settings as the program knows them', () => {
    const node = JSON.parse(textOf('package.json')) as { engines: { node: string } }
    expect(node.engines.node).toBe('>=20.19 <23')
    expect(text.match(/^FROM node:20-bookworm-slim/gm)).toHaveLength(2)
    const known = SETTINGS.map(({ name }) => variableOf(name))
    const set = lines(image, 'ENV').map((line) => line.split('=')[0] ?? '')
    expect(set.filter((name) => name.startsWith('QINGFEN_') && !known.includes(name))).toEqual([])
  })

  it('asks for its health where it listens, and stops before docker kills', () => {
    const { server, limits } = exampleConfiguration()
    expect(lines(image, 'EXPOSE')).toEqual([String(server.port)])
    expect(image).toContain(`http://127.0.0.1:${server.port}/health`)
    expect(lines(image, 'STOPSIGNAL')).toEqual(['SIGTERM'])
    expect(limits.stopMs + CLOSING_MS).toBeLessThanOrEqual(10_000)
  })
})
