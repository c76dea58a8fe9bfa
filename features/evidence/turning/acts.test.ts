import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { DISCLOSURE_LIFE } from '#features/cases/disclosure/rules.ts'
import { openPapers } from '#features/disclosures/openings/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { addMilliseconds } from '#lib/time.ts'
import { keyOf } from '#tests/case-key.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { attach as attachTo } from '#tests/factories/evidence.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { jpeg, pdfOfPages } from '#tests/proof.ts'
import { listEvidence } from '../files/page-data.ts'
import { readEvidence } from '../readings/acts.ts'
import { turnPage } from './acts.ts'

const NOW = new Date()
type Reader = Parameters<typeof turnPage>[0]
let caseId: string
let officer: Reader

const attach = (bytes: Buffer) => attachTo(caseId, bytes, NOW)

const open = async (who: StaffActor) => {
  const key = await keyOf(caseId)
  await transaction((tx) =>
    openPapers(tx, who as Reader, { key, reason: 'ownership', note: '', files: 1 }, NOW),
  )
}
const turnsOf = async (id: string) =>
  (await listEvidence(citizenScope(caseId, 'full'), caseId))
    .find((file) => file.id === id)
    ?.pages.map(({ turns }) => turns)
const audited = async () =>
  (await db.auditEntry.findMany({ where: { act: 'evidence.turn' }, orderBy: { id: 'asc' } })).map(
    ({ facts, actorId, caseId: of }) => [facts, actorId, of],
  )

beforeEach(async () => {
  caseId = (await makeCase()).id
  officer = await makeStaff('officer', { unitId: 'quan-3' })
  await open(officer)
})

test('a page stays as it was turned for the next who looks; sent twice it is turned once', async () => {
  const id = await attach(await jpeg())
  expect(await turnsOf(id)).toEqual([0])
  expect(await turnPage(officer, id, { page: 1, turns: 1 }, NOW)).toBe(true)
  expect(await turnPage(officer, id, { page: 1, turns: 1 }, NOW)).toBe(true)
  expect(await turnsOf(id)).toEqual([1])
  const colleague = await makeStaff('supervisor', { unitId: 'quan-3' })
  expect(await turnPage(colleague, id, { page: 1, turns: 0 }, NOW)).toBe(false)
  await open(colleague)
  await Promise.all([
    turnPage(colleague, id, { page: 1, turns: 3 }, NOW),
    turnPage(colleague, id, { page: 1, turns: 3 }, NOW),
  ])
  expect(await turnsOf(id)).toEqual([3])
  expect(await audited()).toEqual([
    [{ page: 1, turns: 1 }, officer.id, caseId],
    [{ page: 1, turns: 3 }, colleague.id, caseId],
  ])
})

test('each page of a PDF has its own turn, and a page that is not there has none', async () => {
  const id = await attach(pdfOfPages(['mot', 'hai', 'ba']))
  expect(await turnPage(officer, id, { page: 1, turns: 1 }, NOW)).toBe(false)
  await readEvidence(id, NOW)
  expect(await turnPage(officer, id, { page: 3, turns: 2 }, NOW)).toBe(true)
  expect(await turnPage(officer, id, { page: 4, turns: 2 }, NOW)).toBe(false)
  expect(await turnsOf(id)).toEqual([0, 0, 2])
})

test('only by who has opened the case and is in its district; not a file that is nowhere', async () => {
  const id = await attach(await jpeg())
  const stranger = await makeStaff('officer', { unitId: 'quan-1' })
  await open(stranger)
  const unopened = await makeStaff('officer', { unitId: 'quan-3' })
  const relay = await makeStaff('relay')
  for (const who of [stranger, unopened, relay])
    expect(await turnPage(who, id, { page: 1, turns: 1 }, NOW)).toBe(false)
  const later = addMilliseconds(NOW, DISCLOSURE_LIFE)
  expect(await turnPage(officer, id, { page: 1, turns: 1 }, later)).toBe(false)
  expect(await turnPage(officer, randomUUID(), { page: 1, turns: 1 }, NOW)).toBe(false)
  expect(await turnsOf(id)).toEqual([0])
  expect(await audited()).toEqual([])
})

test('it is no change of the evidence: who has seen it need not look again', async () => {
  const id = await attach(await jpeg())
  const version = async () => (await db.caseKey.findUniqueOrThrow({ where: { caseId } })).proofVersion
  const before = await version()
  expect(await turnPage(officer, id, { page: 1, turns: 2 }, NOW)).toBe(true)
  expect(await version()).toBe(before)
})

test('the database keeps quarter turns alone, and no more than there are pages', async () => {
  const id = await attach(await jpeg())
  for (const turns of ['{4}', '{-1}', '{0,1}'])
    await expect(
      superuser.query('UPDATE evidence SET turns = $1 WHERE id = $2', [turns, id]),
    ).rejects.toThrow('evidence_pages_are_whole')
})
