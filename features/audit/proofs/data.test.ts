import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fromBase64 } from '#lib/transparency/base64.ts'
import { isConsistent, rootFromInclusion, sameHash } from '#lib/transparency/tree.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { run } from '../../../scripts/run.ts'
import { audit } from '../entries/acts.ts'
import { readAuditPage, readStoryPage } from '../entries/data.ts'
import { hashOfLeaf } from '../entries/rules.ts'
import { sealLog } from '../sealing/acts.ts'
import { readLogVerifier, writeVerifierLine } from '../sealing/data.ts'
import { readCheckpoint } from '../sealing/rules.ts'
import { takeProof, takeStory } from './acts.ts'
import { readProofCode } from './code-rules.ts'
import {
  checkProofCode,
  checkProofFile,
  proveConsistency,
  proveInclusion,
  readEntryWithProof,
  readSubmission,
  readSubmissionProof,
} from './data.ts'
import { checkProof } from './rules.ts'

afterEach(() => rmSync(join(process.env.DATA_DIR ?? '', 'checkpoints'), { recursive: true, force: true }))

const head = async (note: string) => {
  const read = await readCheckpoint(sha256, note, await readLogVerifier(), verifyEd25519)
  if (!read) throw new Error('not signed')
  return read
}
const hashes = (proof: readonly string[]) => proof.map((one) => fromBase64(one) as Uint8Array)

/** Returns the exit code of `npm run audit:verify -- --proof`. */
async function verify(text: string): Promise<number | null> {
  const file = join(mkdtempSync(join(tmpdir(), 'an-tam-proof-')), 'proof.json')
  writeFileSync(file, text)
  const env = { DATABASE_URL: '', ANTAM_AUDIT_KEY: '' }
  const args = ['scripts/audit-verify.ts', '--proof', file, '--key', writeVerifierLine()]
  return (await run(process.execPath, args, env)).code
}

test('a case that was sent is proved within the log once it is sealed, and a person who kept an old checkpoint sees it go on', async () => {
  const { id } = await makeCase()
  expect(await readSubmissionProof(id)).toBeNull()
  await sealLog()
  const proof = await readSubmissionProof(id)
  if (!proof) throw new Error('no proof')
  expect(JSON.parse(proof.leaf)).toMatchObject({ act: 'case.submit', subjectId: id, caseId: id, v: 3 })
  expect(await checkProof(sha256, verifyEd25519, await readLogVerifier(), proof)).toMatchObject({
    holds: true,
  })

  for (let n = 0; n < 9; n++) await makeCase()
  await sealLog()
  const old = await head(proof.checkpoint)
  const on = await proveConsistency(old.size)
  if (!on) throw new Error('no proof')
  expect(await isConsistent(sha256, old, await head(on.checkpoint), hashes(on.proof))).toBe(true)
  const now = await proveInclusion(proof.index)
  const leaf = hashOfLeaf(sha256, proof.leaf)
  const root = await rootFromInclusion(sha256, leaf, proof.index, now?.size ?? 0, hashes(now?.proof ?? []))
  expect(sameHash(root as Uint8Array, (await head(now?.checkpoint ?? '')).root)).toBe(true)
  expect(await proveConsistency(10_000)).toBeNull()
  expect(await proveInclusion(10_000)).toBeNull()
})

test('an auditor takes a proof away, which is in the log; nobody else does; the command checks it', async () => {
  const { id } = await makeCase()
  await sealLog()
  const { id: entry } = await db.auditEntry.findFirstOrThrow({ where: { act: 'case.submit', caseId: id } })
  expect(await takeProof(await makeStaff('city_police'), entry, new Date())).toBeNull()
  const auditor = await makeStaff('auditor')
  const proof = await takeProof(auditor, entry, new Date())
  expect(await db.auditEntry.count({ where: { act: 'audit.take_proof', subjectId: String(entry) } })).toBe(1)
  expect((await readEntryWithProof(auditor, entry))?.entry.afterHash).not.toBeNull()
  expect(await readEntryWithProof(await makeStaff('admin'), entry)).toBeNull()

  expect(await verify(JSON.stringify(proof))).toBe(0)
  expect(await verify(JSON.stringify(proof).replace('citizen', 'staff'))).toBe(1)
  expect(await verify('nothing')).toBe(2)
})

