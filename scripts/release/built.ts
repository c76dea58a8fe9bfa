import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { isOlder } from '#features/installation/rules.ts'
import { readHeader } from '../migration-header.ts'
import { archiveOf, nameOf, RELEASE_FILE, type Release } from '../upgrade/rules.ts'

/** Files for the operator to read and copy, beside the program. */
const BESIDE = ['docs', 'deploy', 'CHANGELOG.md', 'README.md', 'SECURITY.md', 'package-lock.json']

/** Runs a command of the product by its name, without npm. */
const LAUNCHER = `#!/bin/sh
# ./an-tam doctor, ./an-tam web …: a command of package.json, by the Node of this release.
here=$(dirname "$(readlink -f "$0")")
exec "$here/node_modules/.bin/node" "$here/scripts/command.mjs" "$@"
`

/** Returns the versions that may not be skipped on the way to this one: those that contract steps of migrations name. */
export const stopsOf = (folder: string): string[] =>
  [
    ...new Set(
      globSync(join(folder, 'prisma/migrations/*/migration.sql')).flatMap(
        (file) => readHeader(readFileSync(file, 'utf8')).contract ?? [],
      ),
    ),
  ].toSorted((a, b) => (isOlder(a, b) ? -1 : 1))

interface Made {
  readonly version: string
  readonly commit: string
  readonly seconds: number
}

/**
 * Builds the commit in a folder of its own and packs everything that a server needs to run it, with its Node and
 * packages, into `to`. Returns the archive's name. Throws if the installed packages differ from the commit's lock file.
 */
export function packBuilt(to: string, { version, commit, seconds }: Made): string {
  const run = (cwd: string, command: string, args: readonly string[], env: Record<string, string> = {}) =>
    execFileSync(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  const work = mkdtempSync(join(resolve(to), '.built-'))
  const source = join(work, 'source')
  const folder = join(work, nameOf(version))
  try {
    mkdirSync(source)
    writeFileSync(join(work, 'source.tar'), execFileSync('git', ['archive', 'HEAD'], { maxBuffer: 1 << 30 }))
    run(source, 'tar', ['--extract', '--file', '../source.tar'])
    if (
      readFileSync(join(source, 'package-lock.json'), 'utf8') !==
      readFileSync('node_modules/.antam-lock', 'utf8')
    )
      throw new Error('node_modules is not what the lock file of this commit names: npm ci')
    // Hard links: a gigabyte is copied in a moment.
    run('.', 'cp', ['--archive', '--link', resolve('node_modules'), join(source, 'node_modules')])
    writeFileSync(join(source, 'REVISION'), `${commit}\n`)
    const node = process.execPath
    run(source, node, ['scripts/bootstrap.mjs'])
    const building = { NODE_ENV: 'production', NEXT_OUTPUT: 'standalone', NEXT_TELEMETRY_DISABLED: '1' }
    run(source, node, ['node_modules/next/dist/bin/next', 'build'], building)
    run(source, node, ['scripts/assemble.ts', folder])
    for (const name of BESIDE) cpSync(join(source, name), join(folder, name), { recursive: true })
    finish(
      folder,
      { version, commit, platform: `${process.platform}-${process.arch}`, stops: stopsOf(source) },
      source,
    )
    return pack(to, folder, seconds)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Adds the files that make an assembled folder a runnable release. */
export function finish(folder: string, release: Release, source: string): void {
  writeFileSync(join(folder, RELEASE_FILE), `${JSON.stringify(release, null, 2)}\n`)
  writeFileSync(join(folder, 'an-tam'), LAUNCHER)
  chmodSync(join(folder, 'an-tam'), 0o755)
  const bin = join(folder, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  rmSync(join(bin, 'node'), { force: true })
  copyFileSync(process.execPath, join(bin, 'node'))
  // The marks by which the bootstrap sees that there is nothing to install or generate.
  copyFileSync(join(source, 'package-lock.json'), join(folder, 'node_modules/.antam-lock'))
  const generated = join(source, 'generated/prisma.sha256')
  if (existsSync(generated)) copyFileSync(generated, join(folder, 'generated/prisma.sha256'))
}

/** Packs a folder reproducibly: sorted, owned by root, with one time. Returns the archive's name. */
export function pack(to: string, folder: string, seconds: number): string {
  const release = JSON.parse(readFileSync(join(folder, RELEASE_FILE), 'utf8')) as Release
  const file = archiveOf(release)
  execFileSync('tar', [
    ...[
      '--create',
      '--gzip',
      '--sort=name',
      `--mtime=@${seconds}`,
      '--owner=0',
      '--group=0',
      '--numeric-owner',
    ],
    ...['--file', join(resolve(to), file), '--directory', join(folder, '..'), nameOf(release.version)],
  ])
  return file
}
