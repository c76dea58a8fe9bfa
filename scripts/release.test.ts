import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = mkdtempSync(join(tmpdir(), 'an-tam-releases-'))
afterAll(() => rmSync(root, { recursive: true }))

const { version, dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
/** Makes releases in a copy of the repository with only its history, because a release writes prisma/last-release.json. */
const make = async (name: string): Promise<string> => {
  await run(process.execPath, [resolve('scripts/release.ts'), join(root, name)], { cwd: copy })
  return join(root, name)
}
const names = async (file: string): Promise<string[]> =>
  (await run('tar', ['--list', '--gzip', '--file', file])).stdout.trim().split('\n')

// A release's own sources have no git history.
const inRepository = existsSync('.git')
const copy = join(root, 'copy')
let folder = ''
beforeAll(async () => {
  if (!inRepository) return
  await run('git', ['clone', '--quiet', '--shared', '--no-checkout', '.', copy])
  mkdirSync(join(copy, 'prisma'))
  folder = await make('first')
}, 60_000)

test.runIf(inRepository)('two releases of a commit are the same to the byte', async () => {
  const again = await make('again')
  expect(readdirSync(again)).toEqual([
    'SHA256SUMS',
    `an-tam-${version}-chart.tgz`,
    `an-tam-${version}-image.tar.gz`,
    `an-tam-${version}.cdx.json`,
    `an-tam-${version}.intoto.json`,
    `an-tam-${version}.tar.gz`,
  ])
  expect(readFileSync(join(again, 'SHA256SUMS'), 'utf8')).toBe(
    readFileSync(join(folder, 'SHA256SUMS'), 'utf8'),
  )
  await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: again })
})

test.runIf(inRepository)(
  'with a key its checksums are signed, and the statement names what it was made of',
  async () => {
    const key = join(root, 'release.pem')
    await run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key])
    await run('openssl', ['pkey', '-in', key, '-pubout', '-out', `${key}.pub`])
    const to = join(root, 'signed')
    await run(process.execPath, [resolve('scripts/release.ts'), to, '--key', key], { cwd: copy })
    // Checks it as an operator without the product does.
    const files = ['-in', join(to, 'SHA256SUMS'), '-sigfile', join(to, 'SHA256SUMS.sig')]
    await run('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', `${key}.pub`, '-rawin', ...files])
    await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: to })
    const { subject, predicate } = JSON.parse(readFileSync(join(to, `an-tam-${version}.intoto.json`), 'utf8'))
    const commit = (await run('git', ['rev-parse', 'HEAD'], { cwd: copy })).stdout.trim()
    expect(predicate.buildDefinition.resolvedDependencies).toContainEqual({
      uri: 'git',
      digest: { gitCommit: commit },
    })
    const sums = readFileSync(join(to, 'SHA256SUMS'), 'utf8')
    expect(subject.length).toBe(4)
    for (const { name, digest } of subject) expect(sums).toContain(`${digest.sha256}  ${name}`)
  },
)

test.runIf(inRepository)('the chart has the alert rules, as a file', async () => {
  const chart = join(folder, `an-tam-${version}-chart.tgz`)
  const { stdout } = await run('tar', ['--list', '--verbose', '--gzip', '--file', chart])
  expect(stdout).toMatch(/^-\S+ .* an-tam\/alerts\.yaml$/m)
  expect(stdout.match(/alerts\.yaml/g)).toHaveLength(1)
  const rules = await run('tar', [
    '--extract',
    '--to-stdout',
    '--gzip',
    '--file',
    chart,
    'an-tam/alerts.yaml',
  ])
  expect(rules.stdout).toBe((await run('git', ['show', 'HEAD:deploy/prometheus/alerts.yaml'])).stdout)
})

test.runIf(inRepository)('it is named as the release that later migrations leave working', async () => {
  const git = async (...args: string[]) => (await run('git', args)).stdout.trim()
  expect(JSON.parse(readFileSync(join(copy, 'prisma/last-release.json'), 'utf8'))).toEqual({
    version: JSON.parse(await git('show', 'HEAD:package.json')).version,
    commit: await git('rev-parse', 'HEAD'),
    migration: (await git('ls-tree', '-d', '--name-only', 'HEAD:prisma/migrations')).split('\n').at(-1),
  })
})

test.runIf(inRepository)(
  'the image’s context has what its build reads, and nothing of developers',
  async () => {
    const files = await names(join(folder, `an-tam-${version}-image.tar.gz`))
    for (const file of [
      'Dockerfile',
      '.dockerignore',
      'REVISION',
      'package-lock.json',
      'scripts/assemble.ts',
    ])
      expect(files).toContain(file)
    expect(files.filter((file) => /\.test\.tsx?$|^(docs|e2e|tests|bench)\//.test(file))).toEqual([])
  },
)

test.runIf(inRepository)(
  'the list of what is in it has every package of production, Node, and no other',
  () => {
    const bom = JSON.parse(readFileSync(join(folder, `an-tam-${version}.cdx.json`), 'utf8'))
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'an-tam', version } },
    })
    const listed: string[] = bom.components.map((one: { purl: string }) => one.purl)
    const asPurl = ([name, wanted]: readonly [string, unknown]) =>
      `pkg:npm/${name.replace('@', '%40')}@${wanted}`
    expect(listed).toEqual(expect.arrayContaining(Object.entries(dependencies).map(asPurl)))
    const dev = ['vitest', 'knip', '@biomejs/biome'].map((name) => asPurl([name, devDependencies[name]]))
    expect(listed.filter((one) => dev.includes(one))).toEqual([])
    expect(listed).toContain(`pkg:generic/node@${readFileSync('.node-version', 'utf8').trim()}`)
  },
)
