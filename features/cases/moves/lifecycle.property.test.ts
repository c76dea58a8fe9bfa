import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { runs } from '#tests/runs.ts'
import { boxesOf, claimsOf, eventOf, FACTS, historyOf, lettersOf, pageOf, untrue } from '#tests/said-facts.ts'
import { sentBackIn } from '../decisions/rules.ts'
import { answerable, type GivenCheck, type JudgedProof } from '../proof/rules.ts'
import { type CaseSnapshot, newSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES, CASE_STATES, FINAL_STATES } from '../record/state-rules.ts'
import { decide } from './lifecycle-rules.ts'
import { CONTACT_MOVES, DATA_MOVES, LETTER_MOVES, type Move, RULES, ruleOf } from './rules.ts'
import type { MoveRequest, Transition } from './transition-rules.ts'

/** A few people who may make mistakes, the same ones at every step. */
const person = (role: StaffActor['role'], n: number): StaffActor => ({
  kind: 'staff',
  id: `${role}-${n}`,
  name: '',
  role,
  unitId: role === 'city_police' ? null : 'quan-3',
  agencyId: null,
  carrierId: null,
})
const ACTORS: readonly Actor[] = [
  { kind: 'citizen' },
  { kind: 'system' },
  person('officer', 1),
  person('officer', 2),
  person('supervisor', 1),
  person('supervisor', 2),
  person('city_police', 1),
  person('city_police', 2),
]
const MOVES = (Object.keys(RULES) as Move[]).filter((move) => !DATA_MOVES.some((one) => one === move))
const start = new Date('2026-11-24T03:00:00Z')

const CHECKS = [
  { checkImei1: 'yes', checkName: 'yes', checkDevice: 'unknown' },
  { checkImei1: 'not_visible', checkName: 'none', checkDevice: 'yes' },
  { checkImei1: 'no', checkName: 'yes', checkDevice: 'no' },
  { checkImei1: 'yes', checkDevice: 'yes' },
] as const satisfies readonly GivenCheck[]
const CAN = answerable(['checkImei1'], ['invoice'], true)
const PROOFS: readonly (JudgedProof | undefined)[] = [
  ...CHECKS.map((check) => ({ files: 1, seen: true, check, can: CAN })),
  { files: 1, seen: false, check: CHECKS[0], can: CAN },
  { files: 0, seen: true, check: CHECKS[0], can: CAN },
  undefined,
]

interface Attempt {
  readonly move: Move
  readonly actor: number
  readonly code: number
  readonly flag: boolean
  readonly proof?: number
}
const attempt: fc.Arbitrary<Attempt> = fc.record({
  move: fc.constantFrom(...MOVES),
  actor: fc.nat(ACTORS.length - 1),
  code: fc.nat(5),
  flag: fc.boolean(),
  // Mostly valid, so that walks make progress.
  proof: fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, fc.nat(PROOFS.length - 1)),
})

/** People try moves until one is allowed; then time passes. */
interface Step {
  readonly attempts: readonly Attempt[]
  readonly wait: number
}
const step: fc.Arbitrary<Step> = fc.record({
  attempts: fc.array(attempt, { minLength: 15, maxLength: 15 }),
  wait: fc.constantFrom(0, HOUR, HOUR, DAY, 11 * DAY, 16 * DAY),
})
const walk = fc.array(step, { minLength: 10, maxLength: 40 })

interface World {
  c: CaseSnapshot
  now: Instant
  readonly done: {
    readonly transition: Transition
    readonly by: Actor
    readonly proof: JudgedProof | undefined
  }[]
}

const newCase = (filedById: string | null, claimTaken: boolean, imeiUnknown = false): CaseSnapshot => ({
  ...newSnapshot({
    ...{ id: 'case', number: 'HCM-0000-0000-0', areaId: 'quan-3', unitId: 'quan-3' },
    ...{ incidentType: 'robbed', submittedAt: start },
  }),
  ...{ filedById, primaryClaim: !claimTaken && !imeiUnknown, imeiUnknown },
})

