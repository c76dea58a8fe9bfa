import { createHash, randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { receiveFile } from '#features/evidence/files/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { db } from '#tests/db.ts'
import { AGREES, type MadeCase, makeCase, makePolice, move, openProof } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { jpeg } from '#tests/proof.ts'
import { decideCase } from '../decisions/acts.ts'
import { addDocuments } from './acts.ts'
import { findKeyForPolice } from './page-data.ts'

const root = process.env.DATA_DIR ?? ''

const now = new Date()
const bytes = await jpeg()
let officer: StaffReader
let made: MadeCase
beforeEach(async () => {
  ;({ officer } = await makePolice())
  made = await makeCase()
  await move(made.id, officer, { move: 'take' })
})

const versionOf = async () => (await db.case.findUniqueOrThrow({ where: { id: made.id } })).version
const verify = async () => {
  const words = { reason: 'Đã so với hồ sơ gốc.', check: AGREES, submitKey: randomUUID() }
  await openProof(officer, made.id, now)
  return decideCase(
    officer,
    { number: made.number, version: await versionOf(), decision: 'verify', ...words },
    now,
  )
}

async function add(actor: StaffReader, version: number, submitKey: string = randomUUID()) {
  // An officer without this case gets no key; this borrows one to show that the act itself refuses as well.
  const key = await findKeyForPolice(officer, made.number)
  if (!key) throw new Error('no key')
  const sha256 = createHash('sha256').update(bytes).digest()
  const arriving = {
    ...{ fileName: 'bien-ban.jpg', content: Readable.from([bytes]) },
    seen: () => ({ bytes: bytes.length, sha256, whole: true }),
    signal: new AbortController().signal,
  }
  const file = must(await receiveFile(key, arriving))
  return addDocuments(actor, { key, version, submitKey, kind: 'other', files: [file] }, now)
}
const done = ok(true)

test('a case without a proof is verified once police of its district have added one', async () => {
  expect(await verify()).toEqual(err('no_proof'))
  const version = await versionOf()
  const submitKey = randomUUID()
  expect(
    await Promise.all([add(officer, version, submitKey), add(officer, version, submitKey)]),
    'sent twice',
  ).toEqual([done, done])
  expect(await db.evidence.findMany({ select: { caseId: true, eventSeq: true } })).toEqual([
    { caseId: made.id, eventSeq: version + 1 },
  ])
  const acts = await db.auditEntry.findMany({ where: { caseId: made.id }, orderBy: { id: 'asc' } })
  expect(
    acts
      .map(({ act, actorId }) => (actorId === officer.id ? act : ''))
      .slice(-2)
      .toSorted(),
  ).toEqual(['case.add_document', 'evidence.add'])
  expect(await db.notice.count({ where: { caseId: made.id, template: 'add_document' } })).toBe(1)
  expect(await verify()).toEqual(done)
  expect(await add(officer, version + 2)).toEqual(err('wrong_state'))
})

test('others add none, nor an older page, nor the same file again; what is refused leaves nothing', async () => {
  const version = await versionOf()
  const before = await readdir(root, { recursive: true })
  for (const actor of [await makeStaff('officer', { unitId: 'quan-1' }), await makeStaff('relay')]) {
    expect(await findKeyForPolice(actor, made.number)).toBeNull()
    expect(await add(actor, version)).toEqual(err('forbidden'))
  }
  expect(await add(officer, version - 1)).toEqual(err('changed'))
  expect(await db.evidence.count()).toBe(0)
  const files = (names: readonly string[]) => names.filter((name) => name.includes('.')).toSorted()
  expect(files(await readdir(root, { recursive: true }))).toEqual(files(before))
  expect(await add(officer, version)).toEqual(done)
  expect(await add(officer, version + 1)).toEqual(err('repeated'))
  expect([await db.evidence.count(), await versionOf()]).toEqual([1, version + 1])
})
