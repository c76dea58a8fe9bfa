import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkReadiness } from '#features/health/data.ts'
import { readCosignature, writeCosignature } from '#lib/transparency/cosignature.ts'
import { COSIGNATURE, readVerifier, writeVerifier } from '#lib/transparency/note.ts'
import { GrowingTree, leafHash, sameHash } from '#lib/transparency/tree.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { demoWitness } from '../../../tools/witnesses/witness.ts'
import { audit } from '../entries/acts.ts'
import { readLatestCheckpoint } from '../proofs/data.ts'
import { sealLog } from '../sealing/acts.ts'
import { hasSealingFailed, readLogVerifier } from '../sealing/data.ts'
import { resumeLog } from '../sealing/resume-acts.ts'
import { readCheckpoint } from '../sealing/rules.ts'
import { mendTiles, publishLog, publishOrReport, readLogFile } from './acts.ts'
import { readBundle } from './rules.ts'

const given = env() as { -readonly [K in keyof ReturnType<typeof env>]: ReturnType<typeof env>[K] }
const real = { ...given }
const data = process.env.DATA_DIR ?? ''
const file = (path: string) => join(data, 'log', path)
let servers: Server[] = []

afterEach(() => {
  delete given.WITNESS_QUORUM
  Object.assign(given, real)
  for (const folder of ['log', 'checkpoints']) rmSync(join(data, folder), { recursive: true, force: true })
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers = []
})

const write = (count: number, act: 'case.note' | 'survey.report_ready' = 'case.note') =>
  transaction(async (tx) => {
    for (let n = 0; n < count; n++)
      await audit(tx, {
        actor: { kind: 'system' },
        act,
        subject: { kind: 'case', id: `c${n}` },
        at: new Date(),
      })
  })
const publish = async () => {
  await sealLog()
  await publishLog(new Date())
}
const read = async (path: string) => {
  const found = await readLogFile(path)
  if (!found) throw new Error(`no ${path}`)
  return Buffer.from(found.bytes)
}
const shown = async () => (await read('checkpoint')).toString()
const head = async () => {
  const found = await readCheckpoint(sha256, await shown(), await readLogVerifier(), verifyEd25519)
  if (!found) throw new Error('not signed')
  return found
}