/** Writes a transition as the repository does. */
function apply(c: CaseSnapshot, t: Transition): CaseSnapshot {
  const { needsWork: _mark, ...set } = t.set
  return {
    ...c,
    ...set,
    version: c.version + 1,
    primaryClaim: t.claim === 'keep' ? c.primaryClaim : t.claim === 'gain',
    imeiUnknown: c.imeiUnknown && ruleOf(t.move).setsImei !== true,
  }
}

function tryOne(world: World, { move, actor, code, flag, proof: of = 0 }: Attempt): boolean {
  const by = ACTORS[actor] as Actor
  const codes = ruleOf(move).codes
  const proof = PROOFS[of]
  const request: MoveRequest = {
    move,
    proof,
    text: 'Đã đối chiếu.',
    // In production the command sets one of the two codes.
    reasonCode:
      move === 'overruled' ? (flag ? 'other_claim_blocked' : 'other_claim') : codes?.[code % codes.length],
    assignee: { id: `officer-${1 + (code % 2)}`, unitId: 'quan-3' },
    carriersSettled: flag,
    unblockAsked: flag,
    upheldFrom: flag ? 'blocked' : null,
    imeisNamed: flag,
    imeisWaiting: flag,
    imeiStays: null,
    blockFrom: flag ? [by.kind === 'system' ? world.c.id : 'another'] : [],
    rivalProven: code % 2 === 1,
    sentBack: sentBackIn(
      world.done.map(({ transition, by: maker }) => ({
        seq: transition.version + 1,
        move: transition.move,
        actorId: maker.kind === 'staff' ? maker.id : null,
        at: start,
      })),
      world.c.version,
    ),
  }
  const decided = decide(world.c, request, by, { now: world.now, holidays: new Set() })
  if (!decided.ok) return false
  world.c = apply(world.c, decided.value)
  world.done.push({ transition: decided.value, by, proof })
  return true
}

function run(world: World, steps: readonly Step[], check: (before: CaseSnapshot) => void): void {
  for (const { attempts, wait } of steps) {
    world.now = addMilliseconds(world.now, wait)
    const before = world.c
    if (attempts.some((one) => tryOne(world, one))) check(before)
  }
}

/** The straight course, of which a walk may have done some steps before anything goes wrong. */
const STRAIGHT: readonly (readonly [Move, number, boolean?])[] = [
  ['take', 2],
  ['verify', 2],
  ['approve', 5],
  ['carriers_applied', 1],
  ['request_unblock', 0],
  ['verify_unblock', 3],
  ['approve_unblock', 6],
]

/** The courses to a watch, to a temporary block that is renewed, to a verification that is sent back, and to a question. */
const WATCHED: typeof STRAIGHT = [
  ['watch', 0],
  ['take', 2],
  ['verify', 2],
  ['approve', 5],
]
const HELD: typeof STRAIGHT = [
  ['hold', 2],
  ['confirm_hold', 4],
  ['renew_hold', 3],
  ['confirm_renewal', 5],
]
/** The courses to a number that one person has found on a later paper, and to an answer to a carrier's report. */
const LATER: typeof STRAIGHT = [...STRAIGHT.slice(0, 4), ['verify_imeis', 2, true]]
const SAID: typeof STRAIGHT = [...STRAIGHT.slice(0, 4), ['shared_said', 1], ['lift_shared', 6]]
const RETURNED: typeof STRAIGHT = [
  ['take', 2],
  ['verify', 2],
  ['send_back', 5],
]
const ASKED: typeof STRAIGHT = [
  ['take', 2],
  ['request_info', 2],
]

const world = fc
  .tuple(
    fc.constantFrom(null, 'officer-1', 'supervisor-1', 'city_police-1'),
    fc.boolean(),
    fc.oneof(
      { arbitrary: fc.nat(STRAIGHT.length).map((length) => STRAIGHT.slice(0, length)), weight: 4 },
      fc.nat(HELD.length).map((length) => HELD.slice(0, length)),
      fc.nat(WATCHED.length).map((length) => WATCHED.slice(0, length)),
      fc.constantFrom(ASKED, RETURNED, LATER, SAID),
    ),
    fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, fc.boolean()),
  )
  .map(([filedBy, claimTaken, path, imeiUnknown]): World => {
    const w: World = { c: newCase(filedBy, claimTaken && !imeiUnknown, imeiUnknown), now: start, done: [] }
    path.every(([move, actor, flag = false]) => tryOne(w, { move, actor, code: 0, flag }))
    return w
  })

