import { describe, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { must } from '#tests/must.ts'
import { actsOpen, CITIZEN_ACTS, DATA_ACTS } from '../citizen/rules.ts'
import { decisionDue, holdExpiry } from '../clocks/rules.ts'
import { answerable, NOTHING_SEEN } from '../proof/rules.ts'
import { type CaseSnapshot, newSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES, CASE_STATES, type CaseState, FINAL_STATES } from '../record/state-rules.ts'
import { decide, movesOpenTo } from './lifecycle-rules.ts'
import { CONTACT_MOVES, DATA_MOVES, holdWaitsUntil, LETTER_MOVES, type Move, RULES, ruleOf } from './rules.ts'
import type { MoveRequest } from './transition-rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const calendar = { now, holidays: new Set<string>() }

const staff = (role: StaffActor['role'], id: string, unitId: string | null = 'quan-3'): StaffActor => ({
  kind: 'staff',
  id,
  name: id,
  role,
  unitId,
  agencyId: null,
  carrierId: null,
})
const officer = staff('officer', 'officer')
const supervisor = staff('supervisor', 'supervisor')
const city = staff('city_police', 'city', null)
const citizen = { kind: 'citizen' } as const
const system = { kind: 'system' } as const

const fresh = newSnapshot({
  ...{
    id: 'case',
    number: 'HCM-0000-0000-0',
    areaId: 'quan-3',
    unitId: 'quan-3',
    incidentType: 'robbed',
    submittedAt: now,
  },
})
const inState = (state: CaseState, more: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  ...fresh,
  state,
  ...more,
})
const assigned = (state: CaseState, more: Partial<CaseSnapshot> = {}) =>
  inState(state, { assigneeId: officer.id, ...more })
