import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import Ajv from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Pathname, routing } from '#messages/routing.ts'
import { SECRETS, VARIABLES } from '#platform/env-schema.ts'
import { SOURCES as ASSEMBLED, NO_FILE, NO_SOURCE } from '../scripts/assemble.ts'
import { SOURCES } from '../scripts/build.ts'

const run = promisify(execFile)
const read = (path: string): string => readFileSync(path, 'utf8')
const { version } = JSON.parse(read('package.json'))

/** Expects only names that the product reads, and `_FILE` only where it accepts a file. */
function expectVariables(names: readonly string[]): void {
  for (const name of names) {
    const secret = name.replace(/_FILE$/, '')
    if (secret === name) expect(VARIABLES, name).toContain(name)
    else expect(SECRETS, name).toContain(secret)
  }
}

/** The longest time that a process may take to end, in seconds: DRAIN_DELAY, DRAIN_SECONDS and two. */
const LONGEST_END = 5 + 120 + 2

describe('the image', () => {
  const lines = read('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const of = (instruction: string) =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1))
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))

  test('has the Node of the lock file, and the version of the package', () => {
    expect(of('ARG')[0]).toContain(`/node:${read('.node-version').trim()}-`)
    expect(of('ARG')).toContain(`VERSION=${version}`)
    for (const image of of('ARG').slice(0, 2)) expect(image).not.toMatch(/:latest$|^[^:]+$/)
  })

  test('runs as nobody in particular, what it cannot change, and says whether it lives', () => {
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER 10001:10001'])
    expect(last.filter((line) => /^COPY .*--chown/.test(line))).toEqual([])
    expect(last.filter((line) => /^(ADD|COPY \.)/.test(line))).toEqual([])
    for (const instruction of ['ENTRYPOINT', 'CMD']) expect(of(instruction)[0]).toMatch(/^\[".*"\]$/)
    expect(of('HEALTHCHECK')).toHaveLength(1)
    const set = last.filter((line) => line.startsWith('ENV ')).join(' ')
    const names = [...set.matchAll(/\b([A-Z_]+)=/g)].map(([, name = '']) => name)
    expectVariables(names.filter((name) => name !== 'NODE_ENV'))
  })

  test('is built from all that the site is built from, and from nothing else', () => {
    const kept = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    for (const source of SOURCES)
      expect(
        kept.some((one) => source === one || source.startsWith(`${one}/`)),
        source,
      ).toBe(true)
    // Only the build context of a release has the file with its commit.
    for (const one of kept.filter((name) => name !== 'REVISION')) expect(existsSync(one), one).toBe(true)
    expect(read('.dockerignore').split('\n')).toContain('*')
  })

  test('holds every source that its commands, and what they begin, import', () => {
    const begun = readdirSync('features').flatMap((name) =>
      ['drawing.ts', 'reading.ts']
        .map((file) => `features/${name}/${file}`)
        .filter((file) => existsSync(file)),
    )
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const run = [
      'web',
      'worker',
      'carriers',
      'setup',
      'db:migrate',
      'backup',
      'restore',
      'admin:invite',
      'audit:verify',
    ]
    const commands = run.flatMap(
      (name) => /(?:scripts|tools)\/[\w-]+\.ts/.exec(scripts[name] ?? '')?.[0] ?? [],
    )
    const seen = new Set<string>()
    const visit = (file: string, by: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      expect(existsSync(file), `${file}, of ${by}`).toBe(true)
      expect(
        ASSEMBLED.some((one) => file === one || file.startsWith(`${one}/`)),
        `${file}, of ${by}`,
      ).toBe(true)
      expect(NO_SOURCE.test(file), `${file}, of ${by}`).toBe(false)
      // Type-only imports are removed before a file runs.
      const text = read(file).replace(/import type [\s\S]*? from '[^']*'/g, '')
      for (const [, to = ''] of text.matchAll(/(?:from|import\(?)\s*'([.#][^']*\.\w+)'/g))
        if (!to.endsWith('.json')) visit(to.startsWith('#') ? to.slice(1) : join(file, '..', to), file)
    }
    for (const file of [...commands, ...begun]) visit(file, 'package.json')
    expect(seen.size).toBeGreaterThan(200)
  })

  test('holds the programs by which letters are read, for each kind of processor', () => {
    for (const kind of ['', '-simd', '-relaxedsimd'])
      for (const ending of ['js', 'wasm']) {
        const file = `node_modules/tesseract.js-core/tesseract-core${kind}.${ending}`
        expect(existsSync(file), file).toBe(true)
        expect(
          NO_FILE.some((one) => one.test(file)),
          file,
        ).toBe(false)
      }
  })

  test('runs a command by the name that it has in package.json', async () => {
    const { code, stderr } = await run(process.execPath, ['scripts/command.mjs', 'no-such-command']).catch(
      (error) => error,
    )
    expect(code).toBe(64)
    for (const name of ['web', 'worker', 'carriers', 'db:migrate', 'setup', 'admin:invite'])
      expect(stderr).toMatch(new RegExp(`[ ,]${name}[,\n]`))
  })

  test('makes the passwords of a compose file once', async () => {
    const root = mkdtempSync(join(tmpdir(), 'an-tam-passwords-'))
    const folders = ['database', 'application', 's3', 'signing']
    for (const folder of folders) mkdirSync(join(root, folder))
    const made = async () => {
      const env = { ...process.env, PASSWORDS_DIR: root }
      await run(process.execPath, ['scripts/container-passwords.mjs', 'database', 's3', 'signing'], { env })
      return folders.flatMap((folder) =>
        readdirSync(join(root, folder)).map((name) => `${name} ${read(join(root, folder, name))}`),
      )
    }
    try {
      const first = await made()
      expect(first).toHaveLength(8)
      // The web server's folder contains only the application's access to the database.
      expect(readdirSync(join(root, 'application'))).toEqual(['DATABASE_URL'])
      expect(Buffer.from(read(join(root, 'signing', 'ANTAM_AUDIT_KEY')), 'base64')).toHaveLength(32)
      expect(await made()).toEqual(first)
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})

test.each([
  [200, '', 0],
  [409, '<Error><Code>BucketAlreadyOwnedByYou</Code></Error>', 0],
  [403, '<Error><Code>AccessDenied</Code></Error>', 1],
])(
  'the bucket of a compose file is asked for, signed; answered %i %s it ends with %i',
  async (status, body, code) => {
    const asked: string[] = []
    const server = createServer(({ method, url, headers }, response) => {
      asked.push(`${method} ${url} ${/Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]}`)
      response.writeHead(status).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const folder = mkdtempSync(join(tmpdir(), 'an-tam-bucket-'))
    const file = join(folder, 'key')
    writeFileSync(file, 'akey\n')
    const { port } = server.address() as AddressInfo
    const query = `endpoint=http://127.0.0.1:${port}&region=us-east-1&forcePathStyle=true`
    const files = { AWS_ACCESS_KEY_ID_FILE: file, AWS_SECRET_ACCESS_KEY_FILE: file }
    const env = { ...process.env, STORAGE_URL: `s3://an-tam?${query}`, ...files }
    try {
      const done = await run(process.execPath, ['scripts/container-bucket.mjs'], { env }).catch(
        (error) => error,
      )
      expect([done.code ?? 0, [...new Set(asked)]]).toEqual([code, ['PUT /an-tam/ akey']])
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
  },
)

interface Service {
  readonly image: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly env_file?: readonly object[]
  readonly environment?: Readonly<Record<string, string>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: object
  readonly stop_grace_period?: string
}

test('every command refuses an argument that it does not know, and says how it is called', () => {
  const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts
  const files = Object.values(scripts).flatMap((line) => line.match(/[\w./-]+\.ts\b/g) ?? [])
  expect(files.length).toBeGreaterThan(30)
  // These two know one word alone, and say their usage for every other.
  const own = ['scripts/demo-code.ts', 'scripts/migration.ts']
  const careless = files.filter((file) => !own.includes(file) && !/\breadArguments\(/.test(read(file)))
  expect(careless).toEqual([])
})

describe('compose.yaml', () => {
  const { services, volumes } = parse(read('compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>
    readonly volumes: object
  }
  const ours = Object.entries(services).filter(([, { build }]) => build !== undefined)
  const commands = Object.keys(JSON.parse(read('package.json')).scripts)

  test('names what the product reads, and each secret to those alone that need it', () => {
    const having = (name: string) =>
      ours.filter(([, { environment }]) => environment?.[`${name}_FILE`]).map(([service]) => service)
    for (const [, { environment }] of ours) expectVariables(Object.keys(environment ?? {}))
    expect(having('DATABASE_OWNER_URL')).toEqual(['setup', 'backup'])
    expect(having('ANTAM_AUDIT_KEY')).toEqual(['setup', 'worker'])
    expect(having('ANTAM_KEY')).toEqual(['web', 'worker', 'backup'])
    // Variables that compose.yaml does not name, such as CITY, reach every process through one file. Without
    // it, a process would silently run as another city.
    for (const name of ['setup', 'web', 'worker', 'backup'])
      expect(services[name]?.env_file, name).toEqual([{ path: '.env.an-tam', required: false }])
  })

  test('mounts the signing key and the owner’s password where they are needed, and nowhere else', () => {
    const mounting = (volume: string) =>
      Object.entries(services).flatMap(([name, { volumes = [] }]) =>
        volumes.some((one) => one.startsWith(`${volume}:`)) ? [name] : [],
      )
    expect(mounting('signing-key')).toEqual(['passwords', 'setup', 'worker'])
    expect(mounting('database-passwords')).toEqual(['passwords', 'database', 'setup', 'backup'])
    for (const [name, { environment = {}, volumes = [] }] of ours) {
      const folders = volumes.map((one) => one.split(':')[1])
      for (const [variable, file] of Object.entries(environment))
        if (variable.endsWith('_FILE') && file !== '')
          expect(folders, `${name}: ${variable}`).toContain(file.slice(0, file.lastIndexOf('/')))
    }
    for (const folder of ['application', 'signing'])
      expect(read('Dockerfile')).toMatch(new RegExp(`install -d -o 10001 .*/etc/an-tam/${folder}\\b`))
  })

  test('keeps the checkpoints from the web server, which faces the network', () => {
    const having = ours.filter(([, { volumes = [] }]) => volumes.some((one) => one.startsWith('audit:')))
    expect(having.map(([service]) => service)).toEqual(['worker', 'backup'])
    for (const [service, { environment }] of having) expect(environment?.AUDIT_DIR, service).toBe('/audit')
    expect(services.backup?.volumes).toContain('audit:/audit:ro')
    // A new volume gets the owner that its folder has in the image.
    expect(read('Dockerfile')).toMatch(/install -d -o 10001 .*\/audit\b/)
  })

  test('starts nothing before what it needs', () => {
    for (const name of ['web', 'worker'])
      expect(services[name]?.depends_on?.setup).toEqual({ condition: 'service_completed_successfully' })
    for (const [name, { depends_on = {} }] of Object.entries(services))
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(services[other], `${name} waits for ${other}`).toBeDefined()
        if (condition === 'service_healthy') expect(services[other]?.healthcheck, other).toBeDefined()
      }
  })

  test('gives each of ours a command that there is, no right that it does without, and time to end', () => {
    expect(ours.map(([name]) => name)).toEqual(['passwords', 'bucket', 'setup', 'web', 'worker', 'backup'])
    for (const [name, service] of ours) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
      expect(service.security_opt, name).toContain('no-new-privileges:true')
      const script = service.entrypoint?.[1]
      if (script) expect(existsSync(script), name).toBe(true)
      else expect(commands, name).toContain(service.command?.[0])
      expect(Number.parseInt(service.stop_grace_period ?? '', 10), name).toBeGreaterThan(LONGEST_END)
    }
    for (const [name, { image, build, volumes: mounted = [] }] of Object.entries(services)) {
      if (!build) expect(image, name).toMatch(/:[^:/]*\d/)
      for (const one of mounted) {
        const from = one.split(':')[0] ?? ''
        if (from.startsWith('./')) expect(statSync(from).isFile(), one).toBe(true)
        else expect(volumes, one).toHaveProperty(from)
      }
    }
  })
})

describe('systemd', () => {
  const folder = 'deploy/systemd'
  const units = readdirSync(folder).filter((name) => name.endsWith('.service'))
  const settings = (name: string): ReadonlyMap<string, string> =>
    new Map(
      read(join(folder, name))
        .split('\n')
        .filter((line) => /^[A-Z]\w+=/.test(line))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )

  test('each unit runs a script that there is, as its own user, with no right that it does without', () => {
    expect(units).toEqual([
      'an-tam-backup.service',
      'an-tam-migrate.service',
      'an-tam-web.service',
      'an-tam-worker@.service',
    ])
    for (const unit of units) {
      const set = settings(unit)
      const script = /^\/opt\/an-tam\/node_modules\/\.bin\/node (\S+)( \S+)?$/.exec(
        set.get('ExecStart') ?? '',
      )?.[1]
      expect(existsSync(script ?? ''), unit).toBe(true)
      expect(Object.fromEntries(set), unit).toMatchObject({
        User: 'an-tam',
        NoNewPrivileges: 'yes',
        CapabilityBoundingSet: '',
        ProtectSystem: 'strict',
        ProtectHome: 'yes',
        PrivateTmp: 'yes',
        PrivateDevices: 'yes',
        // A worker decodes strangers' files in a process without a network, which needs a network namespace of its own.
        RestrictNamespaces: unit === 'an-tam-worker@.service' ? 'user net' : 'yes',
        SystemCallFilter: '@system-service',
      })
    }
  })

  test('what is kept running is not tried again where a person has to mend it, and has time to end', () => {
    for (const unit of ['an-tam-web.service', 'an-tam-worker@.service']) {
      const set = settings(unit)
      expect(Object.fromEntries(set)).toMatchObject({
        Restart: 'always',
        RestartPreventExitStatus: '78',
        KillMode: 'mixed',
      })
      expect(Number(set.get('TimeoutStopSec')), unit).toBeGreaterThan(LONGEST_END)
    }
    const hidden = (unit: string) => settings(unit).get('InaccessiblePaths')?.split(' ') ?? []
    // All units run as the same user, so each hides the files that it does not need.
    const owners = ['-/etc/an-tam/migrate.env', '-/etc/an-tam/secrets/DATABASE_OWNER_URL']
    const signing = ['-/etc/an-tam/worker.env', '-/etc/an-tam/secrets/ANTAM_AUDIT_KEY']
    expect(hidden('an-tam-worker@.service')).toEqual(owners)
    expect(hidden('an-tam-web.service')).toEqual(['-/var/lib/an-tam-audit', ...signing, ...owners])
    expect(hidden('an-tam-migrate.service')).toEqual(expect.arrayContaining(signing))
  })

  test('a backup is made each night, reads what is kept, and writes beside it alone', () => {
    const timer = settings('an-tam-backup.timer')
    expect(timer.get('OnCalendar')).toBe('*-*-* 01:30:00 Asia/Ho_Chi_Minh')
    expect(timer.get('WantedBy')).toBe('timers.target')
    const set = settings('an-tam-backup.service')
    expect(set.get('ReadWritePaths')).toBe('/var/backups/an-tam')
    expect(set.get('ExecStart')).toMatch(/ \/var\/backups\/an-tam$/)
    expect(set.has('InaccessiblePaths')).toBe(false)
    // The last file wins: worker.env has no owner URL, and migrate.env has nothing of a worker.
    expect(read(join(folder, 'an-tam-backup.service'))).toMatch(
      /EnvironmentFile=\/etc\/an-tam\/worker\.env\n[^E]*EnvironmentFile=\/etc\/an-tam\/migrate\.env\n/,
    )
  })
})

describe('the Helm chart', () => {
  const chart = 'deploy/helm/an-tam'
  const values = parse(read(join(chart, 'values.yaml')))
  const templates = readdirSync(join(chart, 'templates')).map((name) => [
    name,
    read(join(chart, 'templates', name)),
  ])
  const isRight = new Ajv({ strict: false }).compile(JSON.parse(read(join(chart, 'values.schema.json'))))

  test('is of this version, and its own values are right', () => {
    expect(parse(read(join(chart, 'Chart.yaml')))).toMatchObject({ version, appVersion: version })
    expect(isRight(values), JSON.stringify(isRight.errors)).toBe(true)
  })

  test.each([
    ['a secret among the plain variables', { config: { ...values.config, ANTAM_KEY: 'x' } }],
    ['a site without TLS', { config: { PUBLIC_URL: 'http://antam.example.vn' } }],
    ['an image of no version', { image: { ...values.image, tag: 'latest' } }],
    ['a value that nothing reads', { wbe: { replicas: 3 } }],
    [
      'the signing key for web servers',
      { secrets: { ...values.secrets, web: { name: 'a', keys: ['ANTAM_AUDIT_KEY'] } } },
    ],
    [
      'the signing key for backups',
      { secrets: { ...values.secrets, backup: { name: 'a', keys: ['ANTAM_AUDIT_KEY'] } } },
    ],
    ['a time that is none', { backup: { ...values.backup, schedule: 'nightly' } }],
    [
      'the owner’s password for workers',
      { secrets: { ...values.secrets, worker: { name: 'a', keys: ['DATABASE_OWNER_URL'] } } },
    ],
  ])('its schema refuses %s', (_, change) => {
    expect(isRight({ ...values, ...change })).toBe(false)
  })

  test('names variables that the product reads, secrets among the secrets', () => {
    expectVariables(Object.keys(values.config))
    for (const { keys } of Object.values<{ keys: string[] }>(values.secrets))
      expectVariables(keys.map((name) => `${name}_FILE`))
  })

  test('a backup reads evidence and checkpoints, and writes to its own volume', () => {
    const backup = templates.find(([name]) => name === 'backup.yaml')?.[1]
    expect(backup).toContain('args: [backup, /backup]')
    for (const name of ['data', 'audit'])
      expect(backup).toContain(`{ name: ${name}, mountPath: /${name}, readOnly: true }`)
    expect(backup).toContain('{ name: backup, mountPath: /backup }')
    expect(values.secrets.backup.keys).toContain('DATABASE_OWNER_URL')
  })

  test('its templates name values that there are, and close what they open', () => {
    for (const [name, text = ''] of templates) {
      for (const [, path = ''] of text.matchAll(/\.Values\.([\w.]+)/g)) {
        const found = path
          .split('.')
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], values)
        expect(found, `${name}: .Values.${path}`).toBeDefined()
      }
      const opened = [...text.matchAll(/\{\{-? (if|range|with|define) /g)].length
      expect([...text.matchAll(/\{\{-? end -?\}\}/g)], name).toHaveLength(opened)
    }
  })

  test('watches by the rules that are delivered, with the jobs’ names that they know', () => {
    const rules = read('deploy/prometheus/alerts.yaml')
    // A link in the repository. A release replaces it by the file itself.
    expect(read(join(chart, 'alerts.yaml'))).toBe(rules)
    const monitoring = templates.find(([name]) => name === 'monitoring.yaml')?.[1]
    expect(monitoring).toContain('replacement: an-tam-{{ $kind }}')
    // Every runbook URL points to where the chart installs the pages.
    expect(rules.match(/runbook_url: file:\/\/\/opt\/an-tam\//g)).toHaveLength(
      rules.match(/- alert: /g)?.length ?? 0,
    )
  })

  test('the sample of Alertmanager names receivers that there are, and alerts that there are', () => {
    const { route, receivers, inhibit_rules } = parse(read('deploy/prometheus/alertmanager.yaml'))
    const names = receivers.map(({ name }: { name: string }) => name)
    for (const { receiver } of [route, ...route.routes]) expect(names).toContain(receiver)
    const rules = read('deploy/prometheus/alerts.yaml')
    const alerts = new Set([...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name))
    const named = JSON.stringify(inhibit_rules)
      .replace(/AnTam\(([^)]*)\)(\w+)/g, (_, list: string, end: string) =>
        list
          .split('|')
          .map((one) => `AnTam${one}${end}`)
          .join('|'),
      )
      .match(/AnTam\w+/g)
    expect(named?.length).toBeGreaterThan(10)
    expect(named?.filter((name) => !alerts.has(name))).toEqual([])
    const severities = new Set([...rules.matchAll(/severity: (\w+)/g)].map(([, name]) => name))
    expect(severities).toEqual(new Set(['critical', 'warning', 'info']))
  })

  test('its ingress writes no address down: links to cases are secrets', () => {
    expect(values.ingress.annotations['nginx.ingress.kubernetes.io/enable-access-log']).toBe('false')
  })

  test('asks each process for its health, and gives it time to end', () => {
    const of = (kind: string) => templates.find(([name]) => name === `${kind}.yaml`)?.[1]
    for (const path of ['/api/health/live', '/api/health/ready']) expect(of('web')).toContain(path)
    for (const path of ['/live', '/ready']) expect(of('worker')).toContain(`path: ${path},`)
    for (const kind of ['web', 'worker'])
      expect(values[kind].terminationGracePeriodSeconds).toBeGreaterThan(LONGEST_END)
  })
})

describe('the sample proxies', () => {
  const SAMPLES = { nginx: read('deploy/nginx/an-tam.conf'), haproxy: read('deploy/haproxy/haproxy.cfg') }
  /** The paths for which a sample writes no log line. */
  const silent = {
    nginx: [
      ...(/map \$antam_logged \$antam_written \{([^}]*)\}/.exec(SAMPLES.nginx)?.[1] ?? '').matchAll(
        /"~(.+)" +0;/g,
      ),
    ],
    haproxy: [...SAMPLES.haproxy.matchAll(/set-log-level silent if \{ var\(txn\.path\) -m reg (\S+) \}/g)],
  }
  /** Every address that is not a page. */
  const handlers = globSync('app/**/route.ts').map((file) => `/${relative('app', dirname(file))}`)
  const isSilent = (name: 'nginx' | 'haproxy', path: string) =>
    silent[name].some(([, pattern = '']) => new RegExp(pattern).test(path))

  /** The pages of a rating: its questionnaires, its receipt, and the receipt's check. */
  const OF_RATINGS = (Object.keys(routing.pathnames) as Pathname[]).filter((key) =>
    /^\/(rate|verify|questions)(\/|$)/.test(key),
  )
  const written = (path: string) =>
    ['', '/', '/quan-3'].flatMap((end) => [
      `${path}${end}`,
      `/vi${path}${end}`,
      `/en${path}${end}`,
      `/${path}`,
    ])

  test.each(['nginx', 'haproxy'] as const)('%s writes no line of a rating, in any writing', (name) => {
    expect(silent[name]).toHaveLength(2)
    expect(OF_RATINGS.length).toBeGreaterThan(4)
    const paths = OF_RATINGS.flatMap((key) => {
      const path = routing.pathnames[key]
      return Object.values(typeof path === 'string' ? [path] : path).flatMap(written)
    })
    const receipts = handlers.filter((path) => path.includes('[receipt]'))
    expect(receipts).toEqual(['/api/survey/receipts/[receipt]/proof'])
    for (const path of [...paths, ...receipts, '/api/kiosk', '/kiosk-worker.js', '/_next/static/chunks/a.js'])
      expect([path, isSilent(name, path)]).toEqual([path, true])
  })

  test.each(['nginx', 'haproxy'] as const)('%s writes a line of everything else', (name) => {
    const others = (Object.keys(routing.pathnames) as Pathname[])
      .filter((key) => !OF_RATINGS.includes(key))
      .flatMap((key) => Object.values(routing.pathnames[key]))
    for (const path of [
      ...others,
      '/api/carrier/v1/questions',
      '/api/v1/results',
      '/k/-',
      '/api/health/live',
    ])
      expect([path, isSilent(name, path)]).toEqual([path, false])
  })

  /** Returns a path as a sample logs it. */
  function logged(name: 'nginx' | 'haproxy', path: string): string {
    if (name === 'haproxy') {
      const masks = [...SAMPLES.haproxy.matchAll(/regsub\((\S+?),(\S+?)\)(?=,|\n)/g)]
      return masks.reduce((text, [, from = '', to = '']) => text.replace(new RegExp(from), to), path)
    }
    const [, map = ''] = /map \$uri \$antam_path \{\n([\s\S]*?)\n\}/.exec(SAMPLES.nginx) ?? []
    for (const [, pattern = '', value = ''] of map.matchAll(/"~(\S+)" +"(\S+)";/g)) {
      const found = new RegExp(pattern).exec(path)
      if (found) return value.replace(/\$\{(\w+)\}/, (_, group) => found.groups?.[group] ?? '')
    }
    return path
  }

  test.each(['nginx', 'haproxy'] as const)('%s writes no secret of a path down', (name) => {
    const pages = Object.values(routing.pathnames).flatMap((path) =>
      typeof path === 'string' ? [path] : [path.vi, `/en${path.en}`],
    )
    const secret = [...pages, ...handlers].filter((path) => /\[(link|token|secret|code|imei)\]/.test(path))
    expect(secret.length).toBeGreaterThan(8)
    for (const path of secret) {
      const own = path.replace(/\[(\w+)\]/, 'SECRET')
      expect(logged(name, own), own).toBe(own.replace(/(invitation\/|browser\/)?SECRET.*/, '-'))
    }
    expect(logged(name, '/ho-so/HCM-2611-ABCD')).toBe('/ho-so/HCM-2611-ABCD')
  })

  test('both hold one address to what the page about them says', () => {
    expect(SAMPLES.nginx).toMatch(
      /rate=100r\/s[\s\S]*burst=400 nodelay[\s\S]*limit_conn antam_connections 200/,
    )
    expect(SAMPLES.haproxy).toMatch(
      /http_req_rate\(4s\)[\s\S]*sc_http_req_rate\(0\) gt 400[\s\S]*sc_conn_cur\(0\) gt 200/,
    )
  })

  test('nginx asks for each line whether it is written', () => {
    const logs = [...SAMPLES.nginx.matchAll(/^ +access_log (.*);$/gm)].map(([, log]) => log)
    expect(logs).toHaveLength(2)
    for (const log of logs) expect(log).toMatch(/ if=\$antam_written$/)
  })

  test('drop the headers by which Next speaks with itself', () => {
    for (const beginning of ['x-middleware-', 'x-nextjs-'])
      expect(SAMPLES.haproxy).toContain(`http-request del-header ${beginning} -m beg`)
    // A location with its own proxy_set_header lines inherits none from the server block, so each name appears twice.
    for (const name of [
      'x-middleware-prefetch',
      'x-middleware-subrequest',
      'x-middleware-rewrite',
      'x-nextjs-data',
    ])
      expect(SAMPLES.nginx.match(new RegExp(`proxy_set_header ${name} "";`, 'g')), name).toHaveLength(2)
  })
})
