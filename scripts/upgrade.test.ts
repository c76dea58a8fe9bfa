import { execFileSync, spawn } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { full } from '#tests/runs.ts'
import { smallDisk } from '../e2e/faults/site/small-disk.ts'
import { pack, stopsOf } from './release/built.ts'
import { run } from './run.ts'
import { nameOf, RELEASE_FILE, type Release } from './upgrade/rules.ts'

const work = mkdtempSync(join(tmpdir(), 'an-tam-upgrade-'))
afterAll(() => rmSync(work, { recursive: true }))

const platform = `${process.platform}-${process.arch}`
const keys = generateKeyPairSync('ed25519')
const others = generateKeyPairSync('ed25519')
const pem = (name: string, pair: typeof keys): string => {
  const file = join(work, name)
  writeFileSync(file, pair.publicKey.export({ type: 'spki', format: 'pem' }))
  return file
}
const [key, otherKey] = [pem('release.pub', keys), pem('other.pub', others)]

/** Makes a folder that looks like a built release; its `db:migrate` records that it ran, and exits with `migrated`. */
function makeFolder(root: string, release: Omit<Release, 'platform'>, migrated = 0): string {
  const folder = join(root, nameOf(release.version))
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  mkdirSync(join(folder, 'scripts'))
  writeFileSync(join(folder, RELEASE_FILE), JSON.stringify({ ...release, platform }))
  writeFileSync(
    join(folder, 'scripts/command.mjs'),
    `import { writeFileSync } from 'node:fs'\nwriteFileSync('ran', process.argv[2])\nprocess.exitCode = ${migrated}\n`,
  )
  const node = join(folder, 'node_modules/.bin/node')
  writeFileSync(node, `#!/bin/sh\nexec ${process.execPath} "$@"\n`)
  chmodSync(node, 0o755)
  return folder
}

let root = ''
let count = 0
beforeEach(() => {
  root = join(work, `opt-${count++}`)
  mkdirSync(root)
  makeFolder(root, { version: '1.0.0', commit: 'a', stops: [] })
  symlinkSync('an-tam-1.0.0', join(root, 'an-tam'))
})

function give(release: Omit<Release, 'platform'>, { by = keys, migrated = 0 } = {}): string {
  const to = mkdtempSync(join(work, 'given-'))
  const file = pack(to, makeFolder(to, release, migrated), 1_764_547_200)
  return signed(join(to, file), by)
}

function signed(archive: string, by = keys): string {
  const sum = createHash('sha256').update(readFileSync(archive)).digest('hex')
  const sums = Buffer.from(`${sum}  ${basename(archive)}\n`)
  writeFileSync(join(archive, '../SHA256SUMS'), sums)
  writeFileSync(join(archive, '../SHA256SUMS.sig'), sign(null, sums, by.privateKey))
  return archive
}
const next = { version: '1.1.0', commit: 'b', stops: [] }

const upgrade = (...args: string[]) =>
  run(
    process.execPath,
    ['scripts/upgrade.ts', ...args, '--to', root, ...(args[0] === 'back' ? [] : ['--key', key])],
    // migrate.env has URLs and no key.
    { ANTAM_KEY: '', ANTAM_HASH_KEY: '', NEXTAUTH_SECRET: '' },
  )
const points = () => readlinkSync(join(root, 'an-tam'))
const untouched = () => {
  expect(points()).toBe('an-tam-1.0.0')
  expect(readdirSync(root).toSorted()).toEqual(['an-tam', 'an-tam-1.0.0'])
}

test('a signed release is put beside the running one, migrates, and is what the link points at; back by one command', async () => {
  const done = await upgrade(give(next))
  expect([done.code, done.output]).toEqual([0, expect.stringContaining('an-tam is 1.1.0 now')])
  expect(points()).toBe('an-tam-1.1.0')
  expect(readFileSync(join(root, 'an-tam-1.1.0/ran'), 'utf8')).toBe('db:migrate')
  expect(existsSync(join(root, 'an-tam-1.0.0'))).toBe(true)
  const back = await upgrade('back')
  expect([back.code, back.output]).toEqual([0, expect.stringContaining('is 1.0.0 again')])
  expect(points()).toBe('an-tam-1.0.0')
})

test('a changed byte, another key, checksums that were changed or are not there: nothing is touched', async () => {
  const changed = give(next)
  const bytes = readFileSync(changed)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(changed, bytes)
  const strange = give(next, { by: others })
  const rewritten = give(next)
  writeFileSync(join(rewritten, '../SHA256SUMS'), `${'0'.repeat(64)}  ${rewritten.split('/').at(-1)}\n`)
  const unsigned = give(next)
  rmSync(join(unsigned, '../SHA256SUMS.sig'))
  const said = await Promise.all([changed, strange, rewritten, unsigned].map((archive) => upgrade(archive)))
  expect(said.map(({ code }) => code)).toEqual([1, 1, 1, 1])
  expect(said.map(({ output }) => output.trim())).toEqual([
    expect.stringContaining('is not what was signed'),
    expect.stringContaining('was not signed by this key'),
    expect.stringContaining('was not signed by this key'),
    expect.stringContaining('SHA256SUMS.sig is not there'),
  ])
  untouched()
  const other = await run(process.execPath, [
    'scripts/upgrade.ts',
    give(next),
    '--to',
    root,
    '--key',
    otherKey,
  ])
  expect(other.code).toBe(1)
  untouched()
})