const seen = {
  files: 1,
  seen: true,
  check: { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' },
  can: answerable(['checkImei1'], ['invoice'], true),
} as const
const words = { text: 'Đã đối chiếu.', unblockAsked: true, imeisWaiting: true, imeiStays: null, proof: seen }

const decideAs = (
  c: CaseSnapshot,
  move: Move,
  by: Parameters<typeof decide>[2],
  more: Partial<MoveRequest> = {},
) => decide(c, { move, ...words, ...more }, by, calendar)
const refusalOf = (...args: Parameters<typeof decideAs>) => {
  const result = decideAs(...args)
  return result.ok ? 'allowed' : result.error
}
const transition = (...args: Parameters<typeof decideAs>) => {
  return must(decideAs(...args))
}

describe('who may do what', () => {
  test.each(Object.keys(RULES) as Move[])('%s belongs to nobody outside its rule', (move) => {
    const { who, codes, orSystem = false, atDesk = false } = ruleOf(move)
    for (const state of CASE_STATES) {
      const c = inState(state, { assigneeId: 'supervisor' })
      const more = { reasonCode: codes?.[0], assignee: { id: 'x', unitId: 'quan-3' } }
      for (const role of [
        'relay',
        'carrier',
        'survey_manager',
        'agency_viewer',
        'shop',
        'auditor',
        'admin',
      ] as const) {
        expect(refusalOf(c, move, staff(role, role), more)).toBe('forbidden')
      }
      expect(refusalOf(c, move, { kind: 'carrier', id: 'viettel' }, more)).toBe('forbidden')
      if (who !== 'citizen') expect(refusalOf(c, move, citizen, more)).toBe('forbidden')
      if (who !== 'system' && !orSystem) expect(refusalOf(c, move, system, more)).toBe('forbidden')
      if ((who === 'citizen' && !atDesk) || who === 'system')
        expect(refusalOf(c, move, supervisor, more)).toBe('forbidden')
    }
  })

  test('police of another district do nothing; city police do', () => {
    expect(refusalOf(fresh, 'take', staff('officer', 'x', 'quan-1'))).toBe('forbidden')
    expect(refusalOf(fresh, 'take', staff('supervisor', 'x', 'quan-1'))).toBe('forbidden')
    expect(refusalOf(fresh, 'take', city)).toBe('allowed')
  })

  test('police of its unit write down whatever a citizen comes to say, the end of a withdrawal too', () => {
    const elsewhere = staff('officer', 'elsewhere', 'quan-1')
    const asked = inState('info_requested')
    expect(movesOpenTo(asked, officer, now, CITIZEN_ACTS)).toEqual(['reply', 'add_imei', 'withdraw'])
    expect(transition(asked, 'reply', officer)).toMatchObject({ to: 'under_review', textIsPublic: true })
    const blocked = inState('blocked', { objectedAt: now })
    expect(movesOpenTo(blocked, officer, now, CITIZEN_ACTS)).toEqual(['answer_objection', 'request_unblock'])
    const rejected = inState('rejected', { rejectedAt: now, rejectedById: supervisor.id })
    expect(movesOpenTo(rejected, officer, now, CITIZEN_ACTS)).toEqual(['appeal'])
    expect(refusalOf(rejected, 'appeal', supervisor), 'of their own rejection').toBe('own_rejection')
    const withdrawing = inState('submitted', { withdrawEffectiveAt: addMilliseconds(now, HOUR) })
    expect(movesOpenTo(withdrawing, officer, now, CITIZEN_ACTS)).toEqual(['undo_withdraw'])
    expect(transition(withdrawing, 'undo_withdraw', officer)).toMatchObject({
      textIsPublic: true,
      set: { withdrawEffectiveAt: null },
    })
    for (const c of [asked, blocked, rejected, withdrawing])
      expect(movesOpenTo(c, elsewhere, now, [...CITIZEN_ACTS, ...DATA_ACTS, ...CONTACT_MOVES])).toEqual([])
    const told = ['add_contact', 'tell_banks', 'stop_banks']
    expect(movesOpenTo(blocked, officer, now, CONTACT_MOVES)).toEqual(told)
    expect(movesOpenTo(rejected, officer, now, CONTACT_MOVES)).toEqual(['add_contact', 'stop_banks'])
  })

  test('who wrote a wish down at the desk decides nothing of it, whatever the outcome', () => {
    const wrote = { wroteDown: true, reasonCode: 'other' }
    const [review, found] = [assigned('under_review'), assigned('verified', { verifiedById: 'another' })]
    const unblock = inState('unblock_review')
    for (const [c, move] of [
      [review, 'verify'],
      [review, 'reject'],
      [found, 'approve'],
      [unblock, 'verify_unblock'],
      [inState('unblock_review', { unblockVerifiedById: 'another' }), 'approve_unblock'],
      [unblock, 'refuse_unblock'],
      [assigned('under_review', { holdAskedById: 'another' }), 'confirm_hold'],
      [inState('blocked'), 'verify_imeis'],
      [inState('blocked', { imeisVerifiedById: 'another' }), 'approve_imeis'],
      [review, 'accept_counterclaim'],
    ] as const)
      expect(refusalOf(c, move, supervisor, wrote), move).toBe('own_writing')
    expect(refusalOf(assigned('under_review', { held: 'conflict' }), 'upheld', city, wrote)).toBe(
      'own_writing',
    )
    expect(refusalOf(review, 'request_info', supervisor, { ...wrote, reasonCode: 'proof' })).toBe('allowed')
  })

  test('what police write down shortens no hearing', () => {
    const c = inState('blocked', { objectedAt: now })
    expect(transition(c, 'answer_objection', citizen).set).toMatchObject({ objectionAnsweredAt: now })
    expect(transition(c, 'answer_objection', officer).set).not.toHaveProperty('objectionAnsweredAt')
  })

  test('a move from another state is refused', () => {
    for (const move of Object.keys(RULES) as Move[]) {
      const rule = ruleOf(move)
      const by = rule.who === 'citizen' ? citizen : rule.who === 'system' ? system : city
      for (const state of CASE_STATES.filter((one) => !rule.from.includes(one))) {
        expect(refusalOf(inState(state), move, by)).toBe('wrong_state')
      }
    }
  })

  test('an officer works on the case they took; those who approve may step in', () => {
    const c = assigned('under_review')
    expect(refusalOf(c, 'verify', staff('officer', 'colleague'))).toBe('not_yours')
    expect(refusalOf(c, 'verify', officer)).toBe('allowed')
    expect(refusalOf(c, 'verify', supervisor)).toBe('allowed')
    expect(refusalOf(c, 'take', staff('officer', 'colleague'))).toBe('wrong_state')
  })
})

describe('two people', () => {
  const verified = assigned('verified', { verifiedById: supervisor.id })

  test('who verified does not approve, and an officer never does', () => {
    expect(refusalOf(verified, 'approve', supervisor)).toBe('own_verification')
    expect(refusalOf(verified, 'approve', officer)).toBe('forbidden')
    expect(refusalOf(verified, 'approve', staff('supervisor', 'second'))).toBe('allowed')
  })

  test('who filed at the desk neither verifies nor approves, nor opens or wins a conflict with it', () => {
    const c = { filedById: supervisor.id }
    expect(refusalOf(assigned('under_review', c), 'verify', supervisor)).toBe('own_filing')
    expect(refusalOf(assigned('verified', { ...c, verifiedById: 'x' }), 'approve', supervisor)).toBe(
      'own_filing',
    )
    const rivalProven = { rivalProven: true }
    expect(refusalOf(assigned('under_review', c), 'accept_counterclaim', supervisor, rivalProven)).toBe(
      'own_filing',
    )
    const held = assigned('under_review', { filedById: city.id, held: 'conflict', counterclaimById: 'x' })
    expect(refusalOf(held, 'upheld', city)).toBe('own_filing')
  })

  test('who confirmed the owner does not approve the unblock, and nobody does unconfirmed', () => {
    const c = inState('unblock_review', { unblockVerifiedById: supervisor.id })
    expect(refusalOf(c, 'approve_unblock', supervisor)).toBe('own_verification')
    expect(refusalOf(c, 'approve_unblock', city)).toBe('allowed')
    expect(refusalOf(inState('unblock_review'), 'approve_unblock', city)).toBe('not_verified_yet')
    expect(refusalOf(c, 'verify_unblock', city, { reasonCode: 'recovered' })).toBe('wrong_state')
  })

  test('the citizen takes back what they asked for, until a second person agrees, and nobody else’s request', () => {
    const verified = inState('unblock_review', {
      unblockVerifiedById: officer.id,
      unblockReason: 'recovered',
    })
    expect(transition(verified, 'undo_unblock', citizen, { carriersSettled: true })).toMatchObject({
      to: 'blocked',
      orders: null,
      listed: undefined,
      set: { unblockVerifiedById: null, unblockReason: null },
    })
    expect(transition(verified, 'undo_unblock', citizen)).toMatchObject({
      to: 'blocking',
      set: { dueAt: addMilliseconds(now, 24 * HOUR) },
    })
    expect(refusalOf(inState('unblocking'), 'undo_unblock', citizen)).toBe('wrong_state')
    const open = (...events: string[]) =>
      actsOpen(
        verified,
        events.map((move) => ({ move })),
        now,
      )
    expect(open('verify_unblock', 'request_unblock', 'phone_returned')).toContain('undo_unblock')
    expect(open('phone_returned', 'refuse_unblock', 'request_unblock')).not.toContain('undo_unblock')
    expect(open('uphold_objection', 'request_unblock')).not.toContain('undo_unblock')
    expect(refusalOf(verified, 'undo_unblock', citizen, { unblockAsked: false })).toBe('no_unblock_asked')
  })

  test('while police wait for an answer, no other form that takes a photo stands beside it', () => {
    const open = (state: CaseState) => actsOpen(inState(state), [], now)
    expect(open('info_requested')).toEqual(expect.arrayContaining(['reply', 'withdraw']))
    expect(open('info_requested')).not.toContain('add_facts')
    for (const state of ['submitted', 'under_review'] as const) expect(open(state)).toContain('add_facts')
  })

  test('who began a conflict does not settle it', () => {
    const held = assigned('blocked', { held: 'conflict', counterclaimById: city.id })
    expect(refusalOf(held, 'upheld', city)).toBe('own_acceptance')
    expect(refusalOf(held, 'overruled', city)).toBe('own_acceptance')
    expect(refusalOf(held, 'upheld', supervisor)).toBe('forbidden')
    expect(refusalOf(held, 'overruled', staff('city_police', 'second', null))).toBe('allowed')
  })

  test('an appeal is decided by another than who rejected', () => {
    const c = inState('under_review', { rejectedById: supervisor.id, appealedAt: now })
    for (const move of ['take', 'verify', 'reject'] as const) {
      expect(refusalOf(c, move, supervisor, { reasonCode: 'not_owner' })).toBe('own_rejection')
      expect(refusalOf(c, move, city, { reasonCode: 'not_owner' })).toBe('allowed')
    }
    const verified: CaseSnapshot = { ...c, state: 'verified', verifiedById: officer.id }
    for (const move of ['approve', 'send_back'] as const) {
      expect(refusalOf(verified, move, supervisor)).toBe('own_rejection')
      expect(refusalOf(verified, move, city)).toBe('allowed')
    }
  })
})

describe('taking back', () => {
  test('is for who made the step, and for nobody else', () => {
    const verified = inState('verified', { assigneeId: officer.id, verifiedById: officer.id })
    expect(refusalOf(verified, 'take_back', officer)).toBe('allowed')
    for (const by of [supervisor, city]) expect(refusalOf(verified, 'take_back', by)).toBe('not_yours')
    const sentBack = { byId: supervisor.id, verifiedById: officer.id, decidedAt: now }
    const back = inState('under_review', { assigneeId: officer.id })
    expect(refusalOf(back, 'take_back_return', supervisor, { sentBack })).toBe('allowed')
    expect(refusalOf(back, 'take_back_return', city, { sentBack })).toBe('not_yours')
    expect(refusalOf(back, 'take_back_return', supervisor)).toBe('wrong_state')
  })
})

describe('reasons', () => {
  test.each(Object.keys(RULES) as Move[])('%s asks for the words and code of its rule', (move) => {
    const rule = ruleOf(move)
    const by = rule.who === 'citizen' ? citizen : rule.who === 'system' ? system : city
    const c = inState(rule.from[0] ?? 'submitted', {
      assigneeId: 'x',
      held: [
        'upheld',
        'overruled',
        'overruled_in_part',
        'uncontested',
        'answer_conflict',
        'ask_side',
      ].includes(move)
        ? 'conflict'
        : null,
      withdrawEffectiveAt:
        move === 'undo_withdraw' ? addMilliseconds(now, 1) : move === 'finish_withdrawal' ? now : null,
      dueAt: move === 'remind_reply' ? addMilliseconds(now, 5 * DAY) : now,
      watchAskedAt: move === 'block' ? now : null,
      watchUntil: move === 'end_watch' ? now : null,
      unblockVerifiedById: move === 'approve_unblock' ? 'x' : null,
      verifiedById: move === 'take_back' ? city.id : null,
      imeisVerifiedById: move === 'approve_imeis' || move === 'send_back_imeis' ? 'x' : null,
      holdAskedById: move === 'confirm_hold' || move === 'lapse_hold' ? 'x' : null,
      holdDueAt: move === 'lapse_hold' ? addMilliseconds(now, -DAY) : null,
      holdUntil: ['end_hold', 'lift_hold', 'shared', 'shared_said', 'objected', 'withheld'].includes(move)
        ? now
        : /renew/.test(move)
          ? addMilliseconds(now, 1)
          : null,
      renewalAskedById: move === 'confirm_renewal' ? 'x' : null,
      sharedDueAt: /(lift|keep)_shared/.test(move) ? now : null,
      sharedProposal:
        move === 'confirm_lift_shared' ? 'lift' : move === 'confirm_keep_shared' ? 'keep' : null,
      objectedAt: /objection|finding/.test(move) ? now : null,
      noDeciderAt: move === 'decider_found' ? now : null,
      rejectedAt: move.startsWith('other_block') ? now : null,
      ...((move === 'allow_lookup' || /^(release|set|give)_imei/.test(move)) && {
        imeiUnknown: true,
        primaryClaim: false,
      }),
    })
    const complete = {
      reasonCode: rule.codes?.[0],
      assignee: { id: 'y', unitId: 'quan-3' },
      blockFrom: ['another'],
      imeisNamed: true,
      rivalProven: move === 'accept_counterclaim',
      upheldFrom: 'blocked' as const,
      sentBack: { byId: city.id, verifiedById: 'x', decidedAt: now },
    }
    expect(refusalOf(c, move, by, complete)).toBe('allowed')
    expect(refusalOf(c, move, by, { ...complete, text: ' \n' })).toBe(rule.text ? 'text_missing' : 'allowed')
    expect(refusalOf(c, move, by, { ...complete, reasonCode: 'no such code' })).toBe(
      rule.codes ? 'reason_code_missing' : 'allowed',
    )
  })
})

test('by itself a block passes to a case in a conflict only, and is renewed there when its time is up', () => {
  const keep = (c: CaseSnapshot, blockFrom: readonly string[]) =>
    refusalOf(c, 'keep_block', system, { blockFrom })
  const contested = inState('under_review', { held: 'conflict' })
  expect(keep(contested, ['another'])).toBe('allowed')
  expect(keep(inState('under_review', {}), ['another'])).toBe('no_conflict')
  expect(keep({ ...contested, holdUntil: addMilliseconds(now, HOUR) }, [contested.id])).toBe('no_hold')
  expect(keep({ ...contested, holdUntil: addMilliseconds(now, HOUR) }, [contested.id, 'another'])).toBe(
    'allowed',
  )
  expect(keep({ ...contested, holdUntil: now }, [contested.id])).toBe('allowed')
})

describe('a block that the relay withheld', () => {
  test('is police’s to look at once more, and nothing stands meanwhile', () => {
    const approved = inState('blocking', { verifiedById: officer.id, approvedAt: now })
    const back = transition(approved, 'withheld', system)
    expect(back).toMatchObject({
      to: 'verified',
      listed: false,
      set: { approvedAt: null, needsWork: true },
      orders: { action: 'unblock', reason: 'expired' },
    })
    const again: CaseSnapshot = { ...approved, ...back.set }
    expect(refusalOf(again, 'approve', supervisor)).toBe('allowed')
    expect(refusalOf(again, 'send_back', supervisor)).toBe('allowed')
    expect(refusalOf(again, 'withheld', system)).toBe('no_hold')
  })

  test('was a temporary one: the case goes on where it is', () => {
    const held = assigned('under_review', {
      holdConfirmedById: supervisor.id,
      holdUntil: addMilliseconds(now, HOUR),
    })
    expect(transition(held, 'withheld', system)).toMatchObject({
      to: 'under_review',
      listed: false,
      set: { holdUntil: null },
    })
  })
})

describe('clocks', () => {
  test('the first action sets the clock of the decision; a second taking does not set it back', () => {
    const first = transition(fresh, 'take', officer)
    expect(first.set).toMatchObject({ assigneeId: officer.id, firstActionAt: now })
    const again = transition(
      inState('submitted', { firstActionAt: addMilliseconds(now, -HOUR) }),
      'take',
      officer,
    )
    expect(again.set).not.toHaveProperty('dueAt')
    expect(again.set).not.toHaveProperty('firstActionAt')
    // Nobody had taken the case when it was rejected: the appeal's clock runs, not the one for the first action.
    const appealed = transition(inState('under_review', { appealedAt: now }), 'take', officer)
    expect(appealed.set).toMatchObject({ firstActionAt: now })
    expect(appealed.set).not.toHaveProperty('dueAt')
  })

  test('a withdrawal takes effect after a day in which it can be undone and nothing else happens', () => {
    const withdrawn = transition(fresh, 'withdraw', citizen)
    expect(withdrawn).toMatchObject({
      to: 'submitted',
      set: { withdrawEffectiveAt: addMilliseconds(now, DAY) },
    })
    const running = assigned('under_review', { withdrawEffectiveAt: addMilliseconds(now, HOUR) })
    expect(refusalOf(running, 'verify', officer)).toBe('withdrawal_running')
    expect(refusalOf(running, 'withdraw', citizen)).toBe('withdrawal_running')
    expect(refusalOf(running, 'finish_withdrawal', system)).toBe('withdrawal_running')
    expect(refusalOf(running, 'undo_withdraw', citizen)).toBe('allowed')
    const over = assigned('under_review', { withdrawEffectiveAt: now })
    expect(refusalOf(over, 'undo_withdraw', citizen)).toBe('no_withdrawal')
    expect(transition(over, 'finish_withdrawal', system)).toMatchObject({ to: 'withdrawn', claim: 'release' })
    expect(refusalOf(fresh, 'finish_withdrawal', system)).toBe('no_withdrawal')
  })

  test('a case without an answer ends when its time is up, and not before', () => {
    expect(refusalOf(inState('info_requested', { dueAt: addMilliseconds(now, 1) }), 'expire', system)).toBe(
      'wrong_state',
    )
    const expired = transition(inState('info_requested', { dueAt: now }), 'expire', system)
    expect(expired).toMatchObject({ to: 'expired', claim: 'release', set: { closedAt: now } })
  })

  test('one appeal, within thirty days', () => {
    const rejected = inState('rejected', { rejectedAt: addMilliseconds(now, -30 * DAY), primaryClaim: false })
    expect(refusalOf(rejected, 'appeal', citizen)).toBe('allowed')
    expect(
      refusalOf({ ...rejected, rejectedAt: addMilliseconds(now, -30 * DAY - 1) }, 'appeal', citizen),
    ).toBe('appeal_late')
    expect(refusalOf({ ...rejected, appealedAt: now }, 'appeal', citizen)).toBe('appeal_used')
  })
})

describe('the claim on a phone', () => {
  test('an appeal takes what is free of it; approved or upheld, a case takes it from others', () => {
    const rejected = inState('rejected', {
      rejectedAt: now,
      primaryClaim: false,
      verifiedById: 'x',
      approvedAt: now,
    })
    expect(transition(rejected, 'appeal', citizen)).toMatchObject({
      claim: 'gain',
      set: { assigneeId: null, verifiedById: null, approvedAt: null },
    })
    expect(ruleOf('appeal').takesClaim).toBeUndefined()
    const verified = assigned('verified', { verifiedById: 'x', primaryClaim: false })
    expect(transition(verified, 'approve', supervisor).claim).toBe('gain')
    const taking = (Object.keys(RULES) as Move[]).filter((move) => ruleOf(move).takesClaim)
    expect(taking.toSorted()).toEqual(['approve', 'approve_imeis', 'upheld'])
  })

  test.each([true, false])(
    'with the claim or without (%s), it yields to a proof that was found good',
    (primaryClaim) => {
      const c = assigned('under_review', { primaryClaim })
      const rivalProven = { rivalProven: true }
      expect(refusalOf(c, 'verify', officer)).toBe('allowed')
      expect(refusalOf(c, 'verify', officer, rivalProven)).toBe('rival_proven')
      const verified = assigned('verified', { verifiedById: 'x', primaryClaim })
      expect(refusalOf(verified, 'approve', supervisor)).toBe('allowed')
      expect(refusalOf(verified, 'approve', supervisor, rivalProven)).toBe('rival_proven')
      // An unverified claim beside another is compared with it; a claim that is alone is not.
      for (const one of [c, verified]) {
        expect(refusalOf(one, 'accept_counterclaim', supervisor)).toBe('no_conflict')
        expect(refusalOf(one, 'accept_counterclaim', supervisor, rivalProven)).toBe('allowed')
      }
      expect(refusalOf(c, 'reject', officer, { ...rivalProven, reasonCode: 'other' })).toBe('allowed')
      expect(transition(c, 'outproven', system)).toMatchObject({
        to: 'under_review',
        claim: 'release',
        orders: null,
      })
    },
  )

  test('a person who judged one claim on a phone decides none of the others', () => {
    const judgedOther = { judgedOther: true, reasonCode: 'other', rivalProven: false }
    const asked = assigned('under_review', { holdAskedById: 'x' })
    for (const [c, move] of [
      [inState('submitted'), 'take'],
      [assigned('under_review'), 'verify'],
      [assigned('under_review'), 'reject'],
      [assigned('under_review'), 'hold'],
      [asked, 'confirm_hold'],
      [assigned('verified', { verifiedById: 'x' }), 'approve'],
      [inState('blocked'), 'verify_imeis'],
      [inState('blocked', { imeisVerifiedById: 'x' }), 'approve_imeis'],
    ] as const) {
      const waits = { imeisWaiting: true }
      expect(refusalOf(c, move, supervisor, { ...waits, reasonCode: 'other' }), move).toBe('allowed')
      expect(refusalOf(c, move, supervisor, { ...waits, ...judgedOther }), move).toBe('judged_other')
    }
  })

  test('sent to city police, it is held; upheld, it gains the claim; its opponent loses it and its block', () => {
    const free = assigned('under_review', { primaryClaim: false })
    expect(transition(free, 'accept_counterclaim', officer, { rivalProven: true }).set).toMatchObject({
      held: 'conflict',
      counterclaimById: officer.id,
      needsWork: true,
    })
    const held = { ...free, held: 'conflict', counterclaimById: officer.id } as const
    expect(refusalOf(held, 'verify', officer)).toBe('held')
    expect(transition(held, 'upheld', city)).toMatchObject({ claim: 'gain', set: { held: null } })
    const first = inState('blocked', { held: 'conflict', approvedAt: now, counterclaimById: officer.id })
    expect(transition(first, 'overruled', city)).toMatchObject({
      to: 'rejected',
      claim: 'release',
      listed: false,
      orders: { action: 'unblock', reason: 'other_claim' },
    })
    expect(transition({ ...first, state: 'verified', approvedAt: null }, 'overruled', city).orders).toBeNull()
    // The case appealed and competes with the other again: the person who rejected it does not decide on it again.
    expect(refusalOf({ ...held, rejectedById: city.id }, 'overruled', city)).toBe('own_rejection')
    expect(transition(held, 'uncontested', system)).toMatchObject({ claim: 'gain', set: { held: null } })
  })

  test('a conflict has the clock of a decision for both sides, and leaves each with what its state owes', () => {
    const decision = decisionDue(now, calendar.holidays)
    const begun = transition(assigned('under_review'), 'accept_counterclaim', officer, { rivalProven: true })
    expect(begun.set.dueAt).toEqual(decision)
    for (const state of ['submitted', 'under_review', 'verified', 'blocking', 'blocked'] as const)
      expect(transition(inState(state), 'contested', officer).set.dueAt).toEqual(decision)
    const asked = inState('info_requested', { dueAt: addMilliseconds(now, 15 * DAY) })
    expect(transition(asked, 'contested', officer).set.dueAt).toBeUndefined()
    // A further side gives nobody more time for what is due already.
    const running = inState('blocked', { held: 'conflict', dueAt: addMilliseconds(now, -HOUR) })
    expect(transition(running, 'contested', officer).set.dueAt).toBeUndefined()

    const approvedAt = addMilliseconds(now, -HOUR)
    for (const [state, due] of [
      ['submitted', addMilliseconds(now, 24 * HOUR)],
      ['under_review', decision],
      ['verified', decision],
      ['blocking', addMilliseconds(approvedAt, 24 * HOUR)],
      ['unblock_review', decision],
      ['info_requested', undefined],
      ['blocked', undefined],
    ] as const) {
      const held = inState(state, { held: 'conflict', approvedAt })
      expect(transition(held, 'uncontested', system).set.dueAt).toEqual(due)
      expect(transition(held, 'upheld', city).set.dueAt).toEqual(due)
    }
  })

  test('a block in force stands while it is contested, and waits for nobody', () => {
    const contested = transition(
      inState('blocked', { approvedAt: now }),
      'contested',
      staff('officer', 'x', 'quan-1'),
    )
    expect(contested).toMatchObject({ to: 'blocked', orders: null, listed: undefined, claim: 'keep' })
    const held = inState('blocking', { held: 'conflict' })
    expect(refusalOf(held, 'carriers_applied', system)).toBe('allowed')
    expect(refusalOf(inState('blocked', { held: 'conflict' }), 'request_unblock', citizen)).toBe('held')
  })
})

describe('the proof', () => {
  const c = assigned('under_review')

  test('is there before anybody verifies', () => {
    expect(refusalOf(c, 'verify', officer, { proof: { ...seen, files: 0 } })).toBe('no_proof')
    expect(refusalOf(c, 'verify', officer, { proof: seen })).toBe('allowed')
  })

  test('may come from an officer of its district who does not have the case, and decides nothing', () => {
    expect(transition(c, 'add_document', staff('officer', 'colleague'))).toMatchObject({
      to: 'under_review',
      claim: 'keep',
      listed: undefined,
      orders: null,
      visible: true,
    })
    expect(refusalOf(c, 'add_document', { kind: 'citizen' })).toBe('forbidden')
    expect(refusalOf(fresh, 'add_document', officer)).toBe('wrong_state')
    expect(refusalOf(assigned('verified'), 'add_document', officer)).toBe('wrong_state')
  })
})

describe('a temporary block', () => {
  const asked = assigned('under_review', { holdAskedById: officer.id })
  const held = assigned('under_review', {
    holdAskedById: officer.id,
    holdConfirmedById: supervisor.id,
    holdUntil: addMilliseconds(now, HOUR),
  })

  test('is asked for before police have decided, once, with a proof, whoever has the claim', () => {
    expect(transition(fresh, 'hold', officer)).toMatchObject({
      orders: null,
      listed: undefined,
      visible: false,
    })
    expect(refusalOf(assigned('verified'), 'hold', officer)).toBe('wrong_state')
    expect(refusalOf(asked, 'hold', supervisor)).toBe('hold_used')
    expect(refusalOf(fresh, 'hold', officer, { proof: { ...seen, files: 0 } })).toBe('no_proof')
    expect(refusalOf({ ...fresh, primaryClaim: false }, 'hold', officer)).toBe('allowed')
    expect(refusalOf(fresh, 'hold', officer, { rivalProven: true })).toBe('allowed')
    // The end of one block would lift the other.
    for (const [c, move, by] of [
      [fresh, 'hold', officer],
      [asked, 'confirm_hold', supervisor],
    ] as const)
      expect(refusalOf(c, move, by, { blockedElsewhere: true })).toBe('blocked_elsewhere')
    expect(refusalOf({ ...fresh, held: 'conflict' }, 'hold', officer)).toBe('held')
  })

  test('that was asked for has a clock of its own for as long as another person can confirm it', () => {
    const due = addMilliseconds(now, 4 * HOUR)
    expect(transition(fresh, 'hold', officer).set).toMatchObject({
      holdAskedById: officer.id,
      holdDueAt: due,
    })
    const waiting = { ...asked, holdDueAt: due }
    expect(holdWaitsUntil(waiting)).toEqual(due)
    expect(holdWaitsUntil({ ...waiting, state: 'info_requested' })).toEqual(due)
    expect(holdWaitsUntil({ ...waiting, holdConfirmedById: supervisor.id })).toBeNull()
    expect(holdWaitsUntil({ ...waiting, state: 'verified' })).toBeNull()
    expect(holdWaitsUntil({ ...waiting, held: 'conflict' })).toBeNull()
    expect(holdWaitsUntil({ ...waiting, withdrawEffectiveAt: addMilliseconds(now, HOUR) })).toBeNull()
    expect(holdWaitsUntil(fresh)).toBeNull()
  })

  test('begins when another person who may approve confirms it, and says when it ends', () => {
    expect(refusalOf(fresh, 'confirm_hold', supervisor)).toBe('hold_not_asked')
    expect(refusalOf(asked, 'confirm_hold', officer)).toBe('forbidden')
    expect(refusalOf({ ...asked, holdAskedById: supervisor.id }, 'confirm_hold', supervisor)).toBe('own_hold')
    expect(refusalOf({ ...asked, filedById: supervisor.id }, 'confirm_hold', supervisor)).toBe('own_filing')
    expect(refusalOf(asked, 'confirm_hold', city)).toBe('allowed')
    expect(refusalOf(held, 'confirm_hold', city)).toBe('hold_used')
    const until = holdExpiry(now, decisionDue(asked.submittedAt, new Set()))
    expect(transition(asked, 'confirm_hold', supervisor)).toMatchObject({
      to: 'under_review',
      set: { holdUntil: until },
      listed: true,
      orders: { action: 'block', reason: 'hold', expiresAt: until },
    })
  })

  test('is asked for again where nobody confirmed it in a day, and not before', () => {
    const waits = { ...asked, holdDueAt: addMilliseconds(now, -20 * HOUR + 1) }
    expect(refusalOf(waits, 'lapse_hold', system)).toBe('no_hold')
    expect(refusalOf(waits, 'hold', officer)).toBe('hold_used')
    const lapsed = transition({ ...waits, holdDueAt: addMilliseconds(now, -20 * HOUR) }, 'lapse_hold', system)
    expect(lapsed).toMatchObject({
      visible: false,
      orders: null,
      set: { holdAskedById: null, holdDueAt: null },
    })
    expect(refusalOf({ ...waits, ...lapsed.set }, 'hold', officer)).toBe('allowed')
    expect(refusalOf(held, 'lapse_hold', system)).toBe('hold_not_asked')
  })

  describe('that is in force', () => {
    const inForce: CaseSnapshot = {
      ...held,
      firstActionAt: now,
      holdSince: addMilliseconds(now, -DAY),
      holdUntil: addMilliseconds(now, DAY),
      dueAt: addMilliseconds(now, 6 * DAY),
    }
    const renewing = {
      ...inForce,
      renewalAskedById: officer.id,
      renewalDueAt: addMilliseconds(now, 4 * HOUR),
    }

    test('is renewed once by two, until the decision is due', () => {
      expect(transition(inForce, 'renew_hold', officer)).toMatchObject({
        visible: false,
        orders: null,
        set: { renewalAskedById: officer.id, renewalDueAt: addMilliseconds(now, 4 * HOUR) },
      })
      expect(refusalOf(renewing, 'renew_hold', supervisor)).toBe('renewal_used')
      expect(holdWaitsUntil(renewing)).toEqual(addMilliseconds(now, 4 * HOUR))
      expect(refusalOf(inForce, 'confirm_renewal', supervisor)).toBe('hold_not_asked')
      expect(refusalOf(renewing, 'confirm_renewal', officer)).toBe('forbidden')
      expect(refusalOf({ ...renewing, renewalAskedById: supervisor.id }, 'confirm_renewal', supervisor)).toBe(
        'own_hold',
      )
      const renewed = transition(renewing, 'confirm_renewal', supervisor)
      expect(renewed).toMatchObject({
        set: { holdUntil: inForce.dueAt, renewalConfirmedById: supervisor.id, renewalDueAt: null },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt: inForce.dueAt, insteadOf: [inForce.id] },
      })
      const after = { ...renewing, ...renewed.set }
      expect(holdWaitsUntil(after)).toBeNull()
      expect(refusalOf(after, 'renew_hold', officer)).toBe('renewal_used')
      expect(refusalOf(after, 'confirm_renewal', city)).toBe('renewal_used')
      expect(refusalOf(after, 'lapse_hold', system)).toBe('hold_not_asked')
    })

    test('is not renewed after its end, nor where it passed from another case, is held or was found wrong', () => {
      const none = { ...inForce, holdUntil: null }
      expect(refusalOf(none, 'renew_hold', officer)).toBe('no_hold')
      expect(refusalOf({ ...none, ...renewing, holdUntil: null }, 'confirm_renewal', supervisor)).toBe(
        'no_hold',
      )
      expect(refusalOf({ ...inForce, blockFromId: 'x' }, 'renew_hold', officer)).toBe('renewal_used')
      expect(refusalOf({ ...inForce, held: 'conflict' }, 'renew_hold', officer)).toBe('held')
      expect(refusalOf({ ...inForce, state: 'verified' }, 'renew_hold', officer)).toBe('wrong_state')
      expect(refusalOf(inForce, 'renew_hold', officer, { proof: { ...seen, seen: false } })).toBe(
        'proof_unseen',
      )
    })

    test('asks anew where nobody confirmed its renewal in a day, or where it ended before', () => {
      const waits = { ...renewing, renewalDueAt: addMilliseconds(now, -20 * HOUR) }
      const lapsed = transition(waits, 'lapse_hold', system)
      expect(lapsed.set).toMatchObject({ renewalAskedById: null, renewalDueAt: null })
      expect(lapsed.set).not.toHaveProperty('holdAskedById')
      expect(refusalOf({ ...waits, ...lapsed.set }, 'renew_hold', officer)).toBe('allowed')
      const ended = transition({ ...renewing, holdUntil: now }, 'end_hold', system)
      expect(ended.set).toMatchObject({ holdUntil: null, renewalAskedById: null, renewalDueAt: null })
      expect(holdWaitsUntil({ ...renewing, ...ended.set })).toBeNull()
    })
  })

  test('ends by the clock, and not before', () => {
    expect(refusalOf(held, 'end_hold', system)).toBe('no_hold')
    expect(transition({ ...held, holdUntil: now }, 'end_hold', system)).toMatchObject({
      to: 'under_review',
      set: { holdUntil: null },
      listed: false,
      orders: { action: 'unblock', reason: 'expired' },
    })
  })

  test('gives way to the approved block, and goes with a withdrawal or a lost conflict', () => {
    const verified = { ...held, state: 'verified' as const, verifiedById: officer.id }
    expect(transition(verified, 'approve', supervisor)).toMatchObject({
      set: { holdUntil: null },
      orders: { action: 'block', reason: 'robbed' },
    })
    const withdrawn = { ...held, withdrawEffectiveAt: now }
    expect(transition(withdrawn, 'finish_withdrawal', system).orders).toEqual({
      action: 'unblock',
      reason: 'withdrawn',
    })
    const overruled = transition({ ...held, held: 'conflict' }, 'overruled', city)
    expect(overruled).toMatchObject({ set: { holdUntil: null }, orders: { reason: 'other_claim' } })
  })

  test('outlives a rejection until another person agrees or its time is up', () => {
    const rejection = transition(held, 'reject', supervisor, { reasonCode: 'not_owner' })
    expect(rejection).toMatchObject({ orders: null, listed: undefined, set: { needsWork: true } })
    const rejected: CaseSnapshot = { ...held, ...rejection.set, primaryClaim: false }
    expect(refusalOf(rejected, 'lift_hold', supervisor)).toBe('own_rejection')
    expect(transition(rejected, 'lift_hold', city)).toMatchObject({
      to: 'rejected',
      set: { holdUntil: null, needsWork: false },
      orders: { action: 'unblock', reason: 'wrong' },
    })
    expect(refusalOf({ ...rejected, holdUntil: now }, 'end_hold', system)).toBe('allowed')
  })
})

