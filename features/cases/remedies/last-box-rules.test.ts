import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { sayLastBox } from '#messages/said-last-box.ts'
import { appealUntil } from '../clocks/rules.ts'
import type { CitizenEvent } from '../timeline/rules.ts'
import { boxOf, FINAL_ACTS, keptBox, type LastBox, lastBoxes, unitOfDecision } from './last-box-rules.ts'

const laws = {
  complaint: 'Luật Khiếu nại 02/2011/QH13',
  complaintDays: 90,
  secondDays: 30,
  suit: 'Luật Tố tụng hành chính 93/2015/QH13',
  suitDays: 365,
}
const at = new Date('2026-11-30T07:02:00Z')
const later = (days: number) => addMilliseconds(at, days * DAY)
const c = {
  state: 'rejected',
  unitId: 'quan-3',
  rejectedAt: at,
  heardAt: null,
  unheardSeq: null,
  appealedAt: null,
  closedAt: null,
  overturnedAt: null,
  reviewAskedAt: null,
  unblockReason: null,
  watchUntil: null,
} as const
const event = (move: CitizenEvent['move'], more: Partial<CitizenEvent> = {}): CitizenEvent => ({
  seq: 5,
  at,
  move,
  from: 'under_review',
  to: 'rejected',
  by: 'district',
  unitId: 'quan-3',
  reasonCode: 'insufficient_proof',
  message: null,
  ...more,
})
const only = (boxes: readonly LastBox[]): LastBox => {
  expect(boxes).toHaveLength(1)
  return boxes[0] as LastBox
}

describe('a case that ended without an answer', () => {
  const expired = { ...c, state: 'expired', rejectedAt: null, closedAt: at } as const
  const ended = event('expire', { from: 'info_requested', to: 'expired', reasonCode: null, by: 'other' })
  const box = (now: Instant) => only(lastBoxes(expired, [ended], laws, now))

  it('names its last day, on the page, with the secret and at the desk, and a new report after it', () => {
    expect(box(later(30)).own).toEqual({ kind: 'reopen', until: later(30) })
    expect(box(addMilliseconds(later(30), 1)).own).toEqual({ kind: 'new_case' })
    for (const place of ['page', 'secret', 'desk'] as const)
      for (const [locale, day] of [
        ['vi', '30/12/2026, 14:02'],
        ['en', '30 Dec 2026, 14:02'],
      ] as const) {
        const said = (now: Instant) =>
          sayLastBox(locale, { box: box(now), unit: null, place }).rows.find(({ key }) => key === 'own')
            ?.words
        expect(said(at)).toContain(day)
        expect(said(later(31))).not.toContain(day)
      }
  })

  it('is no end any more once it was reopened', () => {
    const reply = event('reply', { seq: 6, from: 'expired', to: 'under_review', by: 'citizen' })
    expect(
      lastBoxes({ ...expired, state: 'under_review', closedAt: null }, [reply, ended], laws, at),
    ).toEqual([])
  })
})

describe('the review that the product offers', () => {
  const own = (more: Partial<typeof c | { appealedAt: Instant }>, now: Instant) =>
    only(lastBoxes({ ...c, ...more }, [event('reject')], laws, now)).own

  it('is open to the minute for 30 days, and then late', () => {
    const until = appealUntil(at)
    expect(own({}, until)).toEqual({ kind: 'appeal', until })
    expect(own({}, addMilliseconds(until, 1))).toEqual({ kind: 'late' })
  })

  it('is never offered to a person who has had it', () => {
    expect(own({ appealedAt: later(-40) }, later(1))).toEqual({ kind: 'used' })
  })

  it('of a lifted block is one, whatever was appealed before', () => {
    const lifted = {
      ...c,
      state: 'unblocked',
      overturnedAt: at,
      closedAt: at,
      appealedAt: later(-99),
    } as const
    const end = event('carriers_lifted', { by: 'other', unitId: null, from: 'unblocking', to: 'unblocked' })
    const approval = event('approve_unblock', {
      by: 'city',
      unitId: null,
      from: 'unblock_review',
      to: 'unblocking',
    })
    const box = only(lastBoxes(lifted, [end, approval], laws, later(1)))
    expect(box).toMatchObject({ act: 'overturned', unitId: null, own: { kind: 'review', until: later(30) } })
    const asked = { ...lifted, reviewAskedAt: at }
    expect(only(lastBoxes(asked, [end, approval], laws, later(1))).own).toEqual({ kind: 'used' })
  })
})

