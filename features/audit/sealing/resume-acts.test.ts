import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { checkReadiness } from '#features/health/data.ts'
import { checkKeys } from '#features/installation/acts.ts'
import { err, ok } from '#lib/result.ts'
import { fromBase64 } from '#lib/transparency/base64.ts'
import { isConsistent } from '#lib/transparency/tree.ts'
import { env } from '#platform/env.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { checkpointsIn, verifierFor } from '../../../scripts/audit/checkpoints.ts'
import { verifyLog } from '../../../scripts/audit/verification.ts'
import { audit } from '../entries/acts.ts'
import {
  checkProofFile,
  proveConsistency,
  readLatestCheckpoint,
  readSubmissionProof,
} from '../proofs/data.ts'
import { sealLog } from './acts.ts'
import { findSealingTrouble, listPublicBreaks, listShownBreaks, readLogVerifier } from './data.ts'
import { sealOrReport } from './jobs.ts'
import { resumeLog } from './resume-acts.ts'
import { readCheckpoint } from './rules.ts'

const NOW = new Date('2026-11-28T01:00:00Z')
const directory = join(process.env.DATA_DIR ?? '', 'checkpoints')
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const note = (subject: string) =>
  transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'case.note',
      subject: { kind: 'case', id: subject },
      at: NOW,
    }),
  )
/** Does what a restore does: removes everything in the log from a size on. */
const cutTo = (size: number) =>
  superuser.query(`
    DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_leaves WHERE "index" >= ${size});
    DELETE FROM audit_leaves WHERE "index" >= ${size};
    DELETE FROM audit_nodes WHERE ("index" + 1) * (1 << level) > ${size};
    DELETE FROM audit_heads WHERE size > ${size}`)

test('a break stops sealing and says why; once stated it is in the log, public, and told to the holder of an old proof', async () => {
  const kept = await makeCase()
  await sealLog()
  const { size } = await db.auditHead.findFirstOrThrow()
  const before = await readSubmissionProof(kept.id)
  const lost = await makeCase()
  await sealLog()
  const after = await readSubmissionProof(lost.id)
  if (!before || !after) throw new Error('no proof')
  await cutTo(Number(size))
  const tables = readdirSync(directory)

  await note('new')
  await sealOrReport()
  expect(readdirSync(directory)).toEqual(tables)
  expect(await findSealingTrouble()).toMatchObject({ fault: 'ahead', facts: { database: Number(size) } })
  const health = (await checkReadiness()).find(({ name }) => name === 'audit')
  expect(health).toMatchObject({ ok: true, stopped: expect.stringContaining('npm run audit:resume') })
  expect(await checkProofFile(JSON.stringify(after)), 'a cut that nobody stated').toBe('dropped')

  expect(await resumeLog('', NOW)).toMatchObject({ ok: false })
  expect(await resumeLog('two\nlines', NOW)).toMatchObject({ ok: false })
  const stated = await resumeLog('Restored', NOW)
  expect(stated).toMatchObject(
    ok({ history: 2, from: { size: Number(size) }, ended: { size: after.size }, reason: 'Restored' }),
  )
  await sealOrReport()
  expect(await findSealingTrouble()).toBeNull()
  const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'audit.resumed' } })
  expect(entry).toMatchObject({
    actorKind: 'system',
    subjectKind: 'log',
    facts: { ended: after.size, from: Number(size), lost: after.size - Number(size), reason: 'Restored' },
  })
  expect(await db.auditLeaf.count({ where: { entryId: entry.id } })).toBe(1)
  expect(await listPublicBreaks()).toMatchObject([{ history: 2, lost: after.size - Number(size) }])

  expect(await checkProofFile(JSON.stringify(before))).toBe('holds')
  expect(await checkProofFile(JSON.stringify(after))).toBe('broken')
  const old = await readCheckpoint(sha256, after.checkpoint, await readLogVerifier(), verifyEd25519)
  for (let n = 0; n < 9; n++) await note(`later ${n}`)
  await sealLog()
  const on = await proveConsistency(after.size)
  const now = await readCheckpoint(sha256, on?.checkpoint ?? '', await readLogVerifier(), verifyEd25519)
  if (!old || !on || !now) throw new Error('not signed')
  const hashes = on.proof.map((one) => fromBase64(one) as Uint8Array)
  expect(await isConsistent(sha256, old, now, hashes), 'no proof of consistency leads across').toBe(false)
  expect(await resumeLog('Again', NOW)).toEqual(
    err('There is no break: the database has all that was published.'),
  )
})