describe('a shared IMEI', () => {
  const blocking = assigned('blocking', { verifiedById: officer.id, approvedAt: now })

  test('lifts the block and goes back to the start, in the hands of city police', () => {
    const shared = transition(blocking, 'shared', system)
    expect(shared).toMatchObject({
      to: 'under_review',
      set: { held: 'shared_imei', verifiedById: null, approvedAt: null, needsWork: true },
      listed: false,
      orders: { action: 'unblock', reason: 'wrong' },
    })
    const held: CaseSnapshot = { ...blocking, ...shared.set }
    expect(refusalOf(held, 'verify', supervisor)).toBe('held')
    expect(refusalOf(held, 'hold', city)).toBe('held')
    expect(transition(held, 'reject', city, { reasonCode: 'wrong_imei' }).set.held).toBeNull()
    const verified: CaseSnapshot = { ...held, ...transition(held, 'verify', city).set }
    expect(refusalOf(verified, 'approve', city)).toBe('own_verification')
    expect(refusalOf(verified, 'approve', supervisor)).toBe('held')
    expect(transition(verified, 'approve', staff('city_police', 'other', null))).toMatchObject({
      to: 'blocking',
      set: { held: null },
      listed: true,
      orders: { action: 'block', reason: 'robbed' },
    })
  })

  test('stays with city police after a conflict and after an appeal, until they approve', () => {
    const shared: CaseSnapshot = {
      ...blocking,
      ...transition(blocking, 'shared', system).set,
      state: 'under_review',
    }
    const contested: CaseSnapshot = { ...shared, held: 'conflict', counterclaimById: officer.id }
    expect(transition(contested, 'uncontested', system).set.held).toBe('shared_imei')
    expect(transition(contested, 'upheld', city).set.held).toBe('shared_imei')
    const rejected: CaseSnapshot = {
      ...shared,
      ...transition(shared, 'reject', city, { reasonCode: 'wrong_imei' }).set,
    }
    expect(transition({ ...rejected, state: 'rejected' }, 'appeal', citizen).set.held).toBe('shared_imei')
    const approved: CaseSnapshot = { ...contested, state: 'blocked', approvedAt: now }
    expect(transition(approved, 'uncontested', system).set.held).toBeNull()
  })

  test('that one carrier sees lifts nothing: two of city police who opened the proof do, or keep it', () => {
    const said = transition(blocking, 'shared_said', system)
    expect(said).toMatchObject({
      to: 'blocking',
      set: { sharedDueAt: addMilliseconds(now, 4 * HOUR), needsWork: true },
      listed: undefined,
      orders: null,
    })
    const called: CaseSnapshot = { ...blocking, ...said.set }
    expect(refusalOf(called, 'shared_said', system)).toBe('wrong_state')
    for (const move of ['lift_shared', 'keep_shared'] as const) {
      expect(refusalOf(called, move, supervisor)).toBe('forbidden')
      expect(refusalOf(called, move, city, { proof: NOTHING_SEEN })).toBe('proof_unseen')
    }
    const other = staff('city_police', 'other', null)
    const proposed: CaseSnapshot = { ...called, ...transition(called, 'lift_shared', city).set }
    expect(refusalOf(called, 'confirm_lift_shared', other)).toBe('not_proposed')
    expect(refusalOf(proposed, 'confirm_lift_shared', city)).toBe('own_proposal')
    expect(refusalOf(proposed, 'confirm_keep_shared', other)).toBe('not_proposed')
    expect(refusalOf(proposed, 'confirm_lift_shared', other, { proof: NOTHING_SEEN })).toBe('proof_unseen')
    expect(transition(proposed, 'confirm_lift_shared', other)).toMatchObject({
      to: 'under_review',
      set: { held: 'shared_imei', sharedAt: now, sharedDueAt: null, sharedProposedById: null },
      listed: false,
      orders: { action: 'unblock', reason: 'wrong' },
    })
    const kept: CaseSnapshot = { ...called, ...transition(called, 'keep_shared', city).set }
    expect(transition(kept, 'confirm_keep_shared', other)).toMatchObject({
      to: 'blocking',
      set: { sharedDueAt: null, sharedProposal: null },
      orders: null,
    })
    // A second carrier's report does not wait for city police to answer the first one.
    expect(transition(kept, 'shared', system).set).toMatchObject({ sharedAt: now, sharedDueAt: null })
  })

  test('holds a case once, and only where something is blocked', () => {
    expect(refusalOf({ ...blocking, sharedAt: now }, 'shared', system)).toBe('wrong_state')
    expect(refusalOf({ ...blocking, sharedAt: now }, 'shared_said', system)).toBe('wrong_state')
    expect(refusalOf(assigned('under_review'), 'shared', system)).toBe('no_hold')
    expect(refusalOf(assigned('under_review'), 'shared_said', system)).toBe('no_hold')
    const asked = inState('info_requested', { holdUntil: addMilliseconds(now, HOUR) })
    expect(transition(asked, 'shared', system).to).toBe('info_requested')
  })
})

