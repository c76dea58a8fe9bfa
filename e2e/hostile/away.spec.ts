import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../../scripts/free-port.ts'
import { dataDir } from '../fixtures.ts'
import { expect, expectWords, test } from '../forms/people.ts'
import { Visitor } from '../forms/visitor.ts'

async function wireTo(port: number) {
  const ends = new Set<Socket>()
  const wire = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const end of [near, far]) {
      ends.add(end)
      end
        .on('error', () => {})
        .once('close', () => {
          ends.delete(end)
          near.destroy()
          far.destroy()
        })
    }
    near.pipe(far).pipe(near)
  })
  const open = async (at: number): Promise<number> => {
    await once(wire.listen(at, '127.0.0.1'), 'listening')
    return (wire.address() as AddressInfo).port
  }
  const cut = async () => {
    const closed = once(wire, 'close')
    wire.close()
    for (const end of ends) end.destroy()
    await closed
  }
  return { open, cut }
}

test('without its database the site says so in words, with a time to come again, and goes on by itself', async () => {
  const [, , , postgres = ''] = readFileSync(join(dataDir(), 'postgres/postmaster.pid'), 'utf8').split('\n')
  const { database, ...keys } = JSON.parse(readFileSync(join(dataDir(), 'secrets.json'), 'utf8'))
  const wire = await wireTo(Number(postgres))
  const at = await wire.open(0)
  await wire.cut()
  const port = await freePort()
  const password = encodeURIComponent(database.application)
  const env = {
    ...process.env,
    ...keys,
    PORT: String(port),
    DATA_DIR: dataDir(),
    LOG_LEVEL: 'silent',
    DATABASE_URL: `postgresql://antam_app:${password}@127.0.0.1:${at}/antam`,
  }
  const web = spawn(process.execPath, ['scripts/web.ts'], { env, stdio: 'ignore' })
  const ended = once(web, 'exit')
  const who = new Visitor(`http://127.0.0.1:${port}`)
  const status = (path: string) =>
    who.send(path).then(
      (answer) => answer.status,
      () => 0,
    )
  const expectAway = async (path: string) => {
    const answer = await who.send(path, { headers: { accept: 'text/html' } })
    expectWords(answer, 503)
    expect(Number(answer.headers.get('retry-after')), path).toBeGreaterThan(0)
    expect(answer.body.replace(/<[^>]*>/g, ' ').length, path).toBeGreaterThan(100)
  }
  try {
    // The server starts without a database.
    await expect.poll(() => status('/api/health/live'), { timeout: 60_000 }).toBe(200)
    for (const path of ['/', '/en/report', '/ket-qua', '/api/v1/figures']) await expectAway(path)
    await wire.open(at)
    await expect.poll(() => status('/ket-qua'), { timeout: 30_000 }).toBe(200)
    const form = await who.open('/bao-mat-may')
    await wire.cut()
    for (const path of ['/ket-qua', '/en/results', '/danh-gia/quan-3', '/api/v1/figures', '/k/a.b'])
      await expectAway(path)
    const problem = await who.send('/api/v1/figures')
    expect(problem.headers.get('content-type')).toBe('application/problem+json')
    expect(await status('/api/health/ready')).toBe(503)
    const sent = await who.submit(form, 'name="step"', { step: 'next', incidentType: 'lost' })
    // If the page can be shown without the database, it still has what was typed.
    expect([200, 503]).toContain(sent.status)
    expectWords(sent, sent.status)
    expect(who.cookies.size, 'nothing is begun').toBe(0)
    await wire.open(at)
    await expect.poll(() => status('/danh-gia/quan-3'), { timeout: 30_000 }).toBe(200)
    web.kill('SIGTERM')
    expect(await ended, 'it ends cleanly').toEqual([0, null])
  } finally {
    web.kill('SIGKILL')
    await wire.cut()
  }
})
