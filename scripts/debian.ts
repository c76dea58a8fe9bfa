import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** Installs the system's packages, as root: the first of `either` that there is, and `more`. False where that cannot be done. */
export const installAsRoot = (either: readonly string[], more: readonly string[] = []): boolean =>
  process.getuid?.() === 0 &&
  succeeds('sh', ['-c', 'command -v apt-get >/dev/null']) &&
  succeeds('apt-get', ['update', '-qq']) &&
  either.some((name) =>
    succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name, ...more]),
  )

/** Makes sure that there is a Python 3, in which the programs of verify/ are written; false where there is none. */
export function ensurePython(): boolean {
  const isThere = () => spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0
  return isThere() || (installAsRoot(['python3']) && isThere())
}

/** A file of a Debian package that a test needs. */
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

/** Returns where a file is: the system's own, or one that was unpacked here; null where there is none. */
const find = (needed: Needed): string | null =>
  [needed.path, join(folderOf(needed), needed.path)].find((path) => existsSync(path)) ?? null

/**
 * Returns where a file is. Where there is none its package is downloaded and unpacked here, not installed: Prometheus's
 * would start a server. null where that cannot be done.
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

/** The library with which a process, and those that it starts, read another clock than the machine's. */
export const findFaketime = (): string | null => find(FAKETIME)
export const fetchFaketime = (): string | null => fetched(FAKETIME)
