import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import pg from 'pg'
import { runningUrl } from '../../scripts/embedded.ts'
import { freePort } from '../../scripts/free-port.ts'
import { secrets } from '../../scripts/secrets.ts'
import { pretendReplica } from '../../tests/pretended-replica.ts'
import { selfSigned } from '../certificate.ts'
import { type Product, startProduct } from '../product.ts'
import { ask } from './first-hour/ask.ts'
import { missingTools } from './first-hour/place.ts'

// The shipped nginx in front of its own product, which has a read replica. Readers are answered from the cache,
// and nobody gets another person's page.

test.describe.configure({ mode: 'serial', timeout: 300_000 })

const missing = missingTools()
test.skip(missing.includes('nginx'), 'nginx is not here and cannot be installed')

const folder = mkdtempSync(join(tmpdir(), 'antam-readers-'))
const at = (...path: string[]) => join(folder, ...path)
let product: Product
let nginx: ChildProcess
let url = ''

/** The port of the product's database, to which `front` forwards connections; 0 until it is known. */
let database = 0
const front = createServer((near) => {
  const far = connect(database, '127.0.0.1')
  near.pipe(far).pipe(near)
  for (const end of [near, far])
    end.on('error', () => {}).on('close', () => [near, far].map((one) => one.destroy()))
})

