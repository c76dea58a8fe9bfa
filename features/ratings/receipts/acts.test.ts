import { rm } from 'node:fs/promises'
import { beforeEach, expect, it } from 'vitest'
import { GET } from '#app/api/survey/receipts/[receipt]/proof/route.ts'
import { checkpointDirectory } from '#features/audit/files.ts'
import { checkProofFile } from '#features/audit/proofs/data.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { publishReceiptRoots } from './acts.ts'
import { findProofState, listRoots, proveReceipt } from './data.ts'
import type { ReceiptProof } from './rules.ts'

beforeEach(() => rm(checkpointDirectory(), { recursive: true, force: true }))

const october = new Date('2026-10-20T03:00:00Z')
/** The city's midnight. */
const november = new Date('2026-10-31T17:00:00Z')
const entries = () =>
  db.auditEntry.findMany({ where: { act: 'survey.receipts_root' }, orderBy: { id: 'asc' } })

it('each receipt of a month that is over is provably one of them, and the log says how many answers there are', async () => {
  const receipts = []
  for (let n = 0; n < 12; n++) receipts.push(await makeRating('quan-3', addMilliseconds(october, n * MINUTE)))
  const later = await makeRating('quan-3', addMilliseconds(november, MINUTE))
  const [first = later] = receipts
  expect(await publishReceiptRoots(addMilliseconds(november, HOUR - 1))).toEqual([])
  expect([await findProofState(first), await proveReceipt(first)]).toEqual(['month', 'month'])
  const now = addMilliseconds(november, HOUR)
  expect(await publishReceiptRoots(now)).toEqual(['2026-10'])
  expect(await publishReceiptRoots(addMilliseconds(now, DAY)), 'once').toEqual([])
  const [root] = await listRoots()
  // Ten are published; two of October and one of November wait.
  expect(root).toMatchObject({
    ...{ month: '2026-10', receipts: 12 },
    ...{ allReceipts: 13, counted: 10, waiting: 3, excluded: 0 },
  })
  expect(await entries()).toMatchObject([
    { subjectId: '2026-10', facts: { month: '2026-10', root: root?.root, receipts: 12, allReceipts: 13 } },
  ])
  expect(await proveReceipt(first), 'not sealed yet').toBe('month')
  await sealLog()
  expect(await findProofState(first)).toBe('ready')
  const proofs: ReceiptProof[] = []
  for (const receipt of receipts) {
    const answer = await GET(new Request('http://localhost/x'), { params: Promise.resolve({ receipt }) })
    const text = await answer.text()
    expect(await checkProofFile(text), text).toBe('receipt')
    proofs.push(JSON.parse(text))
  }
  // Their places are those of their hashes, each a different one.
  expect(proofs.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(receipts.map((_, at) => at))
  const [one, two] = proofs
  for (const forged of [
    { ...one, receipt: later },
    { ...one, month: '2026-09' },
    { ...one, index: two?.index },
    { ...one, size: 13 },
    { ...one, entry: { ...one?.entry, leaf: one?.entry.leaf.replace('"receipts":12', '"receipts":13') } },
  ])
    expect(await checkProofFile(JSON.stringify(forged)), JSON.stringify(forged)).toBe('entry')
  const status = async (receipt: string) =>
    (await GET(new Request('http://localhost/x'), { params: Promise.resolve({ receipt }) })).status
  expect([await status(later), await status('DG-0000-0000-0000-0'), await status('x')]).toEqual([
    404, 404, 404,
  ])
})

it('a receipt that is taken out is missing from the sum, and one of before has no proof', async () => {
  const [before, kept] = [await makeRating('quan-3', october), await makeRating('quan-4', october)]
  await superuser.query(
    `UPDATE survey_receipts SET leaf = NULL WHERE number_hash = (SELECT min(number_hash) FROM survey_receipts)`,
  )
  await publishReceiptRoots(addMilliseconds(november, HOUR))
  await sealLog()
  const states = [await findProofState(before), await findProofState(kept)]
  expect(states.toSorted()).toEqual(['before', 'ready'])
  const proven = states[0] === 'ready' ? before : kept
  expect(await proveReceipt(proven)).toMatchObject({ receipt: proven, size: 2 })

  const december = new Date('2026-12-01T00:00:00Z')
  await makeRating('quan-3', addMilliseconds(november, DAY))
  await superuser.query(`DELETE FROM survey_responses WHERE agency_id = 'quan-4'`)
  await publishReceiptRoots(december)
  const [root] = await listRoots()
  expect(root).toMatchObject({ month: '2026-11', receipts: 1, allReceipts: 3, counted: 0, waiting: 2 })
})
