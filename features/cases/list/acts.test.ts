import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { beginVisit } from '#features/case-sessions/acts.ts'
import { findVisit } from '#features/case-sessions/data.ts'
import { removeFromList } from '#features/citizens/acts.ts'
import { findListing } from '#features/citizens/data.ts'
import { eraseCase } from '#features/privacy/erasure/acts.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeCase, move } from '#tests/factories/case.ts'
import { makeCitizen } from '#tests/factories/identity.ts'
import { addToList, removeListed } from './acts.ts'
import { openListed, readList } from './data.ts'

const NOW = new Date('2026-11-25T03:00:00Z')
const ADDRESS = '203.0.113.7'

const told = (caseId: string) => db.notice.count({ where: { caseId, template: 'listed' } })

describe('a case comes into a list', () => {
  test('by its number and secret, once however often, and its contact is told', async () => {
    const [{ scope }, made] = [await makeCitizen({ now: NOW }), await makeCase({ now: NOW })]
    const tries = await Promise.all(Array.from({ length: 4 }, () => addToList(scope, made, ADDRESS, NOW)))
    expect(tries).toEqual(Array(4).fill({ ok: true, value: { number: made.number } }))
    expect(await told(made.id)).toBe(1)
    const { cases } = await readList(scope, null)
    expect(cases).toMatchObject([{ number: made.number, state: 'submitted', how: 'added' }])
    const entries = await db.auditEntry.findMany({ where: { act: 'case.list' } })
    expect(entries).toMatchObject([{ subjectId: made.id, caseId: made.id, facts: { how: 'added' } }])
    // The log connects no case with a person.
    expect(JSON.stringify(entries[0]?.facts)).not.toContain(scope.identityId)
    expect(entries[0]?.actorId).toBeNull()
  })

  test('not without its secret, and a wrong number answers as a wrong secret; tries are counted', async () => {
    const [{ scope }, made] = [await makeCitizen({ now: NOW }), await makeCase({ now: NOW })]
    const other = await makeCase({ now: NOW })
    const wrong = { number: made.number, secret: other.secret }
    const nobody = { number: 'HCM-0000-0000-0', secret: made.secret }
    for (const typed of [wrong, nobody])
      expect(await addToList(scope, typed, ADDRESS, NOW)).toEqual(err('no_match'))
    const tries = LIMITS.lookup_address.amount - 2
    await Promise.all(Array.from({ length: tries }, () => addToList(scope, wrong, ADDRESS, NOW)))
    expect(await addToList(scope, made, ADDRESS, NOW)).toEqual(err('too_many'))
    expect(await db.identityCase.count()).toBe(0)
  })

  test('of two at once it stands in one, and the other is told', async () => {
    const made = await makeCase({ now: NOW })
    const people = await Promise.all([makeCitizen({ now: NOW }), makeCitizen({ now: NOW })])
    const added = await Promise.all(people.map(({ scope }) => addToList(scope, made, ADDRESS, NOW)))
    expect(added.map(({ ok }) => ok).toSorted()).toEqual([false, true])
    expect(added).toContainEqual(err('taken'))
    expect(await told(made.id)).toBe(1)
  })

  test('not once it is erased; erasing takes it out', async () => {
    const { scope } = await makeCitizen({ now: NOW })
    const [made, late] = [await makeCase({ now: NOW }), await makeCase({ now: NOW })]
    await addToList(scope, made, ADDRESS, NOW)
    const later = addMilliseconds(NOW, 25 * HOUR)
    for (const { id } of [made, late]) {
      await move(id, { kind: 'citizen' }, { move: 'withdraw' }, NOW)
      await move(id, { kind: 'system' }, { move: 'finish_withdrawal' }, later)
      expect(await eraseCase(id, 'asked', later)).toMatchObject({ ok: true })
    }
    expect(await db.identityCase.count()).toBe(0)
    expect(await addToList(scope, late, ADDRESS, later)).toEqual(err('erased'))
  })
})

describe('a list', () => {
  test('shows its own cases alone, page by page, what came last on top', async () => {
    const [mine, other] = [await makeCitizen({ now: NOW }), await makeCitizen({ now: NOW })]
    const numbers: string[] = []
    for (let n = 0; n < 22; n++) {
      const made = await makeCase({ now: NOW })
      await addToList(mine.scope, made, ADDRESS, addMilliseconds(NOW, n))
      numbers.unshift(made.number)
    }
    await addToList(other.scope, await makeCase({ now: NOW }), ADDRESS, NOW)
    const first = await readList(mine.scope, null)
    const second = await readList(mine.scope, first.next)
    expect([...first.cases, ...second.cases].map(({ number }) => number)).toEqual(numbers)
    expect([first.cases.length, second.next]).toEqual([20, null])
    // A place in another person's list is not valid in this one.
    expect((await readList(other.scope, first.next)).cases).toEqual([])
  })

  test('opens its own cases, and no other’s', async () => {
    const [mine, other] = [await makeCitizen({ now: NOW }), await makeCitizen({ now: NOW })]
    const made = await makeCase({ now: NOW })
    await addToList(mine.scope, made, ADDRESS, NOW)
    expect(await openListed(mine.scope, made.number)).toEqual({ caseId: made.id, number: made.number })
    for (const number of [made.number, 'HCM-0000-0000-0', ''])
      expect(await openListed(other.scope, number)).toBeNull()
    expect(await removeListed(other.scope, made.number, NOW)).toBe(false)
  })

  test('lets a case go: what was opened from it ends, and what its secret opened goes on', async () => {
    const [{ scope }, made] = [await makeCitizen({ now: NOW }), await makeCase({ now: NOW })]
    await addToList(scope, made, ADDRESS, NOW)
    const fromList = await beginVisit(made.id, 'full', undefined, NOW, scope.identityId)
    const bySecret = await beginVisit(made.id, 'full', undefined, NOW)
    const key = randomUUID()
    const form = () => removeListed(scope, made.number, NOW, key)
    expect(await Promise.all([form(), form(), form()])).toEqual([true, true, true])
    expect(await form()).toBe(true)
    expect(await removeListed(scope, made.number, NOW)).toBe(false)
    expect([await findVisit(fromList, NOW), await findVisit(bySecret, NOW)]).toEqual([
      null,
      expect.anything(),
    ])
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'case.unlist' } })
    expect(entry).toMatchObject({ caseId: made.id, facts: { by: 'list' } })
  })
})

test('a person with the secret sees that a case stands in a list, and takes it out; one with a code does not', async () => {
  const [{ scope }, made] = [await makeCitizen({ now: NOW }), await makeCase({ now: NOW })]
  await addToList(scope, made, ADDRESS, NOW)
  const [full, status] = [citizenScope(made.id, 'full'), citizenScope(made.id, 'status')]
  expect(await findListing(full, made.id, null)).toEqual({ how: 'added', addedAt: NOW, own: false })
  expect(await findListing(full, made.id, scope)).toMatchObject({ own: true })
  expect(await findListing(status, made.id, scope)).toBeNull()
  expect((await exportData(full, made.id, 'json', NOW))?.list).toEqual({ how: 'added', addedAt: NOW })
  expect(await removeFromList(status, made.id, NOW)).toBe(false)
  const another = await makeCase({ now: NOW })
  expect(await removeFromList(citizenScope(another.id, 'full'), made.id, NOW)).toBe(false)
  expect(await removeFromList(full, made.id, NOW)).toBe(true)
  expect(await openListed(scope, made.number)).toBeNull()
})