describe('blocking and unblocking', () => {
  test('approval orders the block with its reason, and only then is the phone named outside', () => {
    const approved = transition(assigned('verified', { verifiedById: 'x' }), 'approve', supervisor)
    expect(approved).toMatchObject({
      to: 'blocking',
      listed: true,
      orders: { action: 'block', reason: 'robbed' },
    })
    for (const move of ['take', 'verify'] as const) {
      const c = move === 'take' ? fresh : assigned('under_review')
      expect(transition(c, move, officer)).toMatchObject({ listed: undefined, orders: null })
    }
  })

  test('a refused unblock goes back to where the carriers are', () => {
    const c = inState('unblock_review', { unblockVerifiedById: 'x', unblockReason: 'recovered' })
    const refuse = { reasonCode: 'other' }
    expect(transition(c, 'refuse_unblock', supervisor, refuse).to).toBe('blocking')
    const settled = transition(c, 'refuse_unblock', supervisor, { ...refuse, carriersSettled: true })
    expect(settled).toMatchObject({ to: 'blocked', set: { blockedAt: now, unblockVerifiedById: null } })
    const before = addMilliseconds(now, -DAY)
    expect(
      transition({ ...c, blockedAt: before }, 'refuse_unblock', supervisor, {
        ...refuse,
        carriersSettled: true,
      }).set,
    ).toMatchObject({ blockedAt: before })
  })

  test('the reason of an unblock is the one that was confirmed', () => {
    const c = inState('unblock_review', { unblockVerifiedById: 'x', unblockReason: 'wrong' })
    expect(transition(c, 'approve_unblock', supervisor).orders).toEqual({
      action: 'unblock',
      reason: 'wrong',
    })
  })
})