describe('another name or key', () => {
  const given = env() as { -readonly [K in keyof ReturnType<typeof env>]: ReturnType<typeof env>[K] }
  const real = { ...given }
  afterEach(() => {
    delete given.AUDIT_ORIGIN
    delete given.ANTAM_AUDIT_KEY_ALSO
    Object.assign(given, real)
  })

  test('is refused where it is a mistake, and once stated the log goes on from its last entry', async () => {
    const early = await makeCase()
    expect(await checkKeys(NOW)).toEqual([])
    await sealLog()
    const before = await readSubmissionProof(early.id)
    const proven = await readCheckpoint(
      sha256,
      before?.checkpoint ?? '',
      await readLogVerifier(),
      verifyEd25519,
    )

    given.AUDIT_ORIGIN = 'antam.example.gov.vn/log/2027'
    expect(await checkKeys(NOW)).toEqual([expect.stringMatching(/^AUDIT_ORIGIN: .*antam\/audit/)])
    await makeCase()
    await expect(sealLog()).rejects.toThrow('AUDIT_ORIGIN')
    given.ANTAM_AUDIT_KEY = Buffer.alloc(32, 9)
    expect(await resumeLog('The year ends', NOW), 'the key before has to sign').toMatchObject(
      err(expect.stringContaining('ANTAM_AUDIT_KEY_ALSO')),
    )
    given.ANTAM_AUDIT_KEY_ALSO = real.ANTAM_AUDIT_KEY
    const stated = await resumeLog('The year ends', NOW)
    expect(stated).toMatchObject(ok({ history: 2, ended: { size: proven?.size } }))
    await sealLog()
    const newest = (await readLatestCheckpoint()) ?? ''
    expect(newest.split('\n')[0]).toBe('antam.example.gov.vn/log/2027')

    expect(await listShownBreaks(), 'nothing broke').toEqual([])
    expect(await checkProofFile(JSON.stringify(before)), 'under the name and key before').toBe('holds')
    const on = await proveConsistency(proven?.size ?? 0)
    const now = await readCheckpoint(sha256, newest, await readLogVerifier(), verifyEd25519)
    if (!proven || !on || !now) throw new Error('not signed')
    const hashes = on.proof.map((one) => fromBase64(one) as Uint8Array)
    expect(await isConsistent(sha256, proven, now, hashes)).toBe(true)
    const signers = await verifierFor(directory, undefined)
    expect(signers.map(({ name }) => name)).toEqual(['antam.example.gov.vn/log/2027', 'antam/audit'])
    const { heads, breaks, bad } = await checkpointsIn(directory, signers)
    expect([heads.length, bad]).toEqual([2, []])
    expect((await verifyLog(superuser, signers, heads, breaks)).faults).toEqual([])
    expect(await resumeLog('Again', NOW)).toMatchObject({ ok: false })
  })
})

test('what was published and lost leaves its numbers unused', async () => {
  await makeCase()
  await sealLog()
  const { size } = await db.auditHead.findFirstOrThrow()
  await makeCase()
  await sealLog()
  const { id } = await db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } })
  await cutTo(Number(size))
  await superuser.query(
    `SELECT setval(pg_get_serial_sequence('audit_entries', 'id'), (SELECT max(id) FROM audit_entries))`,
  )
  await resumeLog('Restored', NOW)
  const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'audit.resumed' } })
  expect(entry.id).toBeGreaterThan(id)
})
