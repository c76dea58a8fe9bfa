import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { findActor } from '#features/accounts/sign-in/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR, MINUTE } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { type Sink, watchTasks } from './live-data.ts'

async function signedIn(of: StaffReader) {
  const now = new Date()
  const tokenHash = new Uint8Array(randomBytes(32))
  const { id: sessionId } = await db.staffSession.create({
    data: {
      tokenHash,
      accountId: of.id,
      createdAt: now,
      steppedUpAt: now,
      lastSeenAt: addMilliseconds(now, -10 * MINUTE),
      expiresAt: addMilliseconds(now, HOUR),
    },
  })
  return { ...of, sessionId, tokenHash }
}

function sink(): Sink & { readonly told: (number | 'end')[] } {
  const told: (number | 'end')[] = []
  return { told, count: (total) => told.push(total), beat: () => {}, end: () => told.push('end') }
}

test('each open page is told the number that is its person’s, anew when it changes, and not kept alive by it', async () => {
  const police = await makePolice()
  const [officer, supervisor] = await Promise.all([signedIn(police.officer), signedIn(police.supervisor)])
  const [theirs, other] = [sink(), sink()]
  const leave = [watchTasks(officer, theirs), watchTasks(supervisor, other)]
  await expect.poll(() => [theirs.told, other.told]).toEqual([[0], [0]])
  const { id } = await makeCase()
  await move(id, supervisor, { move: 'take' })
  await move(id, supervisor, { move: 'reassign', assignee: police.officer })
  await expect.poll(() => theirs.told, { timeout: 15_000 }).toEqual([0, 1])
  expect(other.told).toEqual([0])
  const { lastSeenAt } = await db.staffSession.findUniqueOrThrow({ where: { id: officer.sessionId } })
  expect(Date.now() - lastSeenAt.getTime()).toBeGreaterThan(9 * MINUTE)
  // A page without a stream asks by request, which does not extend the session either.
  await findActor(officer.tokenHash, new Date(), true)
  expect((await db.staffSession.findUniqueOrThrow({ where: { id: officer.sessionId } })).lastSeenAt).toEqual(
    lastSeenAt,
  )

  await db.staffSession.update({ where: { id: officer.sessionId }, data: { endedAt: new Date() } })
  await expect.poll(() => theirs.told, { timeout: 15_000 }).toEqual([0, 1, 'end'])
  for (const done of leave) done?.()
})

test('of one account the oldest stream ends where a seventh comes', async () => {
  const relay = await signedIn(await makeStaff('relay'))
  const sinks = Array.from({ length: 7 }, sink)
  const leave = sinks.map((one) => watchTasks(relay, one))
  expect(sinks.filter(({ told }) => told.includes('end'))).toHaveLength(1)
  expect(sinks[0]?.told).toEqual(['end'])
  for (const done of leave) done?.()
})