const walks = (check: (w: World, before: CaseSnapshot) => void) =>
  fc.assert(
    fc.property(world, walk, (w, steps) => {
      run(w, steps, (before) => check(w, before))
    }),
    { numRuns: runs(400) },
  )

const idOf = (by: Actor | undefined) => (by?.kind === 'staff' ? by.id : null)
const lastBy = (w: World, ...moves: Move[]) =>
  w.done.findLast(({ transition }) => moves.includes(transition.move))?.by

test('however a case goes, a block needs one who verified and another who approved, neither the one who filed', () => {
  walks((w) => {
    const last = w.done.at(-1)
    if (last?.transition.orders?.action !== 'block' || last.transition.orders.reason === 'hold') return
    const verifier = idOf(lastBy(w, 'verify'))
    // A watch ends in the block that was approved before it.
    const approver = ruleOf(last.transition.move).endsWatch ? idOf(lastBy(w, 'approve')) : idOf(last.by)
    expect(verifier).not.toBeNull()
    expect(approver).not.toBeNull()
    expect(approver).not.toBe(verifier)
    expect([verifier, approver]).not.toContain(w.c.filedById)
  })
})

test('however a case goes, carriers watch a phone for fourteen days at most, and its person ends that with one press', () => {
  walks((w) => {
    const last = w.done.findLast(({ transition }) => transition.orders)?.transition.orders
    expect(last?.action === 'watch').toBe(w.c.watchUntil !== null)
    if (w.c.state !== 'watching' || w.c.watchUntil === null || w.c.held === 'shared_imei') return
    expect(+w.c.watchUntil - +(w.c.approvedAt ?? 0)).toBe(14 * DAY)
    const at = (by: Actor, move: Move, now: Date) => decide(w.c, { move }, by, { now, holidays: new Set() })
    const blocked = ok({ to: 'blocking', listed: true, orders: { action: 'block' } })
    expect(at({ kind: 'citizen' }, 'block', w.now)).toMatchObject(blocked)
    expect(at({ kind: 'system' }, 'end_watch', w.c.watchUntil)).toMatchObject(blocked)
    expect(at({ kind: 'system' }, 'end_watch', addMilliseconds(w.c.watchUntil, -1)).ok).toBe(false)
  })
})

test('however a case goes, a temporary block needs one who asked and another who confirmed, not the one who filed', () => {
  walks((w) => {
    const last = w.done.at(-1)
    // If it replaces another block, two people agreed on that one.
    if (last?.transition.orders?.reason !== 'hold' || last.transition.orders.insteadOf) return
    const asker = idOf(lastBy(w, 'hold'))
    const confirmer = idOf(last.by)
    expect(asker).not.toBeNull()
    expect(confirmer).not.toBeNull()
    expect(confirmer).not.toBe(asker)
    expect(confirmer).not.toBe(w.c.filedById)
    const holds = w.done.filter(
      ({ transition: { orders } }) => orders?.reason === 'hold' && !orders.insteadOf,
    )
    expect(holds).toHaveLength(1)
  })
})

test('however a case goes, a temporary block is renewed once, by two people, for ten days more and twenty in all', () => {
  walks((w, before) => {
    const last = w.done.at(-1)
    if (last?.transition.move !== 'confirm_renewal') return
    const asker = idOf(lastBy(w, 'renew_hold'))
    expect(asker).not.toBeNull()
    expect(idOf(last.by)).not.toBeNull()
    expect(idOf(last.by)).not.toBe(asker)
    expect(idOf(last.by)).not.toBe(w.c.filedById)
    expect(w.done.filter(({ transition }) => transition.move === 'confirm_renewal')).toHaveLength(1)
    const [until, since] = [before.holdUntil?.getTime() ?? 0, before.holdSince?.getTime() ?? 0]
    const renewed = w.c.holdUntil?.getTime() ?? 0
    expect(w.now.getTime()).toBeLessThan(until)
    expect(renewed).toBeGreaterThan(until)
    expect(renewed).toBeLessThanOrEqual(Math.min(until + 10 * DAY, since + 20 * DAY))
  })
})