test('a receipt’s code is known when the case is sent, and counts once that is sealed', async () => {
  const { id } = await makeCase()
  const sent = await readSubmission(id)
  const named = must(readProofCode(sent?.code ?? ''))
  expect(sent?.sealed).toBe(false)
  expect(await checkProofCode(named)).toBe('absent')
  await sealLog()
  expect(await readSubmission(id)).toEqual({ code: sent?.code, sealed: true })
  for (let n = 0; n < 5; n++) await makeCase()
  await sealLog()
  expect(await checkProofCode(named)).toBe('holds')
  // Somebody with access to the database replaces the leaf; or another case's code is shown.
  await superuser.query('UPDATE audit_leaves SET hash = decode(repeat($2, 32), $3) WHERE entry_id = $1', [
    named.entry,
    '00',
    'hex',
  ])
  expect(await checkProofCode(named)).toBe('other')
  expect(await readSubmission('00000000-0000-4000-8000-000000000000')).toBeNull()
})

test('an auditor takes a case’s whole story away, which is in the log; nobody else does; the command checks it', async () => {
  const [{ id }, { id: other }] = [await makeCase(), await makeCase()]
  expect(await takeStory(await makeStaff('auditor'), id, new Date())).toBeNull()
  await sealLog()
  await note(id)
  for (let n = 0; n < 5; n++) await makeCase()
  await sealLog()
  await note(id)
  expect(await takeStory(await makeStaff('supervisor'), id, new Date())).toBeNull()
  const story = await takeStory(await makeStaff('auditor'), id, new Date())
  if (!story) throw new Error('no story')
  expect(story.entries.map(({ leaf }) => JSON.parse(leaf).act)).toEqual(['case.submit', 'case.note'])
  expect(story.left).toBe(1)
  expect(await checkProofFile(JSON.stringify(story))).toBe('story')
  expect(await checkProofFile(JSON.stringify({ ...story, caseId: other }))).toBe('entry')
  expect(await checkProofFile('{}')).toBeNull()
  const written = await db.auditEntry.findFirstOrThrow({ where: { act: 'audit.take_story' } })
  expect(written).toMatchObject({ subjectId: id, caseId: id, facts: { lines: 2, size: story.size } })
  expect(await verify(JSON.stringify(story))).toBe(0)
  expect(await verify(JSON.stringify(story).replace('case.note', 'case.nope'))).toBe(1)
})

const note = (id: string) =>
  transaction((tx) =>
    audit(tx, { actor: { kind: 'system' }, act: 'case.note', subject: { kind: 'case', id }, at: new Date() }),
  )

test('lists go by pages without a gap, and a case has its story in order', async () => {
  const auditor = await makeStaff('auditor')
  const one = await makeCase()
  const at = new Date()
  for (let n = 0; n < 120; n++) await makeCase({ now: at })
  const seen: bigint[] = []
  let below = null
  do {
    const page = await readAuditPage(auditor, { act: 'case.submit' }, below)
    seen.push(...page.entries.map((entry) => entry.id))
    below = page.next
  } while (below)
  expect(new Set(seen).size).toBe(121)
  expect(seen.length).toBe(121)
  expect((await readStoryPage(auditor, one.id, 0n)).entries.map(({ act }) => act)).toEqual(['case.submit'])
  const admin = await makeStaff('admin')
  expect(await readAuditPage(admin, {}, null)).toEqual({ entries: [], next: null })
  expect(await readStoryPage(admin, one.id, 0n)).toEqual({ entries: [], next: null })
})