test('an older release, another of the same name, and one past a stop are refused', async () => {
  const said = await Promise.all([
    upgrade(give({ version: '0.9.0', commit: 'c', stops: [] })),
    upgrade(give({ version: '1.0.0', commit: 'c', stops: [] })),
    upgrade(give({ version: '1.3.0', commit: 'c', stops: ['1.2.0'] })),
  ])
  expect(said.map(({ code }) => code)).toEqual([1, 1, 1])
  expect(said[0]?.output).toContain('older than 1.0.0')
  expect(said[1]?.output).toContain('two releases call themselves 1.0.0')
  expect(said[2]?.output).toContain('1.2.0 may not be skipped')
  untouched()
})

test('a migration that fails leaves what runs in its place, and the next try goes on', async () => {
  const broken = await upgrade(give(next, { migrated: 1 }))
  expect([broken.code, broken.output]).toEqual([1, expect.stringContaining('what runs goes on')])
  expect(points()).toBe('an-tam-1.0.0')
  writeFileSync(join(root, 'an-tam-1.1.0/scripts/command.mjs'), '')
  expect((await upgrade(give(next))).code).toBe(0)
  expect(points()).toBe('an-tam-1.1.0')
})

test('what a killed upgrade left half is made again', async () => {
  mkdirSync(join(root, '.an-tam-1.1.0.part'))
  writeFileSync(join(root, '.an-tam-1.1.0.part/half'), '')
  symlinkSync('nothing', join(root, 'an-tam.next'))
  expect((await upgrade(give(next))).code).toBe(0)
  expect(existsSync(join(root, 'an-tam-1.1.0/half'))).toBe(false)
  expect(readdirSync(root).toSorted()).toEqual(['an-tam', 'an-tam-1.0.0', 'an-tam-1.1.0', 'an-tam.previous'])
})

test.runIf(full)('killed at any moment it leaves a whole release, and the next try goes on', async () => {
  const archive = give(next)
  let kills = 0
  for (let after = 50, code: unknown = null; code !== 0; after += 50, kills++) {
    const child = spawn(process.execPath, ['scripts/upgrade.ts', archive, '--to', root, '--key', key])
    const timer = setTimeout(() => child.kill('SIGKILL'), after)
    ;[code] = await once(child, 'exit')
    clearTimeout(timer)
    expect(['an-tam-1.0.0', 'an-tam-1.1.0']).toContain(points())
    expect(JSON.parse(readFileSync(join(root, points(), RELEASE_FILE), 'utf8')).platform).toBe(platform)
  }
  expect(kills).toBeGreaterThan(3)
  expect(points()).toBe('an-tam-1.1.0')
})

test('a disk without room: nothing is written, and once there is room it goes on', async ({ skip }) => {
  root = join(work, 'small')
  const disk = smallDisk(root, 1)
  if (disk === null) return skip('only root mounts a small disk')
  try {
    makeFolder(root, { version: '1.0.0', commit: 'a', stops: [] })
    symlinkSync('an-tam-1.0.0', join(root, 'an-tam'))
    const archive = give(next)
    disk.fill()
    const said = await upgrade(archive)
    expect([said.code, said.output]).toEqual([1, expect.stringContaining('has too little room')])
    disk.empty()
    untouched()
    expect((await upgrade(archive)).code).toBe(0)
    expect(points()).toBe('an-tam-1.1.0')
  } finally {
    disk.unmount()
  }
})

test('there is no way back once the database has lost what the release before uses', async () => {
  expect((await upgrade(give(next))).code).toBe(0)
  await superuser.query(
    `UPDATE _prisma_migrations SET logs = 'contract: since 1.1.0'
     WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
  )
  try {
    const back = await upgrade('back')
    expect([back.code, back.output]).toEqual([1, expect.stringContaining('contracted for version 1.1.0')])
    expect(points()).toBe('an-tam-1.1.0')
  } finally {
    await superuser.query(`UPDATE _prisma_migrations SET logs = NULL WHERE logs LIKE 'contract%'`)
  }
})

test('an archive that holds files outside of its folder is refused, though it is signed', async () => {
  const to = mkdtempSync(join(work, 'given-'))
  makeFolder(to, next)
  writeFileSync(join(to, 'outside'), '')
  const file = `an-tam-1.1.0-${platform}.tar.gz`
  execFileSync('tar', ['-czf', file, 'an-tam-1.1.0', 'outside'], { cwd: to })
  const said = await upgrade(signed(join(to, file)))
  expect([said.code, said.output]).toEqual([1, expect.stringContaining('outside of its folder')])
  untouched()
})

test('usage, an archive that is not there, and a folder that has no release', async () => {
  const [none, gone, empty] = await Promise.all([
    run(process.execPath, ['scripts/upgrade.ts']),
    upgrade(join(work, 'none.tar.gz')),
    run(process.execPath, ['scripts/upgrade.ts', give(next), '--to', work, '--key', key]),
  ])
  expect([none.code, gone.code, empty.code]).toEqual([2, 1, 1])
  expect(empty.output).toContain('is no link to a release')
})

test('the stops are the versions that a migration names', () => {
  const source = mkdtempSync(join(work, 'source-'))
  for (const [name, sql] of [
    ['1_a', '-- contract: since 1.10.0\nSELECT 1;'],
    ['2_b', 'SELECT 1;'],
    ['3_c', '-- contract: since 1.2.0\nSELECT 1;'],
  ] as const) {
    mkdirSync(join(source, 'prisma/migrations', name), { recursive: true })
    writeFileSync(join(source, 'prisma/migrations', name, 'migration.sql'), sql)
  }
  expect(stopsOf(source)).toEqual(['1.2.0', '1.10.0'])
})