describe('the remedies at law', () => {
  const terms = (now: Instant, from = at) => {
    const box = boxOf(c, event('reject', { at: from }), undefined, laws, now)
    return { complaint: box?.complaintUntil?.toISOString(), court: box?.courtUntil?.toISOString() }
  }

  it('run to the end of the last day in the city, the first one not counted', () => {
    expect(terms(at)).toEqual({ complaint: '2027-02-28T16:59:59.999Z', court: '2027-11-30T16:59:59.999Z' })
    // Half past midnight in the city is the day after.
    expect(terms(at, new Date('2026-11-30T17:30:00Z'))).toEqual({
      complaint: '2027-03-01T16:59:59.999Z',
      court: '2027-12-01T16:59:59.999Z',
    })
  })

  it('begin with the service of the letter where its person could not be told otherwise', () => {
    const served = { ...c, heardAt: later(10) }
    expect(boxOf(served, event('reject'), undefined, laws, later(11))).toMatchObject({
      own: { kind: 'appeal', until: later(40) },
      complaintUntil: new Date('2027-03-10T16:59:59.999Z'),
    })
    const unheard = boxOf({ ...c, unheardSeq: 5 }, event('reject'), undefined, laws, later(200))
    expect(unheard).toMatchObject({ own: { kind: 'appeal' } })
    expect(unheard?.complaintUntil).not.toBeNull()
  })

  it('are not named any more when they are over', () => {
    expect(terms(new Date('2027-02-28T17:00:00Z'))).toEqual({ court: '2027-11-30T16:59:59.999Z' })
    expect(terms(new Date('2027-11-30T17:00:00Z'))).toEqual({})
  })
})

describe('what stands of a case', () => {
  it('a refused unblock until it is asked for again, also where the last carrier blocks meanwhile', () => {
    const refused = event('refuse_unblock', { from: 'unblock_review', to: 'blocking' })
    const applied = event('carriers_applied', { seq: 6, by: 'other', from: 'blocking', to: 'blocked' })
    const blocked = { ...c, state: 'blocked', rejectedAt: null } as const
    const box = only(lastBoxes(blocked, [applied, refused], laws, later(1)))
    expect(box).toMatchObject({ act: 'unblock_refused', own: { kind: 'again' }, unitId: 'quan-3' })
    const asked = event('request_unblock', { seq: 7, by: 'citizen', from: 'blocked', to: 'unblock_review' })
    expect(lastBoxes({ ...blocked, state: 'unblock_review' }, [asked, applied, refused], laws, at)).toEqual(
      [],
    )
  })

  it('nothing of a rejection once it is reviewed, and nothing of an active case', () => {
    const appealed = event('appeal', { seq: 6, by: 'citizen', from: 'rejected', to: 'under_review' })
    const again = { ...c, state: 'under_review', appealedAt: at } as const
    expect(lastBoxes(again, [appealed, event('reject')], laws, at)).toEqual([])
    expect(lastBoxes({ ...c, state: 'verified' }, [event('verify', { to: 'verified' })], laws, at)).toEqual(
      [],
    )
  })

  it('the refusal of a request about data beside the end of the case, until another is asked', () => {
    const still = { from: 'rejected', to: 'rejected' } as const
    const refused = event('refuse_data_request', { seq: 8, ...still })
    const acts = (events: CitizenEvent[]) => lastBoxes(c, events, laws, at).map(({ act }) => act)
    expect(acts([refused, event('reject')])).toEqual(['rejected', 'data_refused'])
    const asked = event('ask_erasure', { seq: 9, by: 'citizen', ...still })
    expect(acts([asked, refused, event('reject')])).toEqual(['rejected'])
  })

  it('names city police where they, or one of their desks, decided', () => {
    const units = new Map([
      ['quan-3', { kind: 'district', nameVi: 'Quận 3', nameEn: 'District 3' }],
      ['desk', { kind: 'desk', nameVi: 'Bàn', nameEn: 'Desk' }],
    ])
    expect(unitOfDecision(units, 'quan-3')).toEqual({ nameVi: 'Quận 3', nameEn: 'District 3' })
    expect(unitOfDecision(units, 'desk')).toBeNull()
    expect(unitOfDecision(units, null)).toBeNull()
  })
})

