import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { writeVerifierLine } from '#features/audit/sealing/data.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser, withoutTriggers } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { type MadeCase, makeBlockingCase, randomImei, unblock } from '#tests/factories/case.ts'
import { issueKey } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { isGrown, provenLines, readHead } from '../../../tools/carriers/proofs.ts'
import { startDrill } from '../drills/acts.ts'
import type { ProvenChanges } from '../interface/rules.ts'
import { exchangeKeys } from '../lists/data.ts'
import { recordResults } from '../results/acts.ts'
import { changes } from './data.ts'
import { bringUpBooks } from './jobs.ts'

afterAll(closeSignals)
afterEach(() => rmSync(join(process.env.DATA_DIR ?? '', 'checkpoints'), { recursive: true, force: true }))

const never = new AbortController().signal
const now = new Date()
const sha256 = (...parts: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

async function read(carrierId: string, after = 0, limit = 1000, known = 0): Promise<ProvenChanges> {
  const found = must(await changes(carrierId, { after, limit, wait: 0, version: 2, known }, never))
  return found as ProvenChanges
}

const linesOfLog = async () => {
  const rows = await db.auditEntry.findMany({ where: { act: 'order.line' }, orderBy: { id: 'asc' } })
  return rows.map(({ subjectId, facts, caseId, actorKind }) => ({
    subjectId,
    caseId,
    actorKind,
    ...Object(facts),
  }))
}

const chainOf = (entries: ProvenChanges['entries'], from: Uint8Array = new Uint8Array(32)): string =>
  entries
    .reduce((chain: Uint8Array, { leaf: _, ...line }) => sha256(chain, sha256(canonicalJson(line))), from)
    .reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '')

test('each line of a book has its entry in the log, with its hash and its case, and nothing of the phone', async () => {
  const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
  await unblock(made)
  const logged = await linesOfLog()
  expect(logged).toHaveLength(20)
  const { entries } = await read('viettel')
  expect(entries.map(({ action }) => action)).toEqual(['block', 'block', 'unblock', 'unblock'])
  for (const { leaf: _, ...line } of entries) {
    const mine = logged.filter(({ carrier, seq }) => carrier === 'viettel' && seq === line.seq)
    expect(mine).toEqual([
      {
        ...{ subjectId: line.order, caseId: null, actorKind: 'system', carrier: 'viettel', seq: line.seq },
        lineHash: sha256(canonicalJson(line)).toString('hex'),
        caseHash: sha256(canonicalJson({ case: made.id, order: line.order })).toString('hex'),
      },
    ])
  }
  const text = JSON.stringify(logged)
  for (const part of [...made.imeis, made.id, made.number]) expect(text).not.toContain(part)
})

test('a drill is logged as what it is: of no case', async () => {
  const wish = { carrierId: 'viettel', phones: 2, phaseMinutes: 15, submitKey: randomUUID() }
  await startDrill(await makeStaff('relay'), wish, now)
  expect(await linesOfLog()).toMatchObject([{ caseHash: null }, { caseHash: null }, { caseHash: null }])
  await sealLog()
  const answer = await read('viettel')
  expect(provenLines(answer, writeVerifierLine(), 'viettel').size).toBe(3)
})

