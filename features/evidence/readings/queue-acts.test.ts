import { randomBytes, randomUUID } from 'node:crypto'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { jobs } from '#features/evidence/jobs.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { withRequestId } from '#platform/request.ts'
import { inScope } from '#platform/scope.ts'
import { startWorker } from '#platform/worker.ts'
import { keyOf } from '#tests/case-key.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeCase } from '#tests/factories/case.ts'
import { received } from '#tests/factories/evidence.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { keepEvidence } from '../files/acts.ts'

const NOW = new Date()
/** A picture too small for the reader to search; each is different. */
const small = () =>
  sharp(randomBytes(80 * 60 * 3), { raw: { width: 80, height: 60, channels: 3 } })
    .jpeg()
    .toBuffer()

/** Makes a case whose contact no other case has. */
const caseOfSomebody = () =>
  makeCase({ particulars: { contact: { kind: 'email', value: `${randomUUID()}@example.vn` } } })

/** Adds files to a sent case in a request from this network. */
async function attach(made: MadeCase, network: string, count: number, eventSeq = 2): Promise<string[]> {
  const key = await keyOf(made.id)
  // The product's own connection: rows that the citizen's scope hides must not be counted.
  const { transaction } = await import('#platform/db.ts')
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const file = await received(key, await small())
    const input = { key, actor: { kind: 'citizen' }, kind: 'box', files: [file], eventSeq } as const
    const kept = await withRequestId(
      randomUUID(),
      () => inScope(citizenScope(made.id, 'full'), () => transaction((tx) => keepEvidence(tx, input, NOW))),
      network,
    )
    expect(kept).toMatchObject({ ok: true })
    ids.push(file.id)
  }
  return ids
}

const waiting = async () => {
  const { rows } = await superuser.query(
    `SELECT data->>'id' AS id, priority, data::text AS data FROM pgboss.job WHERE name = 'proof-read'
     ORDER BY priority DESC, created_on`,
  )
  return rows as { id: string; priority: number; data: string }[]
}
const placeOf = async (id: string | undefined) => (await waiting()).findIndex((one) => one.id === id)

test('a file stands behind those that wait from its own network or contact, whatever others have sent', async () => {
  const [one, other, third] = [await caseOfSomebody(), await caseOfSomebody(), await caseOfSomebody()]
  const many = [...(await attach(one, '203.0.113.7', 6)), ...(await attach(other, '203.0.113.7', 6))]
  expect((await waiting()).map(({ priority }) => 0 - priority)).toEqual(many.map((_, at) => at))
  const [theirs] = await attach(third, '198.51.100.1', 1)
  expect(await placeOf(theirs)).toBe(1)
  // The same contact on another network keeps its share and gets no new one.
  const [again] = await attach(one, '192.0.2.55', 1, 3)
  expect(await placeOf(again)).toBeGreaterThan(5)
  // The job's data name no network.
  for (const { data } of await waiting()) expect(data).not.toMatch(/203\.0\.113|198\.51\.100|192\.0\.2/)
})

test("thirty files of one network delay neither a case that is taken nor another network's", async () => {
  const crowd: string[][] = []
  for (let n = 0; n < 4; n++) crowd.push(await attach(await caseOfSomebody(), '203.0.113.7', 6))
  const taken = await caseOfSomebody()
  const wanted = await attach(taken, '203.0.113.7', 6)
  const other = await attach(await caseOfSomebody(), '198.51.100.1', 2)
  expect(await placeOf(wanted[0])).toBeGreaterThan(20)
  const officer = await makeStaff('officer', { unitId: 'quan-3' })
  await db.case.update({ where: { id: taken.id }, data: { assigneeId: officer.id } })

  const reading = jobs.find(({ queue }) => queue === 'proof-read')
  if (reading === undefined) throw new Error('no job')
  const worker = await startWorker([reading])
  const read = async () => {
    const { rows } = await superuser.query(
      `SELECT evidence_id AS id FROM evidence_readings WHERE outcome IS NOT NULL ORDER BY read_at`,
    )
    return rows.map(({ id }: { id: string }) => id)
  }
  try {
    await expect.poll(async () => (await read()).length, { timeout: 150_000 }).toBe(32)
  } finally {
    await worker.stop()
  }
  const order = await read()
  const lastOf = (ids: readonly string[]) => Math.max(...ids.map((id) => order.indexOf(id)))
  // Each of the two readers had taken a file before anything could be ordered, and may have had its next one ready.
  expect(lastOf(wanted)).toBeLessThan(6 + 4)
  // Then the other network's two files: one beside the crowd's first, one beside its second.
  expect(lastOf(other)).toBeLessThan(6 + 4 + 4)
  expect(new Set(order.slice(-12)).isSubsetOf(new Set(crowd.flat()))).toBe(true)
})