describe.each(['vi', 'en'] as const)('its words in %s', (locale) => {
  const district = { nameVi: 'Quận 3', nameEn: 'District 3' }
  const box: LastBox = {
    act: 'rejected',
    at,
    unitId: 'quan-3',
    ground: 'insufficient_proof',
    own: { kind: 'appeal', until: later(30) },
    complaintUntil: later(90),
    courtUntil: later(365),
    laws,
  }
  const say = (more: Partial<LastBox>, unit: Parameters<typeof sayLastBox>[1]['unit'] = district) =>
    sayLastBox(locale, { box: { ...box, ...more }, unit, place: 'page' })
      .rows.map(({ term, words }) => `${term}: ${words}`)
      .join('\n')

  it('name decision, unit, ground, each remedy with its day, and to whom', () => {
    const words = say({})
    for (const part of locale === 'vi'
      ? [
          'Công an Quận 3',
          '14:02',
          'Giấy tờ chưa đủ để xác nhận.',
          'Trưởng Công an Quận 3',
          '28/02/2027',
          '30 ngày',
          'Giám đốc Công an Thành phố',
        ]
      : [
          'District 3 Police',
          '14:02',
          'The papers are not enough.',
          'head of District 3 Police',
          '28 Feb 2027',
          '30 days',
          'Director of City Police',
        ])
      expect(words).toContain(part)
    for (const law of [laws.complaint, laws.suit]) expect(words).toContain(law)
  })

  it('lead from city police to the ministry, and hide a district from a holder', () => {
    expect(say({ unitId: null }, null)).toMatch(/Bộ trưởng Bộ Công an|Minister of Public Security/)
    const hidden = say({ act: 'objection_refused', own: { kind: 'renewal', until: later(30) } }, 'withheld')
    expect(hidden).not.toMatch(/Quận 3|District 3/)
    expect(hidden).toMatch(/qua Công an Thành phố|by way of City Police/)
  })

  it('offer no review that was had or missed, and say when no remedy is left', () => {
    for (const kind of ['used', 'late'] as const)
      expect(say({ own: { kind } })).not.toMatch(/Một lần, đến|Once, until/)
    const over = say({ own: { kind: 'late' }, complaintUntil: null, courtUntil: null })
    expect(over).toMatch(/theo luật đã qua|to go to court is over/)
    expect(over).not.toContain(laws.complaint)
  })

  test('every final act has all of its words, as it is now and as a message keeps it', () => {
    const owns: LastBox['own'][] = [
      { kind: 'appeal', until: at },
      { kind: 'review', until: at },
      { kind: 'renewal', until: at },
      ...(['used', 'late', 'again', 'new_case', 'new_objection', 'none'] as const).map((kind) => ({ kind })),
    ]
    const possible = (act: LastBox['act'], { kind }: LastBox['own']) =>
      kind === 'again' || kind === 'new_case' || kind === 'new_objection'
        ? /refused$|expired$|withdrawn$/.test(act) && act !== 'objection_refused'
        : true
    fc.assert(
      fc.property(
        fc.constantFrom(...FINAL_ACTS),
        fc.constantFrom(...owns),
        fc.constantFrom('other', null, 'no_such', 'recovered', 'not_shown', 'toString'),
        fc.constantFrom('page' as const, 'secret' as const, 'desk' as const),
        (act, own, ground, place) => {
          fc.pre(possible(act, own))
          const one = { ...box, act, own, ground }
          const said = sayLastBox(locale, { box: one, unit: district, place })
          for (const { words, term } of said.rows)
            expect(`${term} ${words}`).not.toMatch(/[{}]|last-box\.|undefined|Invalid/)
          expect(said.rows.map(({ key }) => key)).toEqual(
            ['decided', 'unit', 'ground', 'own', 'complaint', 'court'].filter(
              (key) => key !== 'own' || own.kind !== 'none',
            ),
          )
          const kept = JSON.parse(JSON.stringify(keptBox(one)))
          expect(sayLastBox(locale, { box: kept, unit: district, place })).toEqual(said)
        },
      ),
    )
  })

  it('says the time of a decision in the city, whenever it was', () => {
    expect(say({ at: new Date(at.getTime() + 14 * HOUR) })).toMatch(/04:02/)
  })
})
