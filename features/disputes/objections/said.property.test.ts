import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { runs } from '#tests/runs.ts'
import {
  HOLDER_FACTS,
  type HolderEvent,
  type HolderStanding,
  holderClaims,
  holderLetters,
  holderPage,
  LAWS,
  untrueToHolder,
} from '#tests/said-facts.ts'
import { OBJECTION_RULES, type ObjectionMove, objectionRule } from './moves-rules.ts'
import { decideObjection, type ObjectionSnapshot } from './rules.ts'

const start = new Date('2026-11-25T03:00:00Z')
const staff = (role: StaffActor['role'], id: string): StaffActor => ({
  ...{ kind: 'staff', id, name: id, role, unitId: role === 'city_police' ? null : 'quan-3' },
  ...{ agencyId: null, carrierId: null },
})
const BY = {
  holder: [{ kind: 'citizen' }],
  system: [{ kind: 'system' }],
  police: [staff('officer', 'o'), staff('city_police', 'c')],
  any_police: [staff('officer', 'o')],
} as const satisfies Record<string, readonly Actor[]>

const sent: ObjectionSnapshot = {
  ...{ id: 'o', number: 'KN-0000-0000-0', state: 'open', version: 1, imei: '356789101234563' },
  ...{ againstId: 'case', unitId: 'quan-3', inspection: false, inspectedAt: null, inspectionHeld: null },
  ...{ refusedById: null, refusedAt: null, renewedAt: null, hearingUntil: null, answeredAt: null },
  ...{ sentAt: start, dueAt: addMilliseconds(start, 10 * DAY), remindedAt: null, closedAt: null },
}

/** Whether the phone is blocked after a move; absent: unchanged. */
const BLOCKED: Partial<Record<ObjectionMove, boolean>> = {
  ...{ grant: false, finish: false, review: false, keep: false, lift: false, block_over: false },
  block_again: true,
}
const MOVES = Object.keys(OBJECTION_RULES) as ObjectionMove[]
/** Changes without the holder: another claim on the phone is approved, or the block of a closed objection ends. */
const ELSEWHERE = ['blocked', 'lifted'] as const

interface World extends HolderStanding {
  o: ObjectionSnapshot
  blocked: boolean
  now: Date
  readonly events: HolderEvent[]
}

function make(w: World, move: ObjectionMove, person: number): { until: Date | null } | null {
  // The product makes these moves according to the state of the block.
  if (move === 'block_again' && w.blocked) return null
  if ((move === 'grant' || move === 'lift' || move === 'block_over') && !w.blocked) return null
  const by = BY[objectionRule(move).who]
  const actor: Actor = by[person % by.length] ?? { kind: 'system' }
  const reasonCode = objectionRule(move).codes?.[person % 2]
  const request = { move, text: 'Đã xem.', reasonCode, shown: true }
  const calendar = { now: w.now, holidays: new Set<string>(), days: 10, hearingDays: 3 }
  const decided = decideObjection(w.o, request, actor, calendar)
  if (!decided.ok) return null
  const { set, to } = decided.value
  const { waiting: _, inspectedById: __, ...changes } = set
  w.o = { ...w.o, ...changes, state: to, version: w.o.version + 1 }
  w.blocked = BLOCKED[move] ?? w.blocked
  const role = actor.kind === 'staff' ? actor.role : null
  const unit = actor.kind === 'staff' ? actor.unitId : null
  if (move !== 'uphold' && move !== 'inspect')
    w.events.unshift({
      ...{ move, at: w.now, actorKind: actor.kind === 'staff' ? 'staff' : (actor.kind as 'citizen') },
      ...{ actorRole: role, actorUnitId: unit, reasonCode: decided.value.reasonCode },
    })
  return { until: set.hearingUntil ?? null }
}

const step = fc.record({
  tries: fc.array(fc.tuple(fc.constantFrom(...MOVES, ...ELSEWHERE), fc.nat(3)), {
    minLength: 6,
    maxLength: 12,
  }),
  wait: fc.constantFrom(0, HOUR, DAY, 4 * DAY, 10 * DAY, 16 * DAY, 31 * DAY),
})

test('whatever happens, what a holder reads on page, export, mail and SMS is true, then and after each later event', () => {
  const met = new Set<string>()
  const wrong = new Set<string>()
  const moves = new Set<string>()
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) => {
      const w: World = { o: sent, blocked: true, now: start, events: [] }
      const hold = (said: ReturnType<typeof holderPage>, at = w) => {
        for (const one of said) for (const name of holderClaims(one)) met.add(`${one.locale} ${name}`)
        for (const one of untrueToHolder(said, at)) wrong.add(one)
      }
      for (const { tries, wait } of steps) {
        w.now = addMilliseconds(w.now, wait)
        hold(holderPage(w, w.events, LAWS))
        for (const [what, person] of tries) {
          if (what === 'blocked' || what === 'lifted') {
            const closed = ['lifted', 'withdrawn', 'expired'].includes(w.o.state)
            const finished =
              w.o.state === 'granted' && w.o.hearingUntil === null && w.events[0]?.move !== 'grant'
            if (closed || (finished && what === 'blocked')) w.blocked = what === 'blocked'
          } else {
            const made = make(w, what, person)
            if (made === null) continue
            moves.add(what)
            hold(holderLetters(what, made.until))
          }
          hold(holderPage(w, w.events, LAWS))
        }
      }
    }),
    { numRuns: runs(400), seed: 5 },
  )
  expect([...wrong].toSorted()).toEqual([])
  expect(MOVES.filter((move) => !moves.has(move))).toEqual([])
  const all = Object.keys(HOLDER_FACTS).flatMap((name) => [`en ${name}`, `vi ${name}`])
  expect([...met].toSorted()).toEqual(all.toSorted())
})