describe('version 2 of changes', () => {
  test('has no places until the log is sealed, then places and proofs that a carrier can check', async () => {
    const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
    const early = await read('viettel')
    expect([early.checkpoint, early.proofs, early.entries.map(({ leaf }) => leaf)]).toEqual([
      null,
      [],
      [null, null],
    ])
    await sealLog()
    await makeBlockingCase()
    const answer = await read('viettel')
    expect(answer.proofs.map(({ seq }) => seq)).toEqual([1, 2])
    expect(answer.entries.map(({ leaf }) => typeof leaf)).toEqual(['number', 'number', 'object'])
    expect([...provenLines(answer, writeVerifierLine(), 'viettel')]).toEqual([1, 2])
    expect(provenLines(answer, writeVerifierLine(), 'mobifone').size).toBe(0)
    expect(JSON.stringify(answer.proofs)).not.toContain(made.id)
    // Under a newer head the positions stay and the proofs change.
    await sealLog()
    const later = await read('viettel')
    expect(later.entries.slice(0, 2)).toEqual(answer.entries.slice(0, 2))
    expect([...provenLines(later, writeVerifierLine(), 'viettel')]).toEqual([1, 2, 3])
    const [before, head] = [answer, later].map(({ checkpoint }) =>
      readHead(checkpoint ?? '', writeVerifierLine()),
    )
    if (!before || !head) throw new Error('no heads')
    const { growth } = await read('viettel', 3, 1, before.size)
    expect(isGrown(before, head, growth ?? [])).toBe(true)
    expect([answer.growth, (await read('viettel', 0, 1, head.size + 1)).growth]).toEqual([null, null])
    expect((await read('viettel', 0, 1, head.size)).growth).toEqual([])
  })

  test('has the same chain from wherever it is read', async () => {
    await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
    await unblock(await makeBlockingCase())
    const whole = await read('viettel')
    expect(whole).toMatchObject({ carrier: 'viettel', next: 4, chain: chainOf(whole.entries) })
    expect((await read('viettel', 0, 3)).chain).toBe(chainOf(whole.entries.slice(0, 3)))
    const tail = await read('viettel', 3)
    const before = Buffer.from((await read('viettel', 0, 3)).chain ?? '', 'hex')
    expect(tail.chain).toBe(chainOf(tail.entries, before))
    expect(await read('viettel', 4)).toMatchObject({ entries: [], proofs: [], chain: whole.chain })
    expect((await read('gmobile', 0, 1)).chain).not.toBe(whole.chain)
  })

  test('leaves version 1 as it was', async () => {
    await makeBlockingCase()
    await sealLog()
    for (const version of [undefined, 1] as const) {
      const found = must(
        await changes('viettel', { after: 0, limit: 10, wait: 0, ...(version && { version }) }, never),
      )
      expect(Object.keys(found)).toEqual(['after', 'next', 'head', 'sha256', 'entries'])
      const fields = ['seq', 'order', 'imei', 'action', 'reason', 'legalBasis', 'issuedAt']
      expect(Object.keys(found.entries[0] ?? {})).toEqual(fields)
    }
  })

  test('does not prove a line that came into the book without its entry, or was changed in it', async () => {
    const made = await makeBlockingCase()
    await makeBlockingCase()
    const [first] = (await read('viettel')).entries
    await withoutTriggers(async () => {
      // As the database owner could: change one line's phone and insert another line.
      await superuser.query(`UPDATE book_entries SET imei = $1 WHERE carrier_id = 'viettel' AND seq = 2`, [
        randomImei(),
      ])
      await superuser.query(
        `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at, chain)
         VALUES ('viettel', 3, $1, $2, 'block', 'robbed', '', now(), $3)`,
        [first?.order, randomImei(), Buffer.alloc(32)],
      )
      await superuser.query(`UPDATE carriers SET book_head = 3 WHERE id = 'viettel'`)
    })
    await sealLog()
    const answer = await read('viettel')
    expect(answer.entries).toHaveLength(3)
    expect([...provenLines(answer, writeVerifierLine(), 'viettel')]).toEqual([1])
    expect(answer.entries[0]?.imei).toBe(made.imeis[0])
    expect(answer.chain).not.toBe(chainOf(answer.entries))
  })
})

test('lines of a release before this one come into chain and log once, and say that they came later', async () => {
  const old = await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
  await withoutTriggers(async () => {
    await superuser.query('UPDATE book_entries SET chain = NULL')
    await superuser.query('DELETE FROM audit_entries')
  })
  // A line that this release writes after them has its entry, and no chain as long as they have none.
  const young = await makeBlockingCase()
  expect((await read('viettel')).chain).toBeNull()
  expect(await bringUpBooks(now, never)).toBe(15)
  expect(await bringUpBooks(now, never)).toBe(0)
  const logged = (await linesOfLog()).filter(({ carrier }) => carrier === 'viettel')
  expect(logged.map(({ seq, later = false }) => [seq, later]).toSorted()).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ])
  await makeBlockingCase()
  await sealLog()
  const answer = await read('viettel')
  expect(answer.chain).toBe(chainOf(answer.entries))
  expect(provenLines(answer, writeVerifierLine(), 'viettel').size).toBe(4)
  expect(answer.entries.slice(0, 3).map(({ imei }) => imei)).toEqual([...old.imeis, ...young.imeis])
})

