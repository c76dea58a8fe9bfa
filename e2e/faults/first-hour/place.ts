import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../scripts/free-port.ts'
import { type Postgres, startPostgres } from '../../../scripts/postgres.ts'
import { selfSigned } from '../../certificate.ts'

/** The programs that operators install, with their Debian packages. */
const PACKAGES = {
  nginx: 'nginx-light',
  haproxy: 'haproxy',
  psql: 'postgresql-client',
  curl: 'curl',
  openssl: 'openssl',
}

const found = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** Installs missing programs as root. Returns those that are still missing. */
export function missingTools(): string[] {
  const missing = () => Object.entries(PACKAGES).filter(([program]) => !found(program))
  if (missing().length > 0 && process.getuid?.() === 0) {
    const packages = missing().map(([, name]) => name)
    // The packages are only for this test, so no service may start by itself.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    spawnSync('apt-get', ['update', '-q'], { env })
    spawnSync('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], { env })
  }
  return missing().map(([program]) => program)
}

const PASSWORD = 'of-the-superuser'

const PAGES = globSync('docs/{operations,runbooks}/*.md')

/** Returns the block that is marked with a name on one of the pages: `<!-- first hour: NAME -->`, `<!-- on call: NAME -->`. */
function blockOf(name: string): string {
  const marked = new RegExp(
    `^( *)<!-- (?:first hour|on call): ${name} -->\n *\`\`\`sh\n([^]*?)\n *\`\`\``,
    'm',
  )
  const [, indent = '', block] = marked.exec(PAGES.map((page) => readFileSync(page, 'utf8')).join('\n')) ?? []
  if (!block) throw new Error(`no page has a block "${name}"`)
  return block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
}

export type ProxyName = 'nginx' | 'haproxy'

/** An empty installation on this machine, on which the documented steps run with its own names and numbers. */
export class Place {
  readonly folder: string
  readonly identity = selfSigned()
  readonly ports: Readonly<Record<'web1' | 'web2' | 'plain' | ProxyName | 'haproxyPlain', number>>
  readonly #postgres: Postgres
  readonly #running = new Set<ChildProcess>()
  said = ''

  private constructor(postgres: Postgres, ports: Place['ports'], folder: string) {
    this.#postgres = postgres
    this.ports = ports
    this.folder = folder
  }

  /** @param settings further PostgreSQL settings */
  static async make(...settings: string[]): Promise<Place> {
    const folder = mkdtempSync(join(tmpdir(), 'antam-first-hour-'))
    chmodSync(folder, 0o755)
    const postgres = await startPostgres({
      directory: join(folder, 'db/data'),
      password: PASSWORD,
      durable: false,
      settings,
    })
    const [web1, web2, plain, nginx, haproxy, haproxyPlain] = await Promise.all(
      Array.from({ length: 6 }, freePort),
    )
    if (!web1 || !web2 || !plain || !nginx || !haproxy || !haproxyPlain) throw new Error('no ports')
    return new Place(postgres, { web1, web2, plain, nginx, haproxy, haproxyPlain }, folder)
  }

  at = (...path: string[]): string => join(this.folder, ...path)
  superuserUrl = (): string => this.#postgres.url('postgres', PASSWORD, 'antam')
  urlOf = (proxy: ProxyName): string => `https://127.0.0.1:${this.ports[proxy]}`

  /** Replaces the names of the documentation's examples by the names of this place. */
  #here(text: string): string {
    const named: readonly [string | RegExp, string][] = [
      ['/etc/an-tam', this.at('etc/an-tam')],
      ['/var/lib/an-tam', this.at('lib/an-tam')],
      ['/var/log/nginx', this.at('log')],
      ['/var/cache/nginx/an-tam', this.at('cache')],
      ['/backups/antam', this.at('backups')],
      ['/wal/', `${this.at('wal')}/`],
      ['--host db.example.vn --port 5432', `--host 127.0.0.1 --port ${this.#postgres.port}`],
      ['db.example.vn:5432', `127.0.0.1:${this.#postgres.port}`],
      ['https://antam.example.vn', this.urlOf('nginx')],
      ['antam.example.vn', '127.0.0.1'],
      ['listen 80;', `listen 127.0.0.1:${this.ports.plain};`],
      ['listen 443 ssl;', `listen 127.0.0.1:${this.ports.nginx} ssl;`],
      ['bind :80', `bind 127.0.0.1:${this.ports.haproxyPlain}`],
      ['bind :443', `bind 127.0.0.1:${this.ports.haproxy}`],
      ['Host $host;', `Host $host:${this.ports.nginx};`],
      ['127.0.0.1:3000', `127.0.0.1:${this.ports.web1}`],
      ['127.0.0.1:3001', `127.0.0.1:${this.ports.web2}`],
    ]
    return named.reduce((here, [example, own]) => here.replaceAll(example, own), text)
  }

  /** Returns the environment of an operator's new shell, without a developer's variables. */
  #environment(given: Record<string, string>): NodeJS.ProcessEnv {
    const { PATH = '', HOME = '' } = process.env
    const certificate = this.at('etc/an-tam/tls/fullchain.pem')
    return {
      ...{ PATH, HOME, LANG: 'C.UTF-8', PGPASSWORD: PASSWORD },
      ...{ CURL_CA_BUNDLE: certificate, NODE_EXTRA_CA_CERTS: certificate, LOG_LEVEL: 'warn' },
      ...given,
    } as Record<string, string> as NodeJS.ProcessEnv
  }

  /**
   * Runs a block of the page and returns its output.
   *
   * @throws if the block fails
   */
  run(name: string, given: Record<string, string> = {}): string {
    return this.#sh(name, blockOf(name), given)
  }

  #sh(name: string, text: string, given: Record<string, string>): string {
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', this.#here(text)], {
      env: this.#environment(given),
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`"${name}" ended with ${status}:\n${stdout}${stderr}`)
    return stdout
  }

  /** Runs a block with the settings that the page gives to a kind of process. */
  runAs(kind: 'web' | 'worker', name: string): string {
    const [settings] = blockOf(kind).split('\n')
    return this.#sh(name, `${settings}\n${blockOf(name)}`, {})
  }

  /** Starts a block of the page that runs until it is stopped. */
  begin(name: string, given: Record<string, string> = {}): ChildProcess {
    return this.#spawn('sh', ['-ec', this.#here(blockOf(name))], this.#environment(given))
  }

  /** Starts the demo carriers as clients from outside. */
  carriers(keys: string): ChildProcess {
    const given = { CARRIER_KEYS: keys, DATA_DIR: this.at('carriers'), PUBLIC_URL: this.urlOf('nginx') }
    return this.#spawn(process.execPath, ['tools/carriers.ts'], this.#environment(given))
  }

  #spawn(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    // A process group of its own, so that the test can end all of it.
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.said = (this.said + String(chunk)).slice(-100_000)
      })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    return child
  }

  /** Ends a process and its children, and waits for the end. */
  async end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    process.kill(-child.pid, signal)
    await gone
  }

  async startProxy(name: ProxyName): Promise<ChildProcess> {
    if (name === 'nginx') {
      const sample = this.at('an-tam.conf')
      writeFileSync(sample, this.#here(readFileSync('deploy/nginx/an-tam.conf', 'utf8')))
      const main = `pid ${this.at('nginx.pid')}; error_log stderr; events {} http { include /etc/nginx/mime.types;
        client_body_temp_path ${this.at('tmp')}; proxy_temp_path ${this.at('tmp')}; fastcgi_temp_path ${this.at('tmp')};
        uwsgi_temp_path ${this.at('tmp')}; scgi_temp_path ${this.at('tmp')}; include ${sample}; }`
      writeFileSync(this.at('nginx.conf'), main)
      const args = ['-c', this.at('nginx.conf'), '-e', 'stderr']
      execFileSync('nginx', ['-t', '-q', ...args])
      return this.#spawn('nginx', [...args, '-g', 'daemon off;'], this.#environment({}))
    }
    writeFileSync(this.at('haproxy.cfg'), this.#here(readFileSync('deploy/haproxy/haproxy.cfg', 'utf8')))
    execFileSync('haproxy', ['-c', '-q', '-f', this.at('haproxy.cfg')])
    return this.#spawn('haproxy', ['-f', this.at('haproxy.cfg')], this.#environment({}))
  }

  /** Makes the files that an operator provides: a certificate, and the page for when no server is available. */
  prepareProxies(): void {
    const { key, cert } = this.identity
    for (const folder of ['etc/an-tam/tls', 'log', 'tmp']) mkdirSync(this.at(folder), { recursive: true })
    writeFileSync(this.at('etc/an-tam/tls/fullchain.pem'), cert)
    writeFileSync(this.at('etc/an-tam/tls/privkey.pem'), key)
    writeFileSync(this.at('etc/an-tam/tls/haproxy.pem'), `${cert}${key}`)
    cpSync('deploy/proxy', this.at('etc/an-tam/proxy'), { recursive: true })
    spawnSync('chmod', ['-R', 'a+rX', this.at('etc'), this.at('log')])
  }

  logOf(name: ProxyName): string {
    if (name === 'haproxy') return this.said.replaceAll('\\/', '/')
    return ['an-tam.log', 'an-tam.error.log']
      .map((file) => readFileSync(this.at('log', file), 'utf8'))
      .join('')
  }

  async stop(): Promise<void> {
    for (const child of [...this.#running].toReversed()) await this.end(child, 'SIGTERM')
    await sleep(100)
    await this.#postgres.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
