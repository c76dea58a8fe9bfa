import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { beginVisit } from '#features/case-sessions/acts.ts'
import { findVisit } from '#features/case-sessions/data.ts'
import { addMilliseconds, HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { ISSUER, makeCitizen, makeSession } from '#tests/factories/identity.ts'
import { forgetIdentity, listAdded, signInCitizen, signOutCitizen, signOutEverywhere } from './acts.ts'
import { findCitizen, forgetIdle, keepSession } from './data.ts'

const NOW = new Date('2026-11-25T03:00:00Z')

describe('a citizen who signs in', () => {
  test('is the same one each time, and stands nowhere in plain words', async () => {
    const known = { fullName: 'Nguyễn Thị Ánh', idKind: 'cccd', nationalId: '079190012345' } as const
    const first = await makeSession({ subject: 'subject-0793', known, now: NOW })
    const second = await makeSession({ subject: 'subject-0793', now: NOW })
    const [one, two] = [await findCitizen(first, NOW), await findCitizen(second, NOW)]
    expect(one?.scope.identityId).toBe(two?.scope.identityId)
    expect([one?.known, two?.known]).toEqual([known, {}])
    const { rows } = await superuser.query(
      `SELECT row_to_json(i)::text AS row FROM identities i UNION ALL SELECT row_to_json(s)::text FROM identity_sessions s
       UNION ALL SELECT row_to_json(a)::text FROM audit_entries a`,
    )
    const kept = rows.map(({ row }) => row).join('\n')
    const sealed = (await db.identitySession.findMany()).map((session) => session.known?.toString() ?? '')
    for (const text of ['subject-0793', first, 'Nguyễn', '079190012345'])
      for (const place of [kept, ...sealed]) expect(place).not.toContain(text)
    expect(await db.identity.count()).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'identity.sign_in' } })).toBe(2)
  })

  test('is another one at another provider', async () => {
    const signedIn = await signInCitizen(
      {
        issuer: 'https://other.example.vn',
        subject: 'a',
        attempt: randomUUID(),
        known: {},
        before: undefined,
      },
      NOW,
    )
    const other = await findCitizen(signedIn.ok ? signedIn.value : '', NOW)
    const mine = await makeCitizen({ subject: 'a', now: NOW })
    expect([other, other?.scope.identityId]).not.toContain(mine.scope.identityId)
    expect(other).not.toBeNull()
  })

  test('gets no second session of one sign-in, however much at once and also after signing out', async () => {
    const signIn = { issuer: ISSUER, subject: 'a', attempt: 'state', known: {}, before: undefined }
    const tries = await Promise.all(Array.from({ length: 8 }, () => signInCitizen(signIn, NOW)))
    const tokens = tries.flatMap((one) => (one.ok ? [one.value] : []))
    expect(tokens).toHaveLength(1)
    await signOutCitizen(tokens[0] ?? '', NOW)
    expect(await signInCitizen(signIn, NOW)).toEqual({ ok: false, error: 'replayed' })
  })

  test('leaves the session that the browser came with: nobody’s token is taken on', async () => {
    const before = await makeSession({ subject: 'a', now: NOW })
    const after = await makeSession({ subject: 'b', before, now: NOW })
    expect(after).not.toBe(before)
    expect(await findCitizen(before, NOW)).toBeNull()
  })
})

