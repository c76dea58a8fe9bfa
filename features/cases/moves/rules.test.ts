import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMilliseconds } from '#lib/time.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { CASE_STATES, type CaseState } from '../record/state-rules.ts'
import { MOVES, type Move, ruleOf, targetOf, targetsOf } from './rules.ts'
import type { MoveFacts } from './transition-rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const someone = fc.option(fc.constantFrom('officer', 'supervisor'))
const sometime = fc.option(fc.constantFrom(addMilliseconds(now, -1), now, addMilliseconds(now, 1)))
const snapshot: fc.Arbitrary<CaseSnapshot> = fc.record({
  id: fc.constant('case'),
  number: fc.constant('HCM-0000-0000-0'),
  state: fc.constantFrom(...CASE_STATES),
  held: fc.constantFrom(null, 'conflict', 'shared_imei'),
  version: fc.constant(1),
  areaId: fc.constant('quan-3'),
  unitId: fc.constant('quan-3'),
  incidentType: fc.constant('robbed'),
  filedById: someone,
  assigneeId: someone,
  verifiedById: someone,
  rejectedById: someone,
  unblockVerifiedById: someone,
  imeisVerifiedById: someone,
  imeiPaperAt: sometime,
  unblockReason: fc.constantFrom(null, 'recovered', 'wrong'),
  counterclaim: fc.constantFrom(null, 'pending', 'accepted'),
  counterclaimById: someone,
  holdAskedById: someone,
  holdConfirmedById: someone,
  holdDueAt: sometime,
  holdUntil: sometime,
  holdSince: sometime,
  renewalAskedById: someone,
  renewalDueAt: sometime,
  renewalConfirmedById: someone,
  remindedAt: sometime,
  blockFromId: someone,
  sharedAt: sometime,
  sharedDueAt: sometime,
  sharedProposal: fc.constantFrom(null, 'lift', 'keep'),
  sharedProposedById: someone,
  primaryClaim: fc.boolean(),
  imeiUnknown: fc.boolean(),
  submittedAt: fc.constant(now),
  stateSince: fc.constant(now),
  dueAt: fc.constant(now),
  firstActionAt: sometime,
  decidedAt: sometime,
  approvedAt: sometime,
  blockedAt: sometime,
  rejectedAt: sometime,
  appealedAt: sometime,
  withdrawEffectiveAt: sometime,
  watchAskedAt: sometime,
  watchUntil: sometime,
  closedAt: sometime,
  objectedAt: sometime,
  objectionAnsweredAt: sometime,
  hearingUntil: sometime,
  answeredAt: sometime,
  overturnedAt: sometime,
  reviewAskedAt: sometime,
  noDeciderAt: sometime,
  heardAt: fc.constant(null),
  unheardSeq: fc.constant(null),
  erasedAt: fc.constant(null),
})
const facts: fc.Arbitrary<MoveFacts> = fc.record({
  carriersSettled: fc.boolean(),
  unblockAsked: fc.boolean(),
  upheldFrom: fc.constantFrom(null, 'blocked', 'unblock_review'),
  claimTaken: fc.boolean(),
  imeisWaiting: fc.boolean(),
  blockFrom: fc.constantFrom([], ['case'], ['another']),
})
const staff = {
  kind: 'staff',
  id: 'city',
  name: '',
  role: 'city_police',
  unitId: null,
  agencyId: null,
  carrierId: null,
} as const

const effectsOf = (move: Move, c: CaseSnapshot, known: MoveFacts) =>
  ruleOf(move).effect(c, { ...known, by: staff, staffId: staff.id, now, holidays: new Set() })

test.each(MOVES)('%s leads where it says, and nowhere else', (move) => {
  const rule = ruleOf(move)
  const reached = new Set<CaseState>()
  const said = new Set(rule.from.flatMap((from) => targetsOf(rule, from)))
  fc.assert(
    fc.property(snapshot, fc.constantFrom(...rule.from), facts, (c, state, known) => {
      const to = targetOf(rule, { ...c, state }, known)
      expect(targetsOf(rule, state)).toContain(to)
      reached.add(to)
      // Its other effects leave the state alone.
      expect(effectsOf(move, { ...c, state }, known).set).not.toHaveProperty('state')
    }),
    { numRuns: 300, seed: 59 },
  )
  // Every state that the move names is reached, and no other.
  const forks = rule.to === null || typeof rule.to === 'string' ? [rule.to] : rule.to.states
  for (const state of forks.filter((one) => one !== null)) expect(reached).toContain(state)
  for (const state of reached) expect(said).toContain(state)
})

test.each(MOVES)('%s sends the orders that it says', (move) => {
  const rule = ruleOf(move)
  const sent = new Set<string | undefined>()
  fc.assert(
    fc.property(snapshot, fc.constantFrom(...rule.from), facts, (c, state, known) => {
      const { orders, listed } = effectsOf(move, { ...c, state }, known)
      sent.add(orders?.action)
      // A phone is named to others with its order, and no longer once the order is taken back.
      expect(listed).toBe(orders && orders.action !== 'watch' ? orders.action === 'block' : undefined)
    }),
    { numRuns: 100, seed: 59 },
  )
  expect(sent.has('block')).toBe(rule.sending === 'block')
})

test('the nine moves that lead to one of several states say so', () => {
  const forks = MOVES.filter((move) => {
    const { to } = ruleOf(move)
    return to !== null && typeof to !== 'string'
  })
  expect(forks.toSorted()).toEqual([
    'approve',
    'block',
    'confirm_lift_shared',
    'finding_over',
    'objection_over',
    'refuse_unblock',
    'shared',
    'undo_unblock',
    'withheld',
  ])
})

test('every rejection by a person counts as a decision: a review is the work of others', () => {
  for (const move of MOVES) {
    const { who, from, decides } = ruleOf(move)
    if (who === 'system' || who === 'citizen') continue
    const rejects = from.some(
      (one) => one !== 'rejected' && targetsOf(ruleOf(move), one).includes('rejected'),
    )
    if (rejects) expect(decides, move).toBe(true)
  }
})