test('what a page offers is what would be allowed with the right words', () => {
  const moves = Object.keys(RULES) as Move[]
  for (const state of CASE_STATES) {
    for (const by of [officer, supervisor, city]) {
      const c = assigned(state)
      const known = { unblockAsked: true, imeisWaiting: true, imeiStays: null }
      const offered = movesOpenTo(c, by, now, moves, known)
      const allowed = moves.filter(
        (move) =>
          refusalOf(c, move, by, {
            reasonCode: ruleOf(move).codes?.[0],
            assignee: { id: 'y', unitId: 'quan-3' },
          }) === 'allowed',
      )
      expect(offered).toEqual(allowed)
    }
  }
})

test('final states are final for everybody, but for notes, data, contacts, letters and the unit', () => {
  for (const state of FINAL_STATES) {
    for (const move of Object.keys(RULES) as Move[]) {
      const anywhere: readonly Move[] = [
        'note',
        'follow_unit',
        ...DATA_MOVES,
        ...CONTACT_MOVES,
        ...LETTER_MOVES,
      ]
      // A person who left a conflict is told what happened to the block that passed on.
      const told = move.startsWith('other_block') && state !== 'unblocked'
      const stays = anywhere.includes(move) || told
      // An end caused by a holder's objection is reviewed once, and a late answer takes an expiry back.
      const again = (move === 'appeal' && state === 'unblocked') || (move === 'reply' && state === 'expired')
      if (!stays && !again) expect(RULES[move].from as readonly CaseState[]).not.toContain(state)
    }
    expect(ACTIVE_STATES).not.toContain(state)
  }
})