test('a line without an entry is not taken for an older one once this release has long been at work', async () => {
  await makeBlockingCase()
  await superuser.query(`UPDATE audit_entries SET at = at - interval '2 days' WHERE act = 'order.line'`)
  await withoutTriggers(() =>
    superuser.query(`UPDATE book_entries SET chain = NULL WHERE carrier_id = 'viettel'`),
  )
  expect(await bringUpBooks(now, never)).toBe(0)
  expect((await read('viettel')).chain).toBeNull()
})

test('a chain is written once', async () => {
  await makeBlockingCase()
  const where = { carrierId_seq: { carrierId: 'viettel', seq: 1n } }
  await expect(
    transaction((tx) => tx.bookEntry.update({ where, data: { chain: new Uint8Array(32) } })),
  ).rejects.toThrow(/chain of a carrier/)
  await expect(transaction((tx) => tx.bookEntry.update({ where, data: { chain: null } }))).rejects.toThrow()
})

describe('results', () => {
  const rowOf = async (made: MadeCase) => {
    const [line] = await db.bookEntry.findMany({ where: { carrierId: 'viettel', imei: made.imeis[0] ?? '' } })
    return {
      order: line?.orderId ?? '',
      imei: made.imeis[0] ?? '',
      at: new Date(now.getTime() + 1).toISOString(),
    }
  }

  test('stand in the log with the hash of what was recorded', async () => {
    const row = await rowOf(await makeBlockingCase({ now }))
    const rejected = { ...row, outcome: 'rejected', code: 'technical' } as const
    await recordResults('viettel', [rejected], now)
    await recordResults('viettel', [{ ...row, outcome: 'applied' }], now)
    // A repeated result adds no entry.
    await recordResults('viettel', [{ ...row, outcome: 'applied' }, rejected], now)
    const entries = await db.auditEntry.findMany({ where: { act: 'order.result' }, orderBy: { id: 'asc' } })
    const hashes = [rejected, { ...row, outcome: 'applied', code: null }].map((one) =>
      sha256(canonicalJson(one)).toString('hex'),
    )
    expect(entries.map(({ facts }) => Object(facts).rowHashes)).toEqual(hashes)
  })

  test('are answered with a signature over the answer, which names what was posted', async () => {
    const { POST } = await import(resolve('app/api/carrier/v1/results/route.ts'))
    const made = await makeBlockingCase({ now })
    const body = JSON.stringify({ results: [{ ...(await rowOf(made)), outcome: 'applied' }] })
    const issued = must(
      await issueKey(await makeStaff('relay'), { carrierId: 'viettel', submitKey: randomUUID() }, new Date()),
    )
    const headers = { authorization: `Bearer ${issued}`, 'content-type': 'application/json' }
    const post = (text: string) =>
      POST(new Request('http://localhost/x', { method: 'POST', headers, body: text }), {
        params: Promise.resolve({}),
      })
    const response: Response = await post(body)
    const answer = await response.text()
    expect(JSON.parse(answer)).toMatchObject({
      ...{ carrier: 'viettel', sha256: sha256(body).toString('hex'), at: expect.any(String) },
      results: [{ status: 'recorded' }],
    })
    const [header = '', payload, signature = ''] = (response.headers.get('x-answer-jws') ?? '').split('.')
    expect(payload).toBe('')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
    const jwk = exchangeKeys().keys.find((one) => one.kid === kid)
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: jwk?.x ?? '' }, format: 'jwk' })
    const holds = (text: string) =>
      verify(
        null,
        Buffer.from(`${header}.${Buffer.from(text).toString('base64url')}`),
        key,
        Buffer.from(signature, 'base64url'),
      )
    expect([holds(answer), holds(answer.replace('recorded', 'unknown '))]).toEqual([true, false])
    // A failure without a reason refuses the whole request and names its place.
    const bad = { results: [{ ...(await rowOf(made)), outcome: 'rejected' }] }
    const refused: Response = await post(JSON.stringify(bad))
    expect([refused.status, (await refused.json()).errors[0].at]).toEqual([422, '/results/0/code'])
  })
})
