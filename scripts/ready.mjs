// Makes a clone ready to run: installs from the lock file and builds, each only when something it depends on changed.
// Plain Node without dependencies, because it runs before there are any. Speaks on stderr, so that a program's own
// output stays clean.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const installRecord = join(root, 'node_modules', '.qingfen-installed')
const buildRecord = join(root, 'dist', '.qingfen-built')
const lock = join(root, '.qingfen', 'ready.lock')
const LOCK_POLL_MS = 200

/** Installs and builds what is missing; ends the process with a message when that is impossible. */
export function makeReady() {
  refuseUnsupportedNode()
  if (isInstalled() && isBuilt()) return
  takeLock()
  try {
    // Another process may have done the work while this one waited for the lock.
    if (!isInstalled()) install()
    if (!isBuilt()) build()
  } finally {
    rmSync(lock, { force: true })
  }
}

function refuseUnsupportedNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if ((major === 20 && minor >= 19) || major === 21 || major === 22) return
  fail(
    `需要 Node 20.19 至 22，当前是 ${process.versions.node}；请安装 Node 22 后重试`,
    `Node 20.19 to 22 is needed and this is ${process.versions.node}; install Node 22 and try again`,
  )
}

function isInstalled() {
  return recorded(installRecord) === lockHash()
}

function isBuilt() {
  return recorded(buildRecord) === sourceHash()
}

function install() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    // npm ci would empty the folder of the other checkout.
    fail(
      'node_modules 是指向别处的链接，且与锁定文件不符；请在链接所指的目录安装，或删除链接后重试',
      'node_modules is a link to another folder and not as the lock file has it; install there, or remove the link and try again',
    )
  }
  say('正在按锁定文件安装依赖（npm ci）…', 'installing dependencies from the lock file (npm ci)…')
  const status = npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error')
  if (status !== 0) {
    fail(
      '安装失败，原因见上；请检查网络或 npm 源后重试',
      'installing failed as shown above; check the network or the npm registry and try again',
    )
  }
  writeFileSync(installRecord, lockHash())
}

/** Builds beside `dist` and then swaps, so that a failed build leaves the last good one alone. */
function build() {
  say('正在编译源代码（tsc）…', 'building the sources (tsc)…')
  const hash = sourceHash()
  const stage = join(root, '.qingfen', 'build')
  const previous = join(root, '.qingfen', 'previous')
  rmSync(stage, { recursive: true, force: true })
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const status = node(tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', stage)
  if (status !== 0) {
    fail('编译失败，原因见上', 'building failed as shown above')
  }
  writeFileSync(join(stage, '.qingfen-built'), hash)
  rmSync(previous, { recursive: true, force: true })
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), previous)
  renameSync(stage, join(root, 'dist'))
  rmSync(previous, { recursive: true, force: true })
}

/** @param {string[]} args */
function npm(...args) {
  const cli = process.env['npm_execpath']
  if (cli !== undefined && /npm-cli\.c?js$/.test(cli)) return node(cli, ...args)
  return run('npm', args, { shell: process.platform === 'win32' })
}

/** @param {string[]} args */
function node(...args) {
  return run(process.execPath, args, {})
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
function run(command, args, options) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  return status
}

/** @param {string} path */
function recorded(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** Of everything the build reads: sources, compiler settings and, by the lock file, the compiler itself. */
function sourceHash() {
  const hash = createHash('sha256').update(lockHash())
  const names = [
    'tsconfig.json',
    'tsconfig.build.json',
    ...filesUnder('src'),
    ...filesUnder('bench'),
    ...filesUnder('test'),
  ]
  for (const name of names) {
    hash.update(`\0${name}\0`).update(readFileSync(join(root, name)))
  }
  return hash.digest('hex')
}

/** @param {string} folder */
function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

/** One install or build at a time in one clone; a lock whose owner is gone is taken over. */
function takeLock() {
  mkdirSync(dirname(lock), { recursive: true })
  // Linked into place, so that no one ever sees a lock without its owner.
  const claim = `${lock}.${process.pid}`
  writeFileSync(claim, String(process.pid))
  while (!linkedAs(claim, lock)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS)
    const owner = recorded(lock)
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(lock, { force: true })
  }
  rmSync(claim)
}

/**
 * @param {string} claim
 * @param {string} target
 */
function linkedAs(claim, target) {
  try {
    linkSync(claim, target)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}

/** @param {number} owner */
function isAlive(owner) {
  try {
    return owner > 0 && process.kill(owner, 0)
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/**
 * @param {string} chinese
 * @param {string} english
 */
function say(chinese, english) {
  process.stderr.write(`清分：${chinese}\nqingfen: ${english}\n`)
}

/**
 * @param {string} chinese
 * @param {string} english
 * @returns {never}
 */
function fail(chinese, english) {
  say(chinese, english)
  rmSync(lock, { force: true })
  process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) makeReady()
