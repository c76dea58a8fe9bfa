import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as proofRoute from '#app/api/v1/audit/proof/route.ts'
import * as logRoute from '#app/log/[...path]/route.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { readStoryWithProofs, readSubmissionProof } from '#features/audit/proofs/data.ts'
import { writeTlogProof } from '#features/audit/proofs/rules.ts'
import { publishLog } from '#features/audit/publishing/acts.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { readLogSigner, writeVerifierLine } from '#features/audit/sealing/data.ts'
import { writeCheckpoint } from '#features/audit/sealing/rules.ts'
import { env } from '#platform/env.ts'
import { sha256 } from '#platform/signatures.ts'
import { superuser } from '#tests/database.ts'
import { transaction } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { run } from '../run.ts'

// Runs verify/verify.py and verify/witness.py as an outsider would (Python 3, none of our code) against the real routes.

const given = env() as { -readonly [K in keyof ReturnType<typeof env>]: ReturnType<typeof env>[K] }
const real = { ...given }
const data = process.env.DATA_DIR ?? ''
const folder = mkdtempSync(join(tmpdir(), 'an-tam-outsider-'))
const at = (name: string) => join(folder, name)
let site: Server
let url: string
/** Replaces the site's answer when it returns a value. */
let instead: (path: string) => Buffer | number | null = () => null

beforeAll(async () => {
  const { code } = await run('python3', ['--version']).catch(() => ({ code: 127 }))
  if (code !== 0) throw new Error('There is no python3: install it (Debian: apt-get install python3).')
  site = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://x')
    const other = instead(pathname)
    if (typeof other === 'number') return response.writeHead(other).end()
    if (other) return response.end(other)
    const asked = new Request(`http://127.0.0.1${pathname}${search}`)
    const answer = pathname.startsWith('/log/')
      ? await logRoute.GET(asked, { params: Promise.resolve({ path: pathname.slice(5).split('/') }) })
      : await proofRoute.GET(asked, { params: Promise.resolve({}) })
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterAll(() => {
  site.close()
  rmSync(folder, { recursive: true, force: true })
})

let witnesses: ChildProcess[] = []
afterEach(async () => {
  instead = () => null
  delete given.WITNESS_QUORUM
  Object.assign(given, real)
  for (const one of witnesses) one.kill()
  witnesses = []
  for (const name of ['log', 'checkpoints']) rmSync(join(data, name), { recursive: true, force: true })
  for (const name of readdirSync(folder)) rmSync(at(name), { recursive: true })
})

const verify = async (...args: string[]) => {
  const { code, output } = await run('python3', ['verify/verify.py', ...args])
  return { code, said: output }
}
const file = (name: string, text: string): string => {
  writeFileSync(at(name), text)
  return at(name)
}
const write = (count: number, id?: string) =>
  transaction(async (tx) => {
    for (let n = 0; n < count; n++)
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'case.note',
        subject: { kind: 'case', id: id ?? `c${n}` },
        at: new Date(),
      })
  })
const publish = async () => {
  await sealLog()
  await publishLog(new Date())
}
const shown = () => readFileSync(join(data, 'log', 'checkpoint'), 'utf8')

