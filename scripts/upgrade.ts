/**
 * `npm run upgrade -- TARBALL [--key FILE] [--no-migrate]`: unpacks a built release beside the running one, migrates the
 * database, and points the link `an-tam` at the new release; running processes do not change until they are restarted.
 * `npm run upgrade -- back` points the link at the previous release, if the database allows it. TARBALL lies beside
 * SHA256SUMS and SHA256SUMS.sig; FILE holds the key that signed them (/etc/an-tam/release.pub). Killed at any step it
 * leaves the running release in place, and continues when it is run again. Exit code 1: refused, or not done; 2: usage.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { endWithUsage, readArguments } from './arguments.ts'
import { measureFile } from './backup/manifest.ts'
import { archiveOf, nameOf, RELEASE_FILE, type Release, readSums, refuseStep } from './upgrade/rules.ts'

const USAGE = 'usage: npm run upgrade -- TARBALL [--key FILE] [--to DIR] [--no-migrate], or: back [--to DIR]'
const KEY = '/etc/an-tam/release.pub'
/** The free space needed, as a multiple of the archive's size: unpacked it takes some five times as much, plus a reserve. */
const ROOM = 6

class Refused extends Error {}
const refuse = (words: string): never => {
  throw new Refused(words)
}
const say = (words: string) => console.log(words)

/** Checks that the key signed the checksums, and that they match the archive. */
async function checkSigned(archive: string, keyFile: string): Promise<void> {
  const place = dirname(archive)
  const need = (file: string): Buffer =>
    existsSync(file) ? readFileSync(file) : refuse(`${file} is not there: it comes with the release`)
  if (!existsSync(keyFile))
    refuse(`${keyFile} is not there: the key that signs releases; get it from who makes them, by another way`)
  const key = createPublicKey(readFileSync(keyFile))
  if (key.asymmetricKeyType !== 'ed25519') refuse(`${keyFile} holds no Ed25519 key`)
  const sums = need(join(place, 'SHA256SUMS'))
  if (!verify(null, sums, key, need(join(place, 'SHA256SUMS.sig'))))
    refuse('SHA256SUMS was not signed by this key, or was changed since')
  const sum = readSums(sums.toString()).get(basename(archive))
  if (sum === undefined) refuse(`SHA256SUMS does not name ${basename(archive)}`)
  if (sum !== (await measureFile(archive)).sha256)
    refuse(`${basename(archive)} is not what was signed: get it again`)
  say(`${basename(archive)} is what was signed.`)
}

const readRelease = (folder: string): Release | null => {
  const file = join(folder, RELEASE_FILE)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Release) : null
}

/** Reads the release's description from an archive before anything is unpacked. */
function releaseIn(archive: string): Release {
  const names = execFileSync('tar', ['--list', '--gzip', '--file', archive], { maxBuffer: 1 << 28 })
    .toString()
    .split('\n')
    .filter((name) => name !== '')
  const top = names[0]?.split('/', 1)[0] ?? ''
  if (names.some((name) => name.split('/', 1)[0] !== top || name.split('/').includes('..')))
    refuse('the archive holds files outside of its folder')
  const text = execFileSync('tar', [
    '--extract',
    '--gzip',
    '--to-stdout',
    '--file',
    archive,
    `${top}/${RELEASE_FILE}`,
  ])
  const release = JSON.parse(text.toString()) as Release
  if (top !== nameOf(release.version) || basename(archive) !== archiveOf(release))
    refuse(`the archive calls itself ${release.version}, and its name says something else`)
  return release
}

/** Points the link at a folder beside it atomically, and remembers the previous release. */
function point(root: string, folder: string): void {
  const link = join(root, 'an-tam')
  const swap = (name: string, target: string) => {
    rmSync(`${name}.next`, { force: true })
    symlinkSync(target, `${name}.next`)
    renameSync(`${name}.next`, name)
  }
  const before = readlinkSync(link)
  if (before !== folder) swap(`${link}.previous`, before)
  swap(link, folder)
}

/** Returns the release that the link points at, from its own description. */
function running(root: string): { readonly folder: string; readonly release: Release } {
  const link = join(root, 'an-tam')
  try {
    const folder = readlinkSync(link)
    const release = readRelease(resolve(root, folder))
    return release
      ? { folder, release }
      : refuse(`${resolve(root, folder)} is no built release: it has no ${RELEASE_FILE}`)
  } catch (error) {
    if (error instanceof Refused) throw error
    return refuse(`${link} is no link to a release: docs/operations/upgrade.md`)
  }
}

