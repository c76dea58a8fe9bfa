/**
 * `npm run release [-- TO] [--built] [--key FILE]`: makes the published files of a version from nothing but the
 * checked-out commit: the sources, the build context of the image, the Helm chart, the list of its packages (CycloneDX),
 * its provenance (in-toto, SLSA), and their checksums. Two runs give the same bytes; variable times are the commit's.
 * With `--built` also everything that a server needs to run it, built: no registry and no build there
 * (`npm run upgrade`); the output of `next build` is not reproducible. With `--key`, an Ed25519 key as PEM, the checksums
 * are signed. Then prisma/last-release.json names this release, for the migrations that follow (ADR 86): commit it.
 */
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readArguments } from './arguments.ts'
import { giveUp } from './process.ts'
import { packBuilt } from './release/built.ts'

const MOST = 512 * 1024 * 1024
const run = (command: string, args: readonly string[], cwd = '.'): Buffer =>
  execFileSync(command, args, { cwd, maxBuffer: MOST, stdio: ['ignore', 'pipe', 'inherit'] })
// platform/release.ts reads it.
const REVISION_FILE = 'REVISION'
const LAST_RELEASE = 'prisma/last-release.json'
const git = (...args: string[]): Buffer => run('git', args)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The files of the commit in an archive, and their folder. */
interface Content {
  /** A commit, or a folder of it: `HEAD:deploy`. */
  readonly tree: string
  readonly prefix?: string
  readonly paths?: readonly string[]
  /** A file that is not in the tree, by its name under `prefix`. */
  readonly also?: { readonly name: string; readonly text: string }
}

/** Returns an archive of files with the commit's time and root as owner. */
function archive({ tree, prefix = '', paths = [], also }: Content, seconds: number): Buffer {
  const options = ['--format=tar', `--mtime=@${seconds}`, `--prefix=${prefix}`]
  if (also) options.push(`--add-virtual-file=${prefix}${also.name}:${also.text}`)
  return gzipSync(git('-c', 'tar.umask=0022', 'archive', ...options, tree, '--', ...paths), { level: 9 })
}

const ofCommit = (file: string): string => git('show', `HEAD:${file}`).toString()

/** Returns the paths that the image's build may see, by .dockerignore. */
const imagePaths = (): string[] => {
  const lines = ofCommit('.dockerignore').split('\n')
  const kept = lines.flatMap((line) =>
    line.startsWith('!') && line !== `!${REVISION_FILE}` ? [line.slice(1)] : [],
  )
  const left = lines.filter((line) => line.startsWith('**/')).map((line) => `:(exclude,glob)${line}`)
  return ['Dockerfile', '.dockerignore', ...kept, ...left]
}