test('however a case goes, a temporary block ends: an unblock or an approved block takes its place in time', () => {
  walks((w) => {
    const last = w.done.findLast(({ transition }) => transition.orders)?.transition.orders
    expect(last?.reason === 'hold').toBe(w.c.holdUntil !== null)
    if (!w.c.holdUntil) return
    expect(w.c.holdUntil).toEqual(last?.expiresAt)
    const ended = decide(
      w.c,
      { move: 'end_hold' },
      { kind: 'system' },
      { now: w.c.holdUntil, holidays: new Set() },
    )
    // Nobody can approve a case while a conflict holds it; until the conflict ends, the block is renewed instead.
    if (w.c.held === 'conflict') {
      expect(ended).toEqual(err('held'))
      const renewed = decide(
        w.c,
        { move: 'keep_block', blockFrom: [w.c.id] },
        { kind: 'system' },
        { now: w.c.holdUntil, holidays: new Set() },
      )
      expect(renewed).toMatchObject(ok({ orders: { insteadOf: [w.c.id] } }))
      return
    }
    expect(ended).toMatchObject(ok({ to: w.c.state, orders: { action: 'unblock' } }))
  })
})

/** The moves by which a first person agreed, for each move by which a second person unblocks. */
const FIRST: Partial<Record<Move, readonly Move[]>> = {
  approve_unblock: ['verify_unblock', 'uphold_objection'],
  overruled: ['accept_counterclaim', 'contested'],
  lift_hold: ['reject'],
  confirm_lift_shared: ['lift_shared'],
}

test('however a case goes, an unblock needs two people, or a clock, or two carriers that see a shared IMEI', () => {
  walks((w) => {
    const last = w.done.at(-1)
    if (last?.transition.orders?.action !== 'unblock') return
    const firsts = FIRST[last.transition.move]
    if (!firsts) {
      expect(last.by.kind).toBe('system')
      return
    }
    const first = idOf(lastBy(w, ...firsts))
    expect(first).not.toBeNull()
    expect(idOf(last.by)).not.toBeNull()
    expect(idOf(last.by)).not.toBe(first)
  })
})

test('a person who blocks, unblocks or settles a case has opened its evidence, and nobody blocks on another IMEI', () => {
  walks((w) => {
    const last = w.done.at(-1)
    if (last?.by.kind !== 'staff' || last.transition.orders === null) return
    // `keep_block` comes with an `upheld` in the same transaction, and that one requires the evidence.
    if (last.transition.move === 'keep_block' || ruleOf(last.transition.move).endsWatch) return
    const { reason } = last.transition.orders
    const deciders = w.done.filter(({ transition: { move } }) =>
      [
        'verify',
        'approve',
        'hold',
        'confirm_hold',
        'renew_hold',
        'verify_unblock',
        'uphold_objection',
        'lift_hold',
        'lift_shared',
      ].includes(move),
    )
    for (const { proof } of [...deciders, last]) expect(proof?.seen, reason).toBe(true)
    if (last.transition.orders.action !== 'block') return
    expect(last.proof).toMatchObject({ files: 1 })
    expect(last.proof?.check.checkImei1).toBe('yes')
  })
})

test('while its IMEI is unknown a case is never found for, never named outside, and orders nothing', () => {
  const filer = fc.constantFrom(null, 'officer-1', 'city_police-1')
  fc.assert(
    fc.property(filer, walk, (filedBy, steps) => {
      const w: World = { c: newCase(filedBy, false, true), now: start, done: [] }
      run(w, steps, () => {
        if (!w.c.imeiUnknown) return
        const last = w.done.at(-1)?.transition
        expect(last?.orders).toBeNull()
        expect(last?.listed).not.toBe(true)
        expect(last?.claim).not.toBe('gain')
        expect(w.c).toMatchObject({
          primaryClaim: false,
          verifiedById: null,
          holdUntil: null,
          approvedAt: null,
        })
        expect(['verified', 'watching', 'blocking', 'blocked', 'unblock_review', 'unblocking']).not.toContain(
          w.c.state,
        )
      })
    }),
    { numRuns: runs(400) },
  )
})