function unpack(archive: string, root: string, release: Release): string {
  const folder = nameOf(release.version)
  const place = join(root, folder)
  const there = readRelease(place)
  if (there?.commit === release.commit) {
    say(`${place} is there already.`)
    return folder
  }
  if (existsSync(place)) refuse(`${place} is there, and is something else: move it away`)
  const { bavail, bsize } = statfsSync(root)
  const room = statSync(archive).size * ROOM
  if (bavail * bsize < room) refuse(`${root} has too little room: ${Math.ceil(room / 1e6)} MB are needed`)
  const part = join(root, `.${folder}.part`)
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part)
  try {
    execFileSync('tar', [
      '--extract',
      '--gzip',
      '--strip-components=1',
      '--no-same-owner',
      '--file',
      archive,
      '--directory',
      part,
    ])
    renameSync(part, place)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
  say(`Unpacked to ${place}.`)
  return folder
}

function runOf(folder: string, command: string): void {
  const { status } = spawnSync(join(folder, 'node_modules/.bin/node'), ['scripts/command.mjs', command], {
    ...{ cwd: folder, stdio: 'inherit' },
  })
  if (status !== 0)
    refuse(
      `${command} of the new release ended with ${status}: what runs goes on; mend it, and run this again`,
    )
}

const RESTART =
  'Now start each process again, one after the other; each is ready before the next is stopped (docs/operations/upgrade.md).'

async function upgrade(archive: string, root: string, keyFile: string, migrate: boolean): Promise<void> {
  if (!existsSync(archive)) refuse(`${archive} is not there`)
  const { release: from } = running(root)
  await checkSigned(archive, keyFile)
  const to = releaseIn(archive)
  const refused = refuseStep(from, to, `${process.platform}-${process.arch}`)
  if (refused !== null) refuse(refused)
  const folder = unpack(archive, root, to)
  if (migrate) runOf(join(root, folder), 'db:migrate')
  point(root, folder)
  say(`${join(root, 'an-tam')} is ${to.version} now. ${RESTART}\nBack: npm run upgrade -- back`)
}

/** Returns to the previous release, unless the database lacks something that it uses. */
async function back(root: string): Promise<void> {
  const { release: from } = running(root)
  const remembered = join(root, 'an-tam.previous')
  const folder = existsSync(remembered)
    ? readlinkSync(remembered)
    : refuse('no release before this one is remembered')
  const to = readRelease(resolve(root, folder)) ?? refuse(`${resolve(root, folder)} is gone`)
  if (to.version === from.version) refuse(`${to.version} is what the link points at`)
  // Loaded here, because going forward needs no database. Like db:migrate it needs a URL and no key.
  const { checkSchemaFor } = await import('#features/installation/data.ts')
  const { ownerUrl } = await import('./embedded.ts')
  const { PrismaClient } = await import('#generated/prisma/client.ts')
  const { PrismaPg } = await import('@prisma/adapter-pg')
  const { databaseConfig } = await import('#platform/writable-server.ts')
  const url = ownerUrl() ?? refuse('DATABASE_OWNER_URL is not set, and nothing runs over DATA_DIR')
  const database = new PrismaClient({ adapter: new PrismaPg(databaseConfig(url)) })
  try {
    const faults = await checkSchemaFor(to.version, database)
    if (faults.length > 0) refuse(`${faults.join('\n')}\nThe only way back is a restore.`)
  } finally {
    await database.$disconnect()
  }
  point(root, folder)
  say(`${join(root, 'an-tam')} is ${to.version} again. Do not migrate. ${RESTART}`)
}

const text = { type: 'string' } as const
const { values, positionals } = readArguments(USAGE, {
  options: { key: text, to: text, 'no-migrate': { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [what] = positionals
if (what === undefined || positionals.length > 1) endWithUsage(USAGE)
try {
  const root = resolve(values.to ?? dirname(dirname(import.meta.dirname)))
  if (what === 'back') await back(root)
  else await upgrade(resolve(what), root, values.key ?? KEY, !values['no-migrate'])
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
