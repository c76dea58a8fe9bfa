import fc from 'fast-check'
import { expect, test } from 'vitest'
import { may, POLICY, STAFF_ROLES } from '#lib/access/roles.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { isGuarded, type Judge, judgeRefusal, requestExpiry } from './account-request.ts'

const now = new Date('2026-11-28T03:00:00Z')
const people = fc.constantFrom('a', 'b', 'c')
const areas = fc.constantFrom('quan-1', 'quan-3', null)
const roles = fc.constantFrom(...STAFF_ROLES)
const times = fc.integer({ min: -48, max: 48 }).map((hours) => addMilliseconds(now, hours * HOUR))
const judges: fc.Arbitrary<Judge> = fc.record({ id: people, role: roles, unitId: areas, decidesFrom: times })
const requests = fc.record({
  requestedById: people,
  accountId: fc.option(people),
  post: fc.record({ role: roles, unitId: areas }),
  expiresAt: times,
})

test('nobody confirms their own request, a request about themselves, or anything while they wait', () => {
  fc.assert(
    fc.property(judges, requests, (by, request) => {
      if (judgeRefusal(by, request, now) !== null) return
      expect(request.requestedById).not.toBe(by.id)
      expect(request.accountId).not.toBe(by.id)
      expect(by.decidesFrom <= now && request.expiresAt > now).toBe(true)
      expect(may(by.role, 'account:confirm')).toBe(true)
      if (by.role === 'admin') return
      // A supervisor, for the people of their own district alone.
      expect([by.role, by.unitId]).toEqual(['supervisor', request.post.unitId])
      expect(['officer', 'supervisor']).toContain(request.post.role)
    }),
  )
})

test('a second person in time confirms', () => {
  const request = {
    requestedById: 'a',
    accountId: null,
    post: { role: 'officer', unitId: 'quan-3' },
    expiresAt: requestExpiry(now),
  } as const
  const supervisor = { id: 'b', role: 'supervisor', unitId: 'quan-3', decidesFrom: now } as const
  expect(judgeRefusal(supervisor, request, now)).toBeNull()
  expect(judgeRefusal({ ...supervisor, unitId: 'quan-1' }, request, now)).toBe('forbidden')
  expect(judgeRefusal({ ...supervisor, decidesFrom: addMilliseconds(now, 1) }, request, now)).toBe('waiting')
  expect(judgeRefusal(supervisor, request, request.expiresAt)).toBe('request_gone')
})

test('every role that can move a case, an order or an account is made by two people', () => {
  const reading = ['read', 'own', 'attend', 'acknowledge', 'check_list', 'run']
  for (const role of STAFF_ROLES) {
    const acts = POLICY[role].filter((one) => /^(case|order|letter|carrier|account|found):/.test(one))
    const decides = acts.some((one) => !reading.includes(one.split(':')[1] ?? ''))
    expect(isGuarded(role), role).toBe(decides)
  }
})