describe('an answer to the question of police', () => {
  const closedAt = addMilliseconds(now, -30 * DAY)
  const expired = inState('expired', { closedAt, primaryClaim: false, assigneeId: officer.id })
  const here = { unit: { id: 'quan-3', keepsAssignee: true } }

  test('reopens what ended without it, for 30 days to the millisecond', () => {
    expect(transition(expired, 'reply', citizen, here)).toMatchObject({
      to: 'under_review',
      claim: 'gain',
      orders: null,
      set: { closedAt: null, dueAt: decisionDue(now, new Set()), needsWork: true },
    })
    expect(refusalOf({ ...expired, closedAt: addMilliseconds(closedAt, -1) }, 'reply', citizen)).toBe(
      'reopen_late',
    )
    expect(refusalOf(expired, 'reply', officer)).toBe('allowed')
    expect(refusalOf(expired, 'reply', staff('officer', 'elsewhere', 'quan-1'))).toBe('forbidden')
    expect(refusalOf({ ...expired, erasedAt: now }, 'reply', citizen)).toBe('wrong_state')
    expect(refusalOf(inState('withdrawn', { closedAt: now }), 'reply', citizen)).toBe('wrong_state')
  })

  test('brings the case to the officer who still serves its unit, else to the queue of the unit that answers now', () => {
    expect(transition(expired, 'reply', citizen, here).set).not.toHaveProperty('assigneeId')
    const unit = { id: 'phuong-1', keepsAssignee: false }
    expect(transition(expired, 'reply', citizen, { unit }).set).toMatchObject({
      unitId: 'phuong-1',
      assigneeId: null,
    })
  })

  test('brings back what city police had to look at, and asks anew for what nobody confirmed', () => {
    const shared = { ...expired, sharedAt: now, holdAskedById: 'x', holdDueAt: closedAt }
    expect(transition(shared, 'reply', citizen, here).set).toMatchObject({
      held: 'shared_imei',
      holdAskedById: null,
      holdDueAt: null,
    })
    const blocked = { ...expired, holdAskedById: 'x', holdConfirmedById: 'y', holdSince: closedAt }
    const back = {
      ...blocked,
      ...transition(blocked, 'reply', citizen, here).set,
      state: 'under_review' as const,
    }
    // A case has only one temporary block, even if it was closed during that block.
    expect(refusalOf(back, 'hold', officer)).toBe('hold_used')
    expect(refusalOf(back, 'renew_hold', officer)).toBe('no_hold')
  })

  test('is reminded of once from the tenth day on and once from the fourteenth, and not after its time', () => {
    const asked = (days: number, remindedAfter: number | null = null) =>
      inState('info_requested', {
        dueAt: addMilliseconds(now, (15 - days) * DAY),
        remindedAt: remindedAfter === null ? null : addMilliseconds(now, (remindedAfter - days) * DAY),
      })
    const due = (...args: Parameters<typeof asked>) => refusalOf(asked(...args), 'remind_reply', system)
    expect(due(9.99)).toBe('wrong_state')
    expect(due(10)).toBe('allowed')
    expect(due(13.99, 10)).toBe('wrong_state')
    expect(due(14, 10)).toBe('allowed')
    expect(due(14, 13.99)).toBe('allowed')
    expect(due(14.5, 14)).toBe('wrong_state')
    // After a pause of the clock, only one reminder is sent.
    expect(due(14.5)).toBe('allowed')
    expect(due(15)).toBe('wrong_state')
    expect(transition(asked(10), 'remind_reply', system)).toMatchObject({
      to: 'info_requested',
      visible: true,
    })
    expect(
      transition(inState('under_review', { remindedAt: closedAt }), 'request_info', supervisor, {
        reasonCode: 'proof',
      }).set,
    ).toMatchObject({ remindedAt: null })
  })
})

