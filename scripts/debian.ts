import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** Installs system packages as root: the first available of `either`, and `more`. Returns false if that is not possible. */
export const installAsRoot = (either: readonly string[], more: readonly string[] = []): boolean =>
  process.getuid?.() === 0 &&
  succeeds('sh', ['-c', 'command -v apt-get >/dev/null']) &&
  succeeds('apt-get', ['update', '-qq']) &&
  either.some((name) =>
    succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name, ...more]),
  )

/** Installs Python 3, which the programs of verify/ need, if it is missing; returns false if that fails. */
export function ensurePython(): boolean {
  const isThere = () => spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0
  return isThere() || (installAsRoot(['python3']) && isThere())
}

interface Needed {
  readonly package: string
  readonly path: string
}

const LIBRARIES = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string]
const PROMTOOL: Needed = { package: 'prometheus', path: '/usr/bin/promtool' }
const FAKETIME: Needed = {
  package: 'libfaketime',
  path: `/usr/lib/${LIBRARIES}/faketime/libfaketime.so.1`,
}

const folderOf = (needed: Needed): string => resolve('node_modules/.cache/debian', needed.package)

/** Returns the path of a file, installed or unpacked here; null if there is neither. */
const find = (needed: Needed): string | null =>
  [needed.path, join(folderOf(needed), needed.path)].find((path) => existsSync(path)) ?? null

/**
 * Returns the path of a file. If it is missing, downloads its package and unpacks it here without installing it, because
 * Prometheus's package would start a server. Returns null if that fails.
 */
function fetched(needed: Needed): string | null {
  const known = find(needed)
  if (known !== null) return known
  const folder = folderOf(needed)
  mkdirSync(folder, { recursive: true })
  const works = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { cwd: folder, stdio: 'ignore' }).status === 0
  const download = () => works('apt-get', ['download', '-qq', needed.package])
  if (!download() && !(works('apt-get', ['update', '-qq']) && download())) return null
  for (const file of globSync('*.deb', { cwd: folder })) works('dpkg-deb', ['-x', file, folder])
  return find(needed)
}

/** Prometheus's tester of alert rules. */
export const findPromtool = (): string | null => find(PROMTOOL)
export const fetchPromtool = (): string | null => fetched(PROMTOOL)

/** The library that shows a process and its children another time than the machine's clock. */
export const findFaketime = (): string | null => find(FAKETIME)
export const fetchFaketime = (): string | null => fetched(FAKETIME)