describe('a session', () => {
  test('lasts an hour from its last use, and eight in any case', async () => {
    const token = await makeSession({ now: NOW })
    let at = NOW
    for (let used = 0; used < 9; used++) {
      at = addMilliseconds(at, 55 * MINUTE)
      const citizen = await findCitizen(token, at)
      if (citizen) await keepSession(token, citizen, at)
    }
    expect(await findCitizen(token, addMilliseconds(NOW, 8 * HOUR - 1))).not.toBeNull()
    expect(await findCitizen(token, addMilliseconds(NOW, 8 * HOUR))).toBeNull()
    const idle = await makeSession({ now: NOW })
    expect(await findCitizen(idle, addMilliseconds(NOW, HOUR))).toBeNull()
  })

  test('is opened by its own token alone: not by a forged one, nor by that of a visit', async () => {
    const token = await makeSession({ now: NOW })
    const { id } = await makeCase({ now: NOW })
    const visit = await beginVisit(id, 'full', undefined, NOW)
    for (const other of [`${token}x`, '', visit]) expect(await findCitizen(other, NOW)).toBeNull()
    expect(await findVisit(token, NOW)).toBeNull()
  })

  test('ends when its person leaves, and forgets what it knew', async () => {
    const [mine, elsewhere] = [
      await makeSession({ subject: 'a', known: { fullName: 'Ánh' }, now: NOW }),
      await makeSession({ subject: 'a', now: NOW }),
    ]
    await signOutCitizen(mine, NOW)
    expect([await findCitizen(mine, NOW), await findCitizen(elsewhere, NOW)]).toEqual([
      null,
      expect.anything(),
    ])
    expect(await db.identitySession.count({ where: { known: { not: null } } })).toBe(0)
  })

  test('ends everywhere with each case that was opened from the list, and with nobody else’s', async () => {
    const { scope } = await makeCitizen({ subject: 'a', now: NOW })
    const others = await makeSession({ now: NOW })
    const { id } = await makeCase({ now: NOW })
    const fromList = await beginVisit(id, 'full', undefined, NOW, scope.identityId)
    const bySecret = await beginVisit(id, 'full', undefined, NOW)
    await signOutEverywhere(scope, NOW)
    expect(await db.identitySession.count({ where: { endedAt: null } })).toBe(1)
    expect(await findCitizen(others, NOW)).not.toBeNull()
    expect([await findVisit(fromList, NOW), await findVisit(bySecret, NOW)]).toEqual([
      null,
      expect.anything(),
    ])
  })
})

describe('somebody is forgotten', () => {
  test('when they ask: their list, their sessions, and no case', async () => {
    const { scope } = await makeCitizen({ now: NOW })
    const { id } = await makeCase({ now: NOW })
    await db.$transaction((tx) => listAdded(tx, id, scope, NOW))
    const key = randomUUID()
    expect(await forgetIdentity(null, NOW, key)).toEqual({ ok: false, error: 'signed_out' })
    // The second request comes while they are signed in, the third after that.
    const sent = [forgetIdentity(scope, NOW, key), forgetIdentity(scope, NOW, key)]
    for (const one of [...(await Promise.all(sent)), await forgetIdentity(null, NOW, key)])
      expect(one).toEqual({ ok: true, value: true })
    const left = [db.identity, db.identitySession, db.identityCase].map((table) =>
      (table.count as () => unknown)(),
    )
    expect(await Promise.all(left)).toEqual([0, 0, 0])
    expect(await db.case.count()).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'identity.forget' } })).toBe(1)
  })

  test('when they have not been here for long, and soon where they keep no case', async () => {
    const keeper = await makeCitizen({ now: NOW })
    await makeCitizen({ now: NOW })
    const { id } = await makeCase({ now: NOW })
    await db.$transaction((tx) => listAdded(tx, id, keeper.scope, NOW))
    /** Runs as the worker does, until all parts had their turn. */
    const sweep = async (from: Date) => {
      let gone = 0
      for (let run = 0; run < 16; run++) gone += await forgetIdle(addMilliseconds(from, run * 10 * MINUTE))
      return gone
    }
    expect(await sweep(addMilliseconds(NOW, 20 * HOUR))).toBe(0)
    expect(await sweep(addMilliseconds(NOW, 25 * HOUR))).toBe(1)
    expect(await db.identity.findMany({ select: { id: true } })).toEqual([{ id: keeper.scope.identityId }])
    expect(await forgetIdle(new Date('2028-11-24T03:00:00Z'))).toBe(0)
    expect(await forgetIdle(new Date('2028-11-26T03:00:00Z'))).toBe(1)
    expect(await db.identityCase.count()).toBe(0)
  })
})