async function beginNginx(): Promise<void> {
  const [port, plain] = [await freePort(), await freePort()]
  for (const part of ['tls', 'cache', 'log', 'tmp']) mkdirSync(at(part))
  const { key, cert } = selfSigned()
  writeFileSync(at('tls/fullchain.pem'), cert)
  writeFileSync(at('tls/privkey.pem'), key)
  cpSync('deploy/proxy', at('proxy'), { recursive: true })
  const here: readonly [string, string][] = [
    ['/etc/an-tam', folder],
    ['/var/log/nginx', at('log')],
    ['/var/cache/nginx/an-tam', at('cache')],
    ['antam.example.vn', '127.0.0.1'],
    ['listen 80;', `listen 127.0.0.1:${plain};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['  server 127.0.0.1:3001 max_fails=3 fail_timeout=3s;\n', ''],
    ['127.0.0.1:3000', new URL(product.url).host],
  ]
  const sample = readFileSync('deploy/nginx/an-tam.conf', 'utf8')
  writeFileSync(
    at('an-tam.conf'),
    here.reduce((text, [example, own]) => text.replaceAll(example, own), sample),
  )
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path ${at('tmp')};`,
  )
  writeFileSync(
    at('nginx.conf'),
    `user ${process.getuid?.() === 0 ? 'root' : 'nobody'}; pid ${at('nginx.pid')}; error_log stderr; events { worker_connections 4096; }
     http { ${temporary.join(' ')} include ${at('an-tam.conf')}; }`,
  )
  execFileSync('nginx', ['-t', '-q', '-c', at('nginx.conf'), '-e', 'stderr'])
  nginx = spawn('nginx', ['-c', at('nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'], { stdio: 'inherit' })
  url = `https://127.0.0.1:${port}`
  await expect
    .poll(() =>
      ask(url, '/api/health/live').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200)
}

test.beforeAll(async () => {
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo
  product = await startProduct({
    DATABASE_READ_URL: `postgresql://reader:reads@127.0.0.1:${port}/antam`,
    // A single process, because each process checks the replica by itself.
    WEB_PROCESSES: '1',
  })
  await beginNginx()
})
test.afterAll(async () => {
  nginx?.kill()
  if (product?.process.exitCode === null) await product.stop()
  front.close()
  rmSync(folder, { recursive: true, force: true })
})

const cached = async (path: string, options: Parameters<typeof ask>[2] = {}, body?: string) => {
  const { headers, ...answer } = await ask(url, path, options, body)
  return { ...answer, headers, cache: /detail=(\w+)/.exec(String(headers['cache-status']))?.[1] ?? null }
}
const logged = () => readFileSync(at('log/an-tam.log'), 'utf8')

test('a page that is the same for everybody is made once, also for who comes by a shared link', async () => {
  for (const path of ['/ket-qua', '/en/figures', '/api/v1/results', '/api/openapi.json']) {
    const first = await cached(path)
    expect([path, first.status, first.cache]).toEqual([path, 200, 'MISS'])
    const again = await cached(path)
    expect([path, again.cache, again.body === first.body]).toEqual([path, 'HIT', true])
    expect(first.headers['set-cookie']).toBeUndefined()
  }
  expect((await cached('/ket-qua?fbclid=IwAR1&utm_source=zalo')).cache).toBe('HIT')
  // A query parameter that no page reads may be a secret. The request goes to the product, and nginx must not write it to disk.
  for (let twice = 0; twice < 2; twice++) expect((await cached('/?token=Kx7secretFfff')).cache).toBe('BYPASS')
  expect(spawnSync('grep', ['-rlE', 'Kx7secret|IwAR1', at('cache'), at('log')]).stdout.toString()).toBe('')
  // Another order of the table and another format are cached separately.
  expect((await cached('/ket-qua?order=band')).cache).toBe('MISS')
  const csv = await cached('/api/v1/results', { headers: { accept: 'text/csv' } })
  expect([csv.cache, String(csv.headers['content-type']).split(';')[0]]).toEqual(['MISS', 'text/csv'])
  // Next's own partial requests get 204, which makes Next load the whole page. They never get HTML in place of data.
  expect((await cached('/ket-qua', { headers: { accept: 'text/x-component' } })).status).toBe(204)
  expect((await cached('/ket-qua')).cache).toBe('HIT')
})

test('forms, answers to a POST, what sets a cookie and what is one person’s are never kept', async () => {
  for (const path of [
    '/bao-mat-may',
    '/danh-gia',
    '/kiem-tra-imei',
    '/ho-so',
    '/dang-nhap',
    '/xac-minh',
    '/quan-tri/ho-so',
  ])
    for (let twice = 0; twice < 2; twice++) {
      const answer = await cached(path, { headers: { cookie: 'antam_session=x' } })
      expect([path, answer.cache]).toEqual([path, null])
      expect(String(answer.headers['cache-control'])).not.toContain('public')
    }
  for (const path of ['/ket-qua', '/api/v1/results', '/api/v1/imei/490154203237518']) {
    const posted = await cached(path, { method: 'POST', headers: { origin: url } }, 'a=b')
    expect([path, posted.status < 400 && posted.cache === 'HIT']).toEqual([path, false])
  }
  expect((await cached('/api/v1/imei/490154203237518')).cache).toBeNull()
  expect((await cached('/danh-gia/quan-3?v=1')).status).toBe(200)
  await cached('/cau-hoi')
  await expect.poll(logged).toContain('"path":"/dang-nhap"')
  expect(logged()).not.toMatch(/danh-gia|xac-minh|cau-hoi|fbclid|490154203237518/)
  expect(logged()).toMatch(/"path":"\/ket-qua".*"cache":"HIT"/)
})

test('pages come from a replica that is behind, and say of when they are; forms do not', async () => {
  database = Number(new URL(runningUrl(product.dataDir) ?? '').port)
  const { superuser: password } = secrets(product.dataDir).database
  const superuser = new pg.Client({
    host: '127.0.0.1',
    port: database,
    user: 'postgres',
    password,
    database: 'antam',
  })
  await superuser.connect()
  try {
    await (await pretendReplica(superuser, 'reader', 'reads')).be({ behind: 600 })
    const page = async (path: string) =>
      /data-as-of="([^"]+)"/.exec(await fetch(product.url + path).then((one) => one.text()))?.[1]
    const dataAsOf = async () => {
      const { headers } = await fetch(`${product.url}/api/v1/figures`)
      return Date.parse(headers.get('x-data-as-of') ?? '')
    }
    await expect.poll(dataAsOf).not.toBeNaN()
    expect(await dataAsOf()).toBeLessThan(Date.now() - 590_000)
    const age = Date.now() - Date.parse((await page('/ket-qua/cach-tinh')) ?? '')
    expect(age).toBeGreaterThan(590_000)
    expect(age).toBeLessThan(700_000)
    expect(await page('/bao-mat-may')).toBeUndefined()
    // The replica's role cannot read this table, so the page comes from the primary and shows no data time.
    await superuser.query('REVOKE SELECT ON survey_cells FROM reader')
    const whole = await fetch(`${product.url}/ket-qua`)
    expect([whole.status, (await whole.text()).includes('data-as-of')]).toEqual([200, false])
  } finally {
    await superuser.end()
  }
})

test('one address that asks without end is told to wait, and a program is told as a program', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 150 })
  const asked = await Promise.all(
    Array.from({ length: 2_000 }, () => ask(url, '/api/health/live', { agent })),
  )
  agent.destroy()
  const refused = asked.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200, 429]))
  expect([refused[0]?.headers['retry-after'], JSON.parse(refused[0]?.body ?? '').status]).toEqual(['10', 429])
  expect(new Set(asked.slice(0, 200).map(({ status }) => status))).toEqual(new Set([200]))
})

test('while no web server is there, what is kept is read, and forms say that they are away', async () => {
  await expect.poll(async () => (await cached('/ket-qua')).status).toBe(200)
  await product.stop()
  const kept = await cached('/ket-qua')
  expect([kept.status, ['HIT', 'STALE', 'UPDATING'].includes(kept.cache ?? '')]).toEqual([200, true])
  expect((await cached('/bao-mat-may')).status).toBe(503)
})