async function startWitness(name: string, port = 0, log = writeVerifierLine()) {
  const args = [
    'verify/witness.py',
    '--state',
    at(`${name.replace('/', '-')}.json`),
    '--name',
    name,
    '--log',
    log,
  ]
  const child = spawn('python3', [...args, '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] })
  witnesses.push(child)
  const [said] = await once(createInterface({ input: child.stdout }), 'line')
  const [line = '', own = ''] = String(said).split(' ')
  const address = `http://127.0.0.1:${own}`
  const ask = async (body: string) => {
    const answer = await fetch(`${address}/add-checkpoint`, { method: 'POST', body })
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }
  return { child, line, url: address, ask }
}

/** Returns a log of one case and other entries, with its proofs in all forms. */
async function provenLog() {
  const { id } = await makeCase()
  await write(20)
  await write(2, id)
  await publish()
  const [proof, story] = [await readSubmissionProof(id), await readStoryWithProofs(id)]
  if (!proof || !story) throw new Error('no proof')
  return { proof, story, key: writeVerifierLine() }
}

describe('proofs', () => {
  test('of a receipt, in both forms, and of a story hold; none that was forged, cut or reordered does', async () => {
    const { proof, story, key } = await provenLog()
    const good = {
      'proof.json': JSON.stringify(proof),
      'proof.tlog-proof': writeTlogProof(proof),
      'story.json': JSON.stringify(story),
    }
    for (const [name, text] of Object.entries(good))
      expect(await verify('proof', file(name, text), '--key', key), name).toMatchObject({
        code: 0,
        said: expect.stringMatching(/HOLDS {2}\d+ of the \d+ entries/),
      })
    expect(proof.proof.length).toBeGreaterThan(3)
    const other = readLogSigner()
    const forged = writeCheckpoint(
      sha256,
      { size: proof.size, root: sha256() },
      { name: other.signer.name, publicKey: Buffer.alloc(32, 1) },
      other.sign,
    )
    const [first, ...rest] = story.entries
    const bad = {
      'another entry': { ...proof, leaf: proof.leaf.replace('case.submit', 'case.reject') },
      'as an older version': { ...proof, leaf: proof.leaf.replace('"v":3', '"v":2') },
      'another place': { ...proof, index: proof.index + 1 },
      'a place beyond': { ...proof, index: proof.size },
      cut: { ...proof, proof: proof.proof.slice(0, -1) },
      'too long': { ...proof, proof: [...proof.proof, ...proof.proof] },
      reordered: { ...proof, proof: proof.proof.toReversed() },
      'not base64': { ...proof, proof: proof.proof.map(() => '***') },
      'another signer': { ...proof, checkpoint: forged },
      'a changed root': { ...proof, checkpoint: proof.checkpoint.replace(/\n[A-Za-z0-9+/]{4}/, '\nAAAA') },
      'no checkpoint': { ...proof, checkpoint: '' },
      'no proof at all': [1, 2],
      'a story of another case': { ...story, caseId: 'another' },
      'a story of no case': { ...story, caseId: undefined },
      'a story without a line': { ...story, entries: [] },
      'a story out of order': { ...story, entries: [...rest, first] },
      'a story with a line changed': { ...story, entries: [{ ...first, leaf: '{}' }, ...rest] },
    }
    if (rest.length === 0) throw new Error('the story has one line')
    for (const [name, content] of Object.entries(bad))
      expect(
        await verify('proof', file('bad.json', JSON.stringify(content)), '--key', key),
        name,
      ).toMatchObject({
        code: 1,
        said: expect.stringContaining('FAULT'),
      })
    const cut = good['proof.tlog-proof'].split('\n').toSpliced(3, 1).join('\n')
    expect((await verify('proof', file('bad.tlog-proof', cut), '--key', key)).code).toBe(1)
    expect((await verify('proof', at('nowhere'), '--key', key)).code, 'no file').toBe(2)
  })

  test('the delivered vectors are read as they are named', async () => {
    const { proof, story, key } = await provenLog()
    const vectors = 'verify/vectors'
    if (process.env.UPDATE_VECTORS) {
      mkdirSync(vectors, { recursive: true })
      const made = {
        'key.txt': `${key}\n`,
        'good-proof.json': JSON.stringify(proof, null, 2),
        'good-proof.tlog-proof': writeTlogProof(proof),
        'good-story.json': JSON.stringify(story, null, 2),
        'bad-entry.json': JSON.stringify(
          { ...proof, leaf: proof.leaf.replace('case.submit', 'case.reject') },
          null,
          2,
        ),
        'bad-order.json': JSON.stringify({ ...proof, proof: proof.proof.toReversed() }, null, 2),
        'bad-root.json': JSON.stringify(
          { ...proof, checkpoint: proof.checkpoint.replace(/\n[A-Za-z0-9+/]{4}/, '\nAAAA') },
          null,
          2,
        ),
      }
      for (const [name, text] of Object.entries(made)) writeFileSync(join(vectors, name), text)
    }
    const of = readFileSync(join(vectors, 'key.txt'), 'utf8').trim()
    const names = readdirSync(vectors).filter((name) => name !== 'key.txt')
    expect(names.length).toBeGreaterThan(5)
    for (const name of names)
      expect((await verify('proof', join(vectors, name), '--key', of)).code, name).toBe(
        name.startsWith('good') ? 0 : 1,
      )
  })
})

describe('a witness of somebody else', () => {
  test('signs what grows, keeps it through a restart, and refuses all else in the words of the standard', async () => {
    const one = await startWitness('witness.example/one')
    Object.assign(given, { WITNESSES: [{ line: one.line, url: one.url }] })
    await write(5)
    await publish()
    await write(9)
    await publish()
    const key = writeVerifierLine()
    const head = file('checkpoint', shown())
    expect(shown()).toContain('— witness.example/one ')
    expect(await verify('checkpoint', head, '--key', key, '--witness', one.line)).toMatchObject({
      code: 0,
      said: expect.stringContaining('14 entries'),
    })
    expect(
      (await verify('checkpoint', head, '--key', key, '--witness', one.line, '--max-age', '1')).code,
    ).toBe(0)
    const stranger = await startWitness('witness.example/two')
    expect((await verify('checkpoint', head, '--key', key, '--witness', stranger.line)).code).toBe(1)
    expect((await verify('checkpoint', head, '--key', stranger.line)).code, 'a witness is no log').toBe(1)

    one.child.kill()
    await once(one.child, 'exit')
    const again = await startWitness('witness.example/one')
    expect(again.line).toBe(one.line)
    const note = shown()
    expect(await again.ask(`old 5\n\n${note}`)).toEqual({
      status: 409,
      type: 'text/x.tlog.size',
      text: '14\n',
    })
    expect((await again.ask(`old 14\n\n${note}`)).status, 'the same again').toBe(200)
    const { signer, sign } = readLogSigner()
    const signed = (size: number, root = sha256()) => writeCheckpoint(sha256, { size, root }, signer, sign)
    expect((await again.ask(`old 14\n\n${signed(14)}`)).status, 'another root of the same size').toBe(409)
    expect((await again.ask(`old 14\n\n${signed(20)}`)).status, 'without a proof').toBe(422)
    expect((await again.ask(`old 14\n${Buffer.alloc(32).toString('base64')}\n\n${signed(20)}`)).status).toBe(
      422,
    )
    expect((await again.ask(`old 14\n\n${signed(3)}`)).status, 'a shorter log').toBe(400)
    const other = { ...signer, name: 'other.example/log' }
    const strange = writeCheckpoint(sha256, { size: 20, root: sha256() }, other, sign)
    expect((await again.ask(`old 0\n\n${strange}`)).status, 'a log that it does not know').toBe(404)
    const unsigned = signed(20).replace(/\n14\n|\n20\n/, '\n21\n')
    expect((await again.ask(`old 14\n\n${unsigned}`)).status, 'changed after it was signed').toBe(403)
    for (const body of ['', 'old 14', 'old x\n\n', `old 014\n\n${note}`, `old 14\n!!\n\n${note}`, note])
      expect((await again.ask(body)).status, JSON.stringify(body.slice(0, 20))).toBe(400)
  })
})

describe('following the log', () => {
  const copy = () => at('copy')
  const follow = () => verify('follow', `${url}/log`, copy())

  test('copies it, sees it grow, and keeps the newest checkpoint', async () => {
    await write(300)
    await publish()
    expect(await follow()).toMatchObject({
      code: 0,
      said: expect.stringContaining('300 entries, 300 of them new'),
    })
    await write(300)
    await publish()
    expect(await follow()).toMatchObject({
      code: 0,
      said: expect.stringContaining('600 entries, 300 of them new'),
    })
    expect(readFileSync(join(copy(), 'checkpoint'), 'utf8')).toBe(shown())
    const old = file('old', readFileSync(join(data, 'checkpoints', '0000000000000300.checkpoint'), 'utf8'))
    const answer = await (await fetch(`${url}/api/v1/audit/proof?from=300`)).text()
    const grown = await verify('consistency', old, file('now.json', answer), '--key', writeVerifierLine())
    expect(grown).toMatchObject({ code: 0, said: expect.stringContaining('300 entries is the beginning') })
    const { signer, sign } = readLogSigner()
    const forged = file('forged', writeCheckpoint(sha256, { size: 300, root: sha256() }, signer, sign))
    expect((await verify('consistency', forged, at('now.json'), '--key', writeVerifierLine())).code).toBe(1)
  })

  test('finds an older head, a second log of the same key, and what was cut or changed on the way', async () => {
    await write(300)
    await publish()
    const first = shown()
    await write(10)
    await publish()
    expect((await follow()).code).toBe(0)
    const kept = readFileSync(join(copy(), 'checkpoint'), 'utf8')

    instead = (path) => (path === '/log/checkpoint' ? Buffer.from(first) : null)
    expect(await follow()).toMatchObject({ code: 1, said: expect.stringContaining('it had 310') })
    instead = (path) => (path.startsWith('/log/tile/0/001.p/') ? Buffer.alloc(54 * 32) : null)
    expect(await follow()).toMatchObject({ code: 1, said: expect.stringContaining('is not what its leaf') })
    instead = (path) => (path.startsWith('/log/tile/entries/001') ? Buffer.alloc(40) : null)
    expect((await follow()).code).toBe(1)
    instead = (path) => (path.startsWith('/log/tile/0/001') ? 500 : null)
    expect((await follow()).code, 'a server that fails proves nothing').toBe(2)
    instead = () => null
    expect((await follow()).code).toBe(0)

    await superuser.query(
      'DELETE FROM audit_entries; DELETE FROM audit_leaves; DELETE FROM audit_nodes; DELETE FROM audit_heads',
    )
    for (const name of ['log', 'checkpoints']) rmSync(join(data, name), { recursive: true })
    await write(400)
    await publish()
    expect(await follow()).toMatchObject({ code: 1, said: expect.stringContaining('FAULT') })
    expect(readFileSync(join(copy(), 'checkpoint'), 'utf8'), 'the head that was true stays').toBe(kept)
    expect(readdirSync(copy()).some((name) => name.startsWith('refused-400'))).toBe(true)
  })

  test('asks for the witnesses of the policy that was kept', async () => {
    const one = await startWitness('witness.example/one')
    Object.assign(given, { WITNESSES: [{ line: one.line, url: one.url }] })
    await write(3)
    await publish()
    expect(await follow()).toMatchObject({ code: 0 })
    expect(readFileSync(join(copy(), 'policy.txt'), 'utf8')).toContain(one.line)
    Object.assign(given, { WITNESSES: [] })
    await write(3)
    await publish()
    expect(await follow(), 'the operator alone signs').toMatchObject({
      code: 1,
      said: expect.stringContaining('too few witnesses'),
    })
  })
})
