/**
 * Runs a TypeScript script of this project from any state of the clone:
 * `node scripts/bootstrap.mjs scripts/NAME.ts [arguments]`.
 *
 * Plain JavaScript that needs only Node 20, because a fresh clone has nothing else. It installs the locked dependencies
 * when they are missing or older than the lock, generates the Prisma client when the schema changed, and hands over to
 * the Node of the lock file. In package.json, `engines` is the version that starts this file and `devEngines` the version
 * that runs the rest.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const LOCK = join(root, 'package-lock.json')
const INSTALLED = join(root, 'node_modules/.antam-lock')
const GENERATED = join(root, 'generated/prisma.sha256')
const PRISMA = join(root, 'prisma')
const MUTEX = join(root, 'generated/bootstrap.lock')
const BIN = join(root, 'node_modules/.bin')
const WINDOWS = process.platform === 'win32'

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

const installed = () => existsSync(INSTALLED) && read(INSTALLED) === read(LOCK)
function schemaHash() {
  const hash = createHash('sha256').update(read(LOCK))
  for (const name of readdirSync(PRISMA, { recursive: true }).sort())
    if (name.endsWith('.prisma')) hash.update(read(join(PRISMA, name)))
  return hash.digest('hex')
}
const generated = () =>
  read(GENERATED) === schemaHash() && existsSync(join(root, 'generated/prisma/client.ts'))

function fail(message) {
  console.error(message)
  process.exit(1)
}

function run(command, args, env, failure) {
  const done = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', shell: WINDOWS })
  if (done.status === 0) return
  console.error(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`.trim())
  fail(failure)
}

function install() {
  console.error('Installing the locked dependencies …')
  const npm = process.env.npm_execpath
  // `npm ci` removes node_modules, and with it possibly the Node that is running. This works because the file stays open.
  const [command, head] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  run(
    command,
    [...head, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
    process.env,
    'npm ci failed (above).',
  )
  copyFileSync(LOCK, INSTALLED)
}

function generate() {
  const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  const cli = join(root, 'node_modules/prisma/build/index.js')
  run(process.execPath, [cli, 'generate'], env, 'prisma generate failed (above).')
  writeFileSync(GENERATED, schemaHash())
}

/** Returns whether the process that wrote the lock still runs. */
function held() {
  const pid = Number(read(MUTEX))
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Runs `work` after waiting for any other bootstrap of this clone. */
function exclusively(work) {
  mkdirSync(dirname(MUTEX), { recursive: true })
  for (;;) {
    try {
      writeFileSync(MUTEX, String(process.pid), { flag: 'wx' })
      break
    } catch {
      if (held()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
      else rmSync(MUTEX, { force: true })
    }
  }
  process.on('exit', () => rmSync(MUTEX, { force: true }))
  work()
  rmSync(MUTEX, { force: true })
}

/** Returns the Node that runs the project: the locked one if its package exists for this system, else this one. */
function node() {
  const locked = join(BIN, WINDOWS ? 'node.cmd' : 'node')
  if (existsSync(locked)) return locked
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return fail(
    `This system (${process.platform}-${process.arch}) has no Node in the lock file: install Node 24 or later and run again (this is ${process.version}).`,
  )
}

if (!installed() || !generated()) {
  exclusively(() => {
    if (!installed()) install()
    if (!generated()) generate()
  })
}

const [script, ...args] = process.argv.slice(2)
// Without a script it only prepares the clone, for `npm run build` and similar commands.
if (!script) process.exit()
process.env.PATH = `${BIN}${WINDOWS ? ';' : ':'}${process.env.PATH ?? ''}`
const target = resolve(root, script)

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // `npm run` already put the locked Node first: no second process, no signals to forward.
  process.chdir(root)
  process.argv.splice(1, 2, target)
  await import(pathToFileURL(target).href)
} else {
  const child = spawn(node(), [target, ...args], { cwd: root, stdio: 'inherit', shell: WINDOWS })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const parent = process.ppid
  // When npm is killed, its children keep running.
  const watch = setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500)
  if (process.env.npm_lifecycle_event) watch.unref()
  else clearInterval(watch)
  child.on('error', (error) => fail(String(error)))
  child.on('exit', (code, signal) => {
    // Exits with the signal's own status, as a shell does.
    process.exitCode = code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0)
  })
}