test('a phone is named outside while its block or its temporary block is in force, and at no other time', () => {
  walks((w) => {
    const listed =
      w.done.map(({ transition }) => transition.listed).findLast((one) => one !== undefined) ?? false
    const inForce = ['blocking', 'blocked', 'unblock_review'].includes(w.c.state) && w.c.watchUntil === null
    expect(listed).toBe(inForce || w.c.holdUntil !== null)
  })
})

test('final states are final, and every change makes one version', () => {
  walks((w, before) => {
    expect(w.c.version).toBe(before.version + 1)
    const move = w.done.at(-1)?.transition.move
    if (before.state === 'unblocked' && move === 'appeal') {
      // The one review of a block that was lifted for its holder.
      expect(before.overturnedAt).not.toBeNull()
      expect(before.reviewAskedAt).toBeNull()
    } else if (before.state === 'expired' && move === 'reply') {
      // The late answer reopens the case within 30 days, with a claim that nobody else has.
      expect(before.closedAt && w.now.getTime() - before.closedAt.getTime()).toBeLessThanOrEqual(30 * DAY)
      expect(w.c).toMatchObject({ state: 'under_review', closedAt: null })
      expect(w.c.dueAt.getTime()).toBeGreaterThan(w.now.getTime())
      expect(w.c.holdUntil).toBeNull()
    } else if (FINAL_STATES.includes(before.state)) {
      expect(w.c.state).toBe(before.state)
      // Its unit may end too; another then takes over what is left of the case. If a block passed on with the end, its person is
      // told what happened to that block.
      const passed = ['other_block_final', 'other_block_lifted']
      expect(['note', 'follow_unit', ...passed, ...CONTACT_MOVES, ...LETTER_MOVES]).toContain(move)
    }
  })
})

test('what is asked and done about data leaves the case as it is, and an erased case is nobody’s to move', () => {
  const data = fc.record({
    move: fc.constantFrom(...DATA_MOVES),
    actor: fc.nat(ACTORS.length - 1),
    code: fc.constant(0),
    flag: fc.boolean(),
  })
  fc.assert(
    fc.property(world, walk, fc.array(data, { maxLength: 20 }), (w, steps, attempts) => {
      run(w, steps, () => undefined)
      for (const one of attempts) {
        const before = w.c
        if (!tryOne(w, one)) continue
        const { version: _, erasedAt: __, ...same } = before
        expect(before.erasedAt).toBeNull()
        expect(w.c).toMatchObject(same)
        expect(w.done.at(-1)?.transition).toMatchObject({ claim: 'keep', orders: null })
      }
      if (w.c.erasedAt === null) return
      for (const move of Object.keys(RULES) as Move[]) {
        for (const actor of ACTORS.keys()) {
          expect(tryOne(w, { move, actor, code: 0, flag: false })).toBe(false)
        }
      }
    }),
    { numRuns: 100 },
  )
})

test('a claim is held by active cases alone: a case that ends gives it up', () => {
  walks((w) => {
    if (w.c.primaryClaim) expect(ACTIVE_STATES).toContain(w.c.state)
    // No case without the claim is blocked by two people's decision. Another may have a number that was not on its papers.
    const lost = w.done.some(({ transition }) => transition.move === 'outproven')
    if (['blocking', 'blocked', 'unblocking'].includes(w.c.state)) expect(w.c.primaryClaim || lost).toBe(true)
  })
})

test('a held case goes nowhere but where its conflict, its owner or its clock takes it', () => {
  walks((w, before) => {
    const move = w.done.at(-1)?.transition.move as Move
    const by = w.done.at(-1)?.by
    const city = before.held === 'shared_imei' && by?.kind === 'staff' && by.role === 'city_police'
    if (before.held !== null && w.c.state !== before.state && !city) {
      expect([
        'request_info',
        'reply',
        'carriers_applied',
        'carriers_lifted',
        'withheld',
        'finish_withdrawal',
        'expire',
        'overruled',
        'overruled_in_part',
        // An unblock that rests on an objection ends with it; the block goes on.
        'objection_over',
        'finding_over',
        // A watch ends in the block that was approved before the conflict, unless a carrier has doubted its IMEI.
        ...(before.held === 'conflict' ? ['block', 'stop_watch', 'end_watch'] : []),
      ]).toContain(move)
    }
    if (['withdrawn', 'expired', 'rejected', 'unblocked'].includes(w.c.state) && move !== 'note') {
      expect(w.c.held).toBeNull()
    }
  })
})

