import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { err, ok } from '#lib/result.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { drawWord, readHolder, WORDS } from '../drafts/rules.ts'
import { HOLDER_ACTS, OBJECTION_DECISIONS } from './moves-rules.ts'
import {
  decideObjection,
  type ObjectionRequest,
  type ObjectionSnapshot,
  objectionMovesOpen,
  objectionNumbers,
} from './rules.ts'

const now = new Date('2026-11-25T03:00:00Z')
const calendar = { now, holidays: new Set<string>(), days: 10, hearingDays: 3 }
const staff = (role: StaffRole, id: string, unitId: string | null = 'quan-3'): StaffActor => ({
  ...{ kind: 'staff', id, name: id, role, unitId },
  ...{ agencyId: null, carrierId: null },
})
const officer = staff('officer', 'officer')
const city = staff('city_police', 'city', null)
const holder = { kind: 'citizen' } as const

const sent: ObjectionSnapshot = {
  id: 'objection',
  number: 'KN-0000-0000-0',
  state: 'open',
  version: 1,
  imei: '356789101234563',
  againstId: 'case',
  unitId: 'quan-3',
  inspection: false,
  inspectedAt: null,
  inspectionHeld: null,
  refusedById: null,
  refusedAt: null,
  renewedAt: null,
  hearingUntil: null,
  answeredAt: null,
  sentAt: now,
  dueAt: addMilliseconds(now, 10 * DAY),
  remindedAt: null,
  closedAt: null,
}
const decide = (change: Partial<ObjectionSnapshot>, request: ObjectionRequest, by: Actor) =>
  decideObjection({ ...sent, ...change }, { text: 'Đã xem.', ...request }, by, calendar)

describe('an objection', () => {
  it.each([
    ['an officer of another district', staff('officer', 'other', 'quan-1'), {}, 'forbidden'],
    ['the holder', holder, {}, 'forbidden'],
    ['an admin', staff('admin', 'admin', null), {}, 'forbidden'],
    ['who verified or approved the block', officer, { foundBlockRight: true }, 'own_block'],
    ['who wrote for the reporter at the desk', officer, { wroteDown: true }, 'own_writing'],
    ['anybody before the phone was shown', officer, { shown: false }, 'not_shown_yet'],
  ])('is not found right by %s', (_, by, also, error) => {
    expect(decide({}, { move: 'uphold', ...also }, by)).toEqual(err(error))
  })

  it('stays open when one person finds it right: the case decides the rest', () => {
    expect(decide({}, { move: 'uphold', shown: true }, officer)).toMatchObject({
      value: { to: 'open', set: {} },
    })
    const inspected = { inspectionHeld: true, inspectedAt: now }
    expect(decide(inspected, { move: 'uphold', shown: false }, officer).ok).toBe(true)
  })

  it('is refused with a code and words that its holder reads, and can be looked at again once', () => {
    expect(decide({}, { move: 'refuse' }, officer)).toMatchObject({ error: 'reason_code_missing' })
    expect(decide({}, { move: 'refuse', reasonCode: 'other', text: ' ' }, officer)).toMatchObject({
      error: 'text_missing',
    })
    expect(decide({}, { move: 'refuse', reasonCode: 'other' }, officer)).toMatchObject({
      value: {
        to: 'refused',
        textIsPublic: true,
        set: { refusedById: 'officer', waiting: false, closedAt: now },
      },
    })
    const refused = {
      state: 'refused',
      refusedById: 'officer',
      refusedAt: addMilliseconds(now, -30 * DAY),
    } as const
    expect(decide(refused, { move: 'renew' }, holder)).toMatchObject({
      value: { to: 'open', set: { renewedAt: now, closedAt: null, waiting: true } },
    })
    expect(decide({ ...refused, renewedAt: now }, { move: 'renew' }, holder)).toMatchObject({
      error: 'renewed_already',
    })
    const late = { ...refused, refusedAt: addMilliseconds(now, -31 * DAY) }
    expect(decide(late, { move: 'renew' }, holder)).toMatchObject({ error: 'renewed_late' })
  })

  it('is city police’s alone once renewed, and not whose refusal it is about', () => {
    const renewed = { renewedAt: now, refusedById: 'city', refusedAt: now }
    const open = (by: Actor) => objectionMovesOpen({ ...sent, ...renewed }, {}, by, now, OBJECTION_DECISIONS)
    expect(open(officer)).toEqual(['inspect'])
    expect(open(city)).toEqual(['inspect', 'request_info'])
    expect(open(staff('city_police', 'another', null))).toEqual(
      OBJECTION_DECISIONS.filter((decision) => decision !== 'ask'),
    )
  })

  it('offers its holder what they can do, and nothing once it is over', () => {
    const open = (state: ObjectionSnapshot['state']) =>
      objectionMovesOpen({ ...sent, state }, {}, holder, now, HOLDER_ACTS)
    expect(open('open')).toEqual(['withdraw'])
    expect(open('info_requested')).toEqual(['reply', 'withdraw'])
    for (const state of ['draft', 'granted', 'lifted', 'withdrawn', 'expired'] as const)
      expect(open(state)).toEqual([])
  })

  it('is due ten working days after its sending, at the end of that day', () => {
    const answered = decide({ state: 'info_requested' }, { move: 'reply' }, holder)
    expect(answered).toMatchObject({ value: { set: { dueAt: new Date('2026-12-09T10:00:00Z') } } })
  })
})

describe('its words', () => {
  it('are two different things and a number, told apart without their marks', () => {
    expect(new Set(WORDS.map(foldDiacritics)).size).toBe(WORDS.length)
    for (let n = 0; n < 500; n++) {
      const [one, other, number] = drawWord(randomBytes).split(' ')
      expect(one).not.toBe(other)
      expect(Number(number)).toBeGreaterThanOrEqual(10)
      expect(Number(number)).toBeLessThanOrEqual(99)
    }
  })
})

describe('its number', () => {
  it('is read as people write it, and no case’s number is taken for it', () => {
    const number = objectionNumbers.draw(randomBytes)
    expect(number).toMatch(/^KN-/)
    const typed = number.toLowerCase().replaceAll('-', ' ')
    expect(objectionNumbers.parse(typed)).toEqual(ok(number))
    expect(objectionNumbers.parse('HCM-7K3Q-9XWD-4').ok).toBe(false)
  })
})

it('asks its holder where the phone is from', () => {
  const typed = {
    fullName: 'Trần Văn Bình',
    idKind: 'cccd',
    nationalId: '079191054321',
    contactEmail: 'b@example.vn',
  }
  expect(readHolder(typed, now, true)).toMatchObject({ value: null, faults: { story: 'report.story.empty' } })
  // As the page asks them.
  const { faults } = readHolder({ idKind: 'cccd' }, now, true)
  expect(Object.keys(faults)).toEqual(['fullName', 'nationalId', 'story', 'contactPhone'])
  expect(readHolder({ ...typed, story: 'Mua ở tiệm.' }, now, true).value).toMatchObject({
    fullName: 'Trần Văn Bình',
    story: 'Mua ở tiệm.',
  })
})