describe('the review of a block that was lifted for its holder', () => {
  const lifted: CaseSnapshot = {
    ...fresh,
    state: 'unblocked',
    primaryClaim: false,
    approvedAt: addMilliseconds(now, -DAY),
    blockedAt: addMilliseconds(now, -DAY),
    closedAt: now,
    overturnedAt: now,
    verifiedById: 'x',
    unblockVerifiedById: 'y',
    unblockReason: 'wrong',
  }
  const words = { text: 'Máy là của tôi.' }

  test('is had once, within 30 days of the unblock, and starts the case anew', () => {
    expect(transition(lifted, 'appeal', citizen, words)).toMatchObject({
      to: 'under_review',
      claim: 'gain',
      set: { reviewAskedAt: now, approvedAt: null, verifiedById: null, closedAt: null, unblockReason: null },
    })
    expect(refusalOf({ ...lifted, reviewAskedAt: now }, 'appeal', citizen, words)).toBe('appeal_used')
    const closedAt = addMilliseconds(now, -30 * DAY - 1)
    expect(refusalOf({ ...lifted, closedAt }, 'appeal', citizen, words)).toBe('appeal_late')
    // A person who appealed a rejection before may appeal this as well.
    expect(refusalOf({ ...lifted, appealedAt: addMilliseconds(now, -DAY) }, 'appeal', citizen, words)).toBe(
      'allowed',
    )
  })

  test('is not for an unblock that the reporter asked for', () => {
    expect(refusalOf({ ...lifted, overturnedAt: null }, 'appeal', citizen, words)).toBe('wrong_state')
    const own = inState('unblock_review', { unblockVerifiedById: 'x', unblockReason: 'wrong' })
    expect(transition(own, 'approve_unblock', supervisor).set.overturnedAt).toBeNull()
    expect(transition({ ...own, objectedAt: now }, 'approve_unblock', supervisor).set.overturnedAt).toBe(now)
  })

  test('is decided by people who decided nothing of the case before', () => {
    const asked = assigned('under_review', { reviewAskedAt: now, appealedAt: now })
    for (const move of ['verify', 'reject'] as const) {
      const more = { reasonCode: 'other', decidedBefore: true }
      expect(refusalOf(asked, move, officer, more)).toBe('decided_before')
    }
    expect(refusalOf(asked, 'verify', officer)).toBe('allowed')
  })
})