test('while a withdrawal runs nobody verifies, approves or rejects; it can only end or be undone', () => {
  walks((w, before) => {
    if (before.withdrawEffectiveAt === null) return
    const move = w.done.at(-1)?.transition.move as Move
    expect([
      'outproven',
      'other_block_final',
      'other_block_lifted',
      'undo_withdraw',
      'finish_withdrawal',
      'expire',
      'end_hold',
      'lapse_hold',
      'keep_block',
      'shared',
      'shared_said',
      'lift_shared',
      'keep_shared',
      'confirm_lift_shared',
      'confirm_keep_shared',
      'withheld',
      'note',
      'contested',
      'uncontested',
      'upheld',
      'overruled',
      'overruled_in_part',
      'unassign',
      'follow_unit',
      // Statements about the block decide nothing.
      'objected',
      'answer_objection',
      'answer_conflict',
      'objection_over',
      'finding_over',
      // Nor does the question whether anybody can decide.
      'nobody_left',
      'decider_found',
      ...CONTACT_MOVES,
      ...LETTER_MOVES,
    ]).toContain(move)
  })
})

test('the mark of work says whether police, or the citizen they asked, owe something', () => {
  walks((w) => {
    const owed = ['submitted', 'under_review', 'info_requested', 'verified', 'unblock_review'].includes(
      w.c.state,
    )
    const asked =
      ['blocking', 'blocked'].includes(w.c.state) &&
      (w.c.imeisVerifiedById !== null || w.c.imeiPaperAt !== null)
    expect(w.done.at(-1)?.transition.set.needsWork).toBe(
      owed || asked || w.c.held !== null || w.c.holdUntil !== null || w.c.sharedDueAt !== null,
    )
  })
})

test('whatever happens, what page, history and letters say in the present is true, then and after each later event', () => {
  const met = new Set<string>()
  const wrong = new Set<string>()
  fc.assert(
    fc.property(world, walk, (w, steps) => {
      const shown = () => w.done.flatMap(({ transition: t }) => (t.visible ? [eventOf(t, w.now)] : []))
      const hold = (said: ReturnType<typeof pageOf>, now = w.now) => {
        for (const { words, locale } of said)
          for (const name of claimsOf(words, locale)) met.add(`${locale} ${name}`)
        for (const one of untrue(said, w.c, now)) wrong.add(one)
      }
      let seen = w.done.length
      run(w, steps, (before) => {
        const last = w.done.at(-1)?.transition
        // A letter is checked at its own moment, the page at every later one too.
        if (last && w.done.length > seen) hold(lettersOf(before, last))
        seen = w.done.length
        hold([...pageOf(w.c, w.now), ...historyOf(w.c, shown()), ...boxesOf(w.c, shown(), w.now)])
      })
      // A month later nobody has done anything, and terms are over.
      const month = addMilliseconds(w.now, 31 * DAY)
      hold([...pageOf(w.c, month), ...historyOf(w.c, shown()), ...boxesOf(w.c, shown(), month)], month)
    }),
    { numRuns: runs(600), seed: 8 },
  )
  expect([...wrong].toSorted()).toEqual([])
  // A fact that was never met is worded in a way that this test does not know.
  const all = Object.keys(FACTS).flatMap((name) => [`en ${name}`, `vi ${name}`])
  expect([...met].toSorted()).toEqual(all.toSorted())
})

test('random steps do get through the whole life of a case', () => {
  const seen = new Set<string>()
  const moves = new Set<Move>()
  fc.assert(
    fc.property(world, walk, (w, steps) => {
      if (seen.size === CASE_STATES.length && moves.size === MOVES.length) return
      run(w, steps, () => {
        seen.add(w.c.state)
        moves.add(w.done.at(-1)?.transition.move as Move)
      })
    }),
    { numRuns: 4000, seed: 5 },
  )
  expect([...seen].toSorted()).toEqual([...CASE_STATES].toSorted())
  expect(MOVES.filter((move) => !moves.has(move))).toEqual([])
})