interface Component {
  readonly 'bom-ref': string
  readonly properties: readonly { readonly name: string }[]
}
interface Bom {
  readonly metadata: object
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/**
 * Returns whether only developers need a package, by npm's own mark. `--omit=dev` would also leave out packages that both
 * need: react, zod (npm 11).
 */
const isOfDevelopers = ({ properties }: Component): boolean =>
  properties.some(({ name }) => name === 'cdx:npm:package:development')

const byCode = (a: string, b: string): number => (a < b ? -1 : 1)

/** Returns a UUID derived from a text (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const hex = sha256(Buffer.from(text))
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`]
  return [...parts, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-')
}

/**
 * Returns the packages of production by npm's own listing, with Node itself, and without values that differ by time or
 * place.
 */
function bom(version: string, commit: string, time: Date): Buffer {
  // From the commit's own lock file, in a folder named after the product, which npm uses as the name of the whole.
  const folder = mkdtempSync(join(tmpdir(), 'an-tam-release-'))
  const place = join(folder, 'an-tam')
  try {
    mkdirSync(place)
    for (const file of ['package.json', 'package-lock.json']) writeFileSync(join(place, file), ofCommit(file))
    const listing = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application']
    const made: Bom = JSON.parse(run('npm', [...listing, '--package-lock-only'], place).toString())
    const node = ofCommit('.node-version').trim()
    const left = new Set(made.components.filter(isOfDevelopers).map((one) => one['bom-ref']))
    const platform = { 'bom-ref': `node@${node}`, type: 'platform', name: 'node', version: node }
    const whole = {
      ...made,
      serialNumber: `urn:uuid:${uuidOf(`${version} ${commit}`)}`,
      metadata: { ...made.metadata, timestamp: time.toISOString() },
      components: [
        ...made.components
          .filter((one) => !left.has(one['bom-ref']))
          .toSorted((a, b) => byCode(a['bom-ref'], b['bom-ref'])),
        { ...platform, purl: `pkg:generic/node@${node}` },
      ],
      dependencies: made.dependencies
        .filter(({ ref }) => !left.has(ref))
        .map(({ ref, dependsOn }) => ({
          ref,
          dependsOn: dependsOn.filter((one) => !left.has(one)).toSorted(byCode),
        }))
        .toSorted((a, b) => byCode(a.ref, b.ref)),
    }
    return Buffer.from(`${JSON.stringify(whole, null, 1)}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const hashOf = (file: string): string => sha256(readFileSync(file))

/** Returns the sources and the builder of the release, as SLSA's statement of provenance (in-toto, version 1). */
function provenance(
  {
    version,
    commit,
    seconds,
  }: { readonly version: string; readonly commit: string; readonly seconds: number },
  sums: ReadonlyMap<string, string>,
): Buffer {
  const lock = sha256(git('show', 'HEAD:package-lock.json'))
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...sums].map(([name, sum]) => ({ name, digest: { sha256: sum } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:an-tam:npm-run-release:v1',
        externalParameters: { version },
        internalParameters: { node: process.version, platform: `${process.platform}-${process.arch}` },
        resolvedDependencies: [
          { uri: 'git', digest: { gitCommit: commit } },
          { name: 'package-lock.json', digest: { sha256: lock } },
        ],
      },
      runDetails: {
        builder: { id: 'urn:an-tam:npm-run-release' },
        metadata: { invocationId: commit, startedOn: new Date(seconds * 1000).toISOString() },
      },
    },
  }
  return Buffer.from(`${JSON.stringify(statement, null, 1)}\n`)
}

/** Writes a release into `to`. Returns the checksums of its files by name. */
function release(
  to: string,
  { built, key }: { built: boolean; key: string | undefined },
): ReadonlyMap<string, string> {
  const { version } = JSON.parse(ofCommit('package.json')) as { version: string }
  const commit = git('rev-parse', 'HEAD').toString().trim()
  const seconds = Number(process.env.SOURCE_DATE_EPOCH || git('log', '-1', '--format=%ct').toString())
  const name = `an-tam-${version}`
  // The archive has no git history.
  const names = { name: REVISION_FILE, text: `${commit}\n` }
  // A link in the sources, which would be broken in the archive.
  const rules = { name: 'an-tam/alerts.yaml', text: ofCommit('deploy/prometheus/alerts.yaml') }
  const files: Readonly<Record<string, Buffer>> = {
    [`${name}.tar.gz`]: archive({ tree: 'HEAD', prefix: `${name}/`, also: names }, seconds),
    [`${name}-image.tar.gz`]: archive({ tree: 'HEAD', paths: imagePaths(), also: names }, seconds),
    [`${name}-chart.tgz`]: archive(
      { tree: 'HEAD:deploy/helm', paths: ['an-tam', ':(exclude)an-tam/alerts.yaml'], also: rules },
      seconds,
    ),
    [`${name}.cdx.json`]: bom(version, commit, new Date(seconds * 1000)),
  }
  mkdirSync(to, { recursive: true })
  const sums = new Map<string, string>()
  const keep = (file: string, bytes: Buffer) => {
    writeFileSync(join(to, file), bytes)
    sums.set(file, sha256(bytes))
  }
  for (const [file, bytes] of Object.entries(files)) keep(file, bytes)
  if (built) {
    const file = packBuilt(to, { version, commit, seconds })
    sums.set(file, hashOf(join(to, file)))
  }
  keep(`${name}.intoto.json`, provenance({ version, commit, seconds }, sums))
  const text = Buffer.from([...sums].map(([file, sum]) => `${sum}  ${file}\n`).join(''))
  writeFileSync(join(to, 'SHA256SUMS'), text)
  if (key !== undefined) {
    const signing = createPrivateKey(readFileSync(key))
    if (signing.asymmetricKeyType !== 'ed25519') throw new Error(`${key} holds no Ed25519 key`)
    writeFileSync(join(to, 'SHA256SUMS.sig'), sign(null, text, signing))
  }
  return sums
}

/** Names the commit as the release that later migrations must keep working. */
function nameLastRelease(): void {
  const { version } = JSON.parse(ofCommit('package.json')) as { version: string }
  const commit = git('rev-parse', 'HEAD').toString().trim()
  const migrations = git('ls-tree', '-d', '--name-only', 'HEAD:prisma/migrations')
    .toString()
    .trim()
    .split('\n')
  const last = { version, commit, migration: migrations.at(-1) }
  writeFileSync(LAST_RELEASE, `${JSON.stringify(last, null, 2)}\n`)
}

try {
  const { values, positionals } = readArguments('usage: npm run release [-- DIR] [--built] [--key FILE]', {
    options: { built: { type: 'boolean', default: false }, key: { type: 'string' } },
    allowPositionals: true,
  })
  const [to = 'dist'] = positionals
  if (git('status', '--porcelain').length > 0)
    console.error('Note: what is not committed is not in the release.')
  for (const file of release(resolve(to), { built: values.built, key: values.key }).keys())
    console.log(`${join(to, file)} (${Math.ceil(statSync(join(to, file)).size / 1000)} kB)`)
  nameLastRelease()
  console.log(`${LAST_RELEASE} names this release: commit it.`)
} catch (error) {
  giveUp(error)
}