describe('the log as files', () => {
  test('a stranger rebuilds the root from entries and from hashes, and reads nothing of what is not public', async () => {
    await write(300)
    await publish()
    await write(5, 'survey.report_ready')
    await publish()
    const { size, root } = await head()
    expect(size).toBe(305)
    const bundles = [await read('tile/entries/000'), await read('tile/entries/001.p/49')]
    const entries = bundles.flatMap((bytes) => readBundle(bytes) ?? [])
    const tiles = Buffer.concat([await read('tile/0/000'), await read('tile/0/001.p/49')])
    const [byEntries, byHashes] = [new GrowingTree(sha256), new GrowingTree(sha256)]
    for (const entry of entries) byEntries.add(leafHash(sha256, entry))
    for (let at = 0; at < size; at++) byHashes.add(tiles.subarray(at * 32, at * 32 + 32))
    expect(sameHash(byEntries.root(), root)).toBe(true)
    expect(sameHash(byHashes.root(), root)).toBe(true)
    expect(await read('tile/1/000.p/1')).toHaveLength(32)
    expect(Buffer.concat(bundles.slice(0, 1)).toString('latin1')).not.toMatch(/case\.note|subjectId/)
    expect(entries.slice(0, 300).every(({ length }) => length === 32)).toBe(true)
    expect(JSON.parse(Buffer.from(entries[304] ?? []).toString())).toMatchObject({
      act: 'survey.report_ready',
    })
  })

  test('partial tiles go once the full one is there, and nothing else is served', async () => {
    await write(250)
    await publish()
    expect(existsSync(file('tile/0/000.p/250'))).toBe(true)
    await write(10)
    await publish()
    expect([existsSync(file('tile/0/000.p/250')), existsSync(file('tile/entries/000.p/250'))]).toEqual([
      false,
      false,
    ])
    for (const path of ['tile/0/../checkpoint', '../secrets.json', 'tile/0/7', 'tile/0/007', 'x'])
      expect(await readLogFile(path), path).toBeNull()
  })

  test('a tile that was cut is not served, is found, and is written again; so is one that is missing', async () => {
    await write(260)
    await publish()
    const whole = readFileSync(file('tile/0/000'))
    truncateSync(file('tile/0/000'), 100)
    const entries = readFileSync(file('tile/entries/000'))
    truncateSync(file('tile/entries/000'), entries.length - 1)
    rmSync(file('tile/0/001.p/4'))
    expect(await readLogFile('tile/0/000')).toBeNull()
    expect(await readLogFile('tile/entries/000')).toBeNull()
    expect((await mendTiles()).sort()).toEqual(['tile/0/000', 'tile/0/001.p/4', 'tile/entries/000'])
    expect(readFileSync(file('tile/0/000'))).toEqual(whole)
    expect(readFileSync(file('tile/entries/000'))).toEqual(entries)
    expect(await mendTiles()).toEqual([])
  })

  test('an entry that is no longer what was sealed, or from before version 3, stands empty', async () => {
    await write(3)
    await sealLog()
    await superuser.query(`SET session_replication_role = replica`)
    await superuser.query(`UPDATE audit_entries SET subject_id = 'other' WHERE subject_id = 'c1'`)
    await superuser.query(`UPDATE audit_entries SET v = 2 WHERE subject_id = 'c2'`)
    await superuser.query(`SET session_replication_role = origin`)
    await publishLog(new Date())
    expect(readBundle(await read('tile/entries/000.p/3'))?.map(({ length }) => length)).toEqual([32, 0, 0])
  })

  test('a log that was resumed after a break is written anew from where it goes on', async () => {
    await write(255)
    await publish()
    await write(5)
    await publish()
    const lost = await read('tile/0/000')
    await superuser.query(`
      DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_leaves WHERE "index" >= 255);
      DELETE FROM audit_leaves WHERE "index" >= 255; DELETE FROM audit_nodes WHERE ("index" + 1) * (1 << level) > 255;
      DELETE FROM audit_heads WHERE size > 255`)
    await resumeLog('Restored', new Date())
    await write(9)
    await publish()
    const { size, root } = await head()
    const tiles = Buffer.concat([await read('tile/0/000'), await read(`tile/0/001.p/${size - 256}`)])
    const tree = new GrowingTree(sha256)
    for (let at = 0; at < size; at++) tree.add(tiles.subarray(at * 32, at * 32 + 32))
    expect(sameHash(tree.root(), root)).toBe(true)
    expect(tiles.subarray(0, 8192).equals(lost)).toBe(false)
  })

  test('where the store takes no files health says so, and the next minute makes up for it', async () => {
    await write(1)
    await sealLog()
    writeFileSync(file(''), 'in the way')
    await publishOrReport(new Date())
    expect((await checkReadiness()).find(({ name }) => name === 'audit')).toMatchObject({
      ok: true,
      stopped: expect.stringContaining('public files'),
    })
    rmSync(file(''))
    await publishOrReport(new Date())
    expect((await head()).size).toBe(1)
    expect(await db.trouble.count()).toBe(0)
  })
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('witnesses', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'an-tam-witness-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const witness = async (name: string) => {
    const one = demoWitness(name, join(folder, `${name}.json`), await readLogVerifier())
    const asked: string[] = []
    const url = await serve(async (request, response) => {
      asked.push(await text(request))
      const { status, body } = await one.answer(asked.at(-1) ?? '')
      response.writeHead(status).end(body)
    })
    return { line: one.line, url, asked }
  }
  const bad = async (name: string, answer: RequestListener) => {
    const { publicKey } = ed25519(Buffer.alloc(32, 40))
    return { line: writeVerifier(sha256, { name, publicKey }, COSIGNATURE), url: await serve(answer) }
  }
  const signedBy = async (note: string, line: string) => {
    const verifier = await readVerifier(sha256, line, COSIGNATURE)
    return verifier && (await readCosignature(sha256, note, note, verifier, verifyEd25519))
  }

  test('sign each head, and a checkpoint is published once enough of them have', async () => {
    const [one, two] = [await witness('one'), await witness('two')]
    Object.assign(given, { WITNESSES: [one, two] })
    await write(3)
    await publish()
    await write(4)
    await publish()
    expect((await head()).size).toBe(7)
    for (const { line } of [one, two])
      expect((await signedBy(await shown(), line))?.at.getTime()).toBeGreaterThan(Date.now() - 60_000)
    expect(one.asked.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 3'])
    expect(await readLatestCheckpoint(), 'the same that programs read').toBe(await shown())
    await publishLog(new Date())
    expect(one.asked, 'nothing new: nobody is asked').toHaveLength(2)
    expect(await read(`policy/${new Date().toISOString().slice(0, 10)}.txt`)).toEqual(
      await read(`policy/${new Date().getUTCFullYear()}.txt`),
    )
    expect((await read(`policy/${new Date().getUTCFullYear()}.txt`)).toString()).toContain(
      'group witnesses 2 one two',
    )
  })

  test('that lie, hang, sign something else, know no such log or are away hold up no others', async () => {
    const good = await witness('good')
    const { sign, publicKey } = ed25519(Buffer.alloc(32, 40))
    const self = (name: string) => ({ name, publicKey })
    const old = 'antam/audit\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n'
    const now = () => Math.floor(Date.now() / 1000)
    const noteOf = (body: string) => body.slice(body.indexOf('\n\n') + 2)
    const signing =
      (name: string, apart: number): RequestListener =>
      async (request, response) =>
        response.end(writeCosignature(sha256, noteOf(await text(request)), self(name), sign, now() + apart))
    const answers: Record<string, RequestListener> = {
      hangs: () => {},
      lies: (_, response) => response.end(`— lies ${Buffer.alloc(76, 7).toString('base64')}\n`),
      'signs-an-old-head': (_, response) =>
        response.end(writeCosignature(sha256, old, self('signs-an-old-head'), sign, now())),
      'three-hours-ahead': signing('three-hours-ahead', 3 * 3600),
      'three-hours-behind': signing('three-hours-behind', -3 * 3600),
      'signs-as-another': signing('stranger', 0),
      'says-too-much': (_, response) => response.end('x'.repeat(1_000_000)),
      'knows-no-log': (_, response) => response.writeHead(404).end(),
      'says-another-size': (_, response) => response.writeHead(409).end('999\n'),
      'says-no-size': (_, response) => response.writeHead(409).end('what?'),
      'leads-on': (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    }
    const others = await Promise.all(Object.entries(answers).map(([name, answer]) => bad(name, answer)))
    const away = { ...(await bad('away', () => {})), url: 'http://127.0.0.1:1' }
    Object.assign(given, { WITNESSES: [good, ...others, away], WITNESS_QUORUM: 1 })
    await write(2)
    await publish()
    expect((await head()).size).toBe(2)
    expect(await db.auditCosignature.findMany({ select: { witness: true } })).toEqual([{ witness: 'good' }])
    expect((await shown()).match(/^— /gm)).toHaveLength(2)
  }, 30_000)

  test('too few of them: the old checkpoint stays, health says so, and after an hour blocks wait', async () => {
    const one = await witness('one')
    Object.assign(given, { WITNESSES: [one], WITNESS_QUORUM: 1 })
    await write(1)
    await publish()
    Object.assign(given, {
      WITNESSES: [one, { ...(await bad('away', () => {})), url: 'http://127.0.0.1:1' }],
    })
    Object.assign(given, { WITNESS_QUORUM: 2 })
    await write(1)
    await publish()
    expect((await head()).size, 'published before, under the quorum of then').toBe(1)
    expect(await hasSealingFailed()).toBe(false)
    expect((await checkReadiness()).find(({ name }) => name === 'audit')?.stopped).toBeUndefined()
    await superuser.query(`UPDATE troubles SET since = since - interval '61 minutes'`)
    expect(await hasSealingFailed()).toBe(true)
    expect((await checkReadiness()).find(({ name }) => name === 'audit')).toMatchObject({
      ok: true,
      stopped: expect.stringContaining('witnesses'),
    })
    Object.assign(given, { WITNESS_QUORUM: 1 })
    await publishLog(new Date())
    expect((await head()).size).toBe(2)
    expect(await hasSealingFailed()).toBe(false)
  })

  test('that remember another size than we do are asked again from theirs', async () => {
    const one = await witness('one')
    Object.assign(given, { WITNESSES: [one], WITNESS_QUORUM: 1 })
    await write(3)
    await publish()
    await superuser.query('DELETE FROM audit_cosignatures')
    await write(2)
    await publish()
    expect((await head()).size).toBe(5)
    expect(one.asked.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 0', 'old 3'])
  })

  test('do not sign a log that was rewritten, and the checkpoint before stays', async () => {
    const one = await witness('one')
    Object.assign(given, { WITNESSES: [one], WITNESS_QUORUM: 1 })
    await write(4)
    await publish()
    const before = await shown()
    await superuser.query(`DELETE FROM audit_entries; DELETE FROM audit_leaves; DELETE FROM audit_nodes;
      DELETE FROM audit_heads; DELETE FROM audit_cosignatures`)
    rmSync(join(data, 'checkpoints'), { recursive: true })
    await write(6)
    await publish()
    expect(await shown()).toBe(before)
    expect(await db.trouble.findFirst()).toMatchObject({ job: 'audit-witness', code: 'no_quorum' })
  })
})
