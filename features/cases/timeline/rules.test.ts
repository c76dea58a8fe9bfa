import { describe, expect, it } from 'vitest'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { REJECT_CODES } from '../moves/review-rules.ts'
import { INFO_CODES, RULES } from '../moves/rules.ts'
import type { MoveSpec as Rule } from '../moves/spec-rules.ts'
import { REFUSE_UNBLOCK_CODES, UNBLOCK_CODES } from '../moves/unblock-rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { type CitizenEvent, type EventMove, pastEntries } from './rules.ts'

const SENT = new Date('2026-11-24T03:00:00Z')

function event(
  seq: number,
  move: EventMove,
  from: CitizenEvent['from'],
  to: CitizenEvent['to'],
): CitizenEvent {
  return {
    seq,
    at: addMilliseconds(SENT, seq),
    move,
    from,
    to,
    by: 'district',
    unitId: 'quan-3',
    reasonCode: null,
    message: null,
  }
}
const start = event(1, 'submitted', null, 'submitted')
const taken = event(2, 'take', 'submitted', 'under_review')
const now = (c: Partial<CaseSnapshot>, events: CitizenEvent[]) =>
  pastEntries({ held: null, withdrawEffectiveAt: null, ...c } as CaseSnapshot, events)
    .filter((entry) => entry.when === 'now')
    .map((entry) => entry.move)

describe('pastEntries', () => {
  it('is newest first, with what is going on marked once', () => {
    const past = pastEntries(
      { state: 'under_review', held: null, withdrawEffectiveAt: null } as CaseSnapshot,
      [start, taken],
    )
    expect(past.map(({ move, when }) => [move, when])).toEqual([
      ['take', 'now'],
      ['submitted', 'done'],
    ])
  })

  it('marks the event that brought the state, not one that left it as it was', () => {
    const undone = event(4, 'undo_withdraw', 'under_review', 'under_review')
    expect(now({ state: 'under_review' }, [start, taken, undone])).toEqual(['take'])
  })

  it('marks a running withdrawal and a conflict', () => {
    const withdraw = event(3, 'withdraw', 'under_review', 'under_review')
    expect(
      now({ state: 'under_review', withdrawEffectiveAt: addMilliseconds(SENT, DAY) }, [
        start,
        taken,
        withdraw,
      ]),
    ).toEqual(['withdraw'])
    const contested = event(3, 'contested', 'under_review', 'under_review')
    expect(now({ state: 'under_review', held: 'conflict' }, [start, taken, contested])).toEqual(['contested'])
  })

  it('marks nothing where nothing is going on', () => {
    const over = event(3, 'reject', 'under_review', 'rejected')
    expect(now({ state: 'rejected' }, [start, taken, over])).toEqual([])
  })
})

describe('the words of the timeline', () => {
  const CLAIMANT =
    /người khác|hồ sơ khác|người thứ ba|khai báo đối|báo chồng|hồ sơ đối chiếu|tranh chấp|another (person|claim|case)|counter|some(body|one) else/i
  const about = [
    'accept_counterclaim',
    'contested',
    'uncontested',
    'upheld',
    'overruled',
    'refuse_counterclaim',
  ] as const

  it.each(['vi', 'en'] as const)('are complete in %s', (locale) => {
    const words = catalogue[locale].case
    const told = Object.entries<Rule>(RULES).filter(([, rule]) => rule.quiet !== true)
    for (const move of ['submitted', ...told.map(([name]) => name)])
      expect(words.event).toHaveProperty([move, 'title'])
    const codes = [...INFO_CODES, ...REJECT_CODES, ...UNBLOCK_CODES, ...REFUSE_UNBLOCK_CODES]
    for (const code of codes.filter((one) => one !== 'other')) expect(words.reason).toHaveProperty(code)
  })

  it.each(['vi', 'en'] as const)('never tell of another claimant in %s', (locale) => {
    const words = catalogue[locale].case
    const said = [
      ...about.flatMap((move) => Object.values(words.event[move])),
      words.reason.other_claim,
      words.headline.held,
      words.headline.held_blocked,
      words.need.held,
      words.need.held_blocked,
      words.next.city_decides,
    ]
    expect(said.filter((sentence) => CLAIMANT.test(sentence))).toEqual([])
  })
})