describe('a block that its phone’s holder objects to', () => {
  const blocked: CaseSnapshot = { ...fresh, state: 'blocked', approvedAt: now, verifiedById: 'officer' }
  const objected: CaseSnapshot = { ...blocked, objectedAt: now }
  const other = staff('officer', 'other')
  const uphold = { move: 'uphold_objection', text: 'Đúng.', proof: seen } as const

  test('is told to its reporter, who may answer while it is open', () => {
    expect(decide(fresh, { move: 'objected' }, system, calendar)).toMatchObject({ error: 'no_block' })
    expect(decide({ ...fresh, approvedAt: now }, { move: 'objected' }, system, calendar).ok).toBe(false)
    expect(decide(blocked, { move: 'objected' }, system, calendar)).toMatchObject({
      value: { to: 'blocked', visible: true, set: { objectedAt: now } },
    })
    expect(movesOpenTo(blocked, citizen, now, ['answer_objection'])).toEqual([])
    expect(movesOpenTo(objected, citizen, now, ['answer_objection'])).toEqual(['answer_objection'])
  })

  test('goes to two people once the reporter was heard, and to nobody who found it right before', () => {
    expect(decide(objected, { ...uphold, heard: false }, other, calendar)).toMatchObject({
      error: 'hearing_runs',
    })
    expect(decide(objected, { ...uphold, heard: true }, officer, calendar)).toMatchObject({
      error: 'own_block',
    })
    const approver = { ...uphold, heard: true, foundBlockRight: true }
    expect(decide(objected, approver, other, calendar)).toMatchObject({ error: 'own_block' })
    const upheld = decide(objected, { ...uphold, heard: true }, other, calendar)
    expect(upheld).toMatchObject({
      value: { to: 'unblock_review', set: { unblockVerifiedById: 'other', unblockReason: 'wrong' } },
    })
    const review: CaseSnapshot = {
      ...objected,
      state: 'unblock_review',
      unblockVerifiedById: 'other',
      unblockReason: 'wrong',
    }
    const approve = { move: 'approve_unblock', text: 'Đồng ý.', proof: seen } as const
    const verifier = staff('supervisor', 'officer')
    expect(decide(review, approve, verifier, calendar)).toMatchObject({ error: 'own_verification' })
    expect(decide(review, approve, supervisor, calendar)).toMatchObject({
      value: {
        to: 'unblocking',
        orders: { action: 'unblock', reason: 'wrong' },
        set: { objectedAt: null, objectionAnsweredAt: null },
      },
    })
  })
})
