import { createTranslator } from 'use-intl/core'
import { actsOpen } from '#features/cases/citizen/rules.ts'
import { isBlocked, ruleOf } from '#features/cases/moves/rules.ts'
import type { Transition } from '#features/cases/moves/transition-rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { ACTIVE_STATES } from '#features/cases/record/state-rules.ts'
import { lastBoxes } from '#features/cases/remedies/last-box-rules.ts'
import type { RemedyLaws } from '#features/cases/remedies/rules.ts'
import { caseStanding } from '#features/cases/standing/rules.ts'
import { type CitizenEvent, isEndOfWatch, pastEntries } from '#features/cases/timeline/rules.ts'
import type { ObjectionMove } from '#features/disputes/objections/moves-rules.ts'
import {
  chapterOf,
  holderBox,
  objectionWords,
  unitForHolder,
} from '#features/disputes/objections/page-rules.ts'
import { type ObjectionSnapshot, objectionMovesOpen } from '#features/disputes/objections/rules.ts'

import { hearingState } from '#features/disputes/sides/rules.ts'
import { type NoticeTemplate, renderMail, renderSms } from '#features/notices/templates.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import type { Locale } from '#messages/routing.ts'
import { sayLastBox } from '#messages/said-last-box.ts'

/** A fact that words can claim about the present: how each language says it, and when it is true of a case. */
interface Fact {
  readonly vi: RegExp
  readonly en: RegExp
  readonly holds: (c: CaseSnapshot, now: Instant) => boolean
}

/** The facts that a sentence may claim about the present. Add new ways to say one of them here, or they are not checked. */
export const FACTS = {
  still_blocked: {
    vi: /(?<!có thể )vẫn (đang )?bị chặn|máy đang bị chặn|lệnh chặn( máy)?( của bạn)? (vẫn|giữ nguyên)/iu,
    en: /(stays|is still|still) blocked|block( of your phone)? (still )?stands/iu,
    holds: (c) => isBlocked(c),
  },
  being_unblocked: {
    vi: /máy đang được mở chặn/iu,
    en: /(phone|it) is being unblocked/iu,
    holds: (c) => !isBlocked(c),
  },
  /** A watched phone is not blocked, so nothing of it is unblocked. */
  unblocked_at_all: {
    vi: /mở chặn/iu,
    en: /unblock/iu,
    holds: (c) => c.watchUntil === null,
  },
  case_goes_on: {
    vi: /hồ sơ (của bạn )?(vẫn )?(đi tiếp|mở(?! lại)|tiếp tục|được xử lý tiếp)/iu,
    en: /case (\S+ )?(goes on|stays open|is still open)/iu,
    holds: (c) => ACTIVE_STATES.includes(c.state),
  },
  review_open: {
    vi: /bạn còn được xin xem lại|bạn còn xin xem lại được/iu,
    en: /you can still ask for a review/iu,
    holds: (c, now) => actsOpen(c, [], now).includes('appeal'),
  },
  answer_reopens: {
    vi: /bạn còn được mở lại/iu,
    en: /you can still reopen it/iu,
    holds: (c, now) => c.state === 'expired' && actsOpen(c, [], now).includes('reply'),
  },
  nothing_asked: {
    vi: /không cần gì lúc này|(?<!ngoài ra )bạn (chưa|không) (phải|cần) làm gì/iu,
    en: /nothing (right )?now|(?<!beyond that )you (need do nothing|need not do anything|do not need to do anything)/iu,
    holds: (c, now) => caseStanding(c, { now, holidays: new Set() }).holder !== 'citizen',
  },
  withdrawal_runs: {
    vi: /bấm “hủy việc rút hồ sơ”/iu,
    en: /press “stop the withdrawal”/iu,
    holds: (c) => c.withdrawEffectiveAt !== null,
  },
  second_person_waits: {
    vi: /còn một người thứ hai phải duyệt|cần người thứ hai đồng ý/iu,
    en: /second (person|officer) (still )?(has to|must) (approve|agree)/iu,
    holds: (c) => c.state === 'verified' || (c.state === 'unblock_review' && c.unblockVerifiedById !== null),
  },
  both_sides_weighed: {
    vi: /công an (sẽ )?xem giấy tờ của cả hai bên/iu,
    en: /police (will )?(look at|weigh|consider) (the papers of both sides|both sides[’'] papers|the papers of both)/iu,
    holds: (c) => c.objectedAt !== null,
  },
  city_compares: {
    vi: /công an thành phố so giấy tờ các bên rồi quyết định/iu,
    en: /city police compare the papers of every side and decide/iu,
    holds: (c) => c.held === 'conflict',
  },
} as const satisfies Record<string, Fact>
export type FactName = keyof typeof FACTS
const NAMES = Object.keys(FACTS) as FactName[]

export const claimsOf = (words: string, locale: Locale): readonly FactName[] =>
  once(`${locale} ${words}`, CLAIMS, () => NAMES.filter((name) => FACTS[name][locale].test(words)))
const CLAIMS = new Map<string, readonly FactName[]>()

/**
 * The position of a phone's holder: their objection, whether the phone is blocked, and the time that decides
 * what they may still ask for.
 */
export interface HolderStanding {
  readonly o: ObjectionSnapshot
  readonly blocked: boolean
  readonly now: Instant
}
interface HolderFact {
  readonly vi: RegExp
  readonly en: RegExp
  readonly holds: (of: HolderStanding) => boolean
}
const canRenew = ({ o, now }: HolderStanding): boolean =>
  objectionMovesOpen(o, {}, { kind: 'citizen' }, now, ['renew']).length > 0
const isAwaited = ({ o, now }: HolderStanding): boolean =>
  o.state === 'granted' && hearingState(o, now) === 'open'

/** The facts that a sentence to a phone's holder may claim about the present, with the words of each language. */
export const HOLDER_FACTS = {
  phone_free: {
    vi: /máy (của bạn )?(vẫn dùng được|không còn bị chặn|vẫn được mở chặn|đang được mở chặn)/iu,
    en: /phone (works|is no longer blocked|stays unblocked|is being unblocked)/iu,
    holds: ({ blocked }) => !blocked,
  },
  phone_blocked: {
    vi: /máy vẫn bị chặn|lệnh chặn (máy )?không đổi/iu,
    en: /phone stays blocked|block( of the phone)? is as it was/iu,
    holds: ({ blocked }) => blocked,
  },
  renewal_open: {
    vi: /bạn (được xin|xin được) công an thành phố xem lại/iu,
    en: /you can ask city police to look again/iu,
    holds: canRenew,
  },
  renewal_over: {
    vi: /khiếu nại này không xem lại được nữa/iu,
    en: /this objection cannot be reviewed again/iu,
    holds: (of) => !canRenew(of),
  },
  nothing_asked: {
    vi: /bạn (chưa|không) (cần|phải) làm gì/iu,
    en: /nothing( for now| more)?\.|you (need not|do not need to) do anything/iu,
    holds: (of) => of.o.state !== 'info_requested' && !isAwaited(of),
  },
  police_look: {
    vi: /công an( thành phố)? đang xem/iu,
    en: /police are looking/iu,
    holds: ({ o }) => o.state === 'open',
  },
  police_wait: {
    vi: /công an (đang )?chờ bạn (trả lời|đến)/iu,
    en: /police (wait|are waiting) for you/iu,
    holds: (of) => of.o.state === 'info_requested' || isAwaited(of),
  },
} as const satisfies Record<string, HolderFact>
const HOLDER_NAMES = Object.keys(HOLDER_FACTS) as (keyof typeof HOLDER_FACTS)[]

export const holderClaims = ({ locale, words }: Said) =>
  HOLDER_NAMES.filter((name) => HOLDER_FACTS[name][locale].test(words))

export const untrueToHolder = (said: readonly Said[], of: HolderStanding): string[] =>
  said.flatMap((one) =>
    holderClaims(one)
      .filter((name) => !(HOLDER_FACTS[name] satisfies HolderFact).holds(of))
      .map((name) => `${one.locale} ${one.where} claims ${name} (${of.o.state}): ${one.words}`),
  )

/** One event of an objection, as on its holder's page and in their export. */
export interface HolderEvent {
  readonly move: ObjectionMove | 'submitted'
  readonly at: Instant
  readonly actorKind: 'citizen' | 'staff' | 'system'
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
  readonly reasonCode: string | null
}

/**
 * Returns what a holder reads about their objection now: headline, what they have to do, history, and the box.
 * Events come newest first.
 */
export function holderPage(of: HolderStanding, events: readonly HolderEvent[], laws: RemedyLaws): Said[] {
  const { o, now } = of
  const chapter = chapterOf(o, events)
  const hearing = hearingState(o, now)
  const box = holderBox(o, events, laws, now)
  return LOCALES.flatMap((locale) => {
    const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'objection' })
    const pages = [true, false].map((full) => {
      const { headline, need } = objectionWords(chapter, hearing, full, canRenew(of))
      const words = `${t(`headline.${headline}` as 'headline.open')}. ${t(`need.${need}` as 'need.reviewed', { until: VALUES.until })}`
      // A page that was opened by a code does not know what its person may ask for.
      return {
        where: `page ${need}`,
        locale,
        words: full ? words : words.replace(/[^.]*(xem lại|look again)[^.]*\./giu, ''),
      }
    })
    const history = events.map(({ move, reasonCode }) => ({
      where: `history ${move}`,
      locale,
      words: [
        t(`event.${move}` as 'event.reply'),
        reasonCode ? t(`reason.${reasonCode}` as 'reason.other') : '',
      ].join(' '),
    }))
    const rows = box ? sayLastBox(locale, { box, unit: unitForHolder(box), place: 'page' }).rows : []
    return [...pages, ...history, { where: 'box', locale, words: rows.map(({ words }) => words).join(' ') }]
  })
}

/** Returns the letter and SMS of an objection's move; empty if the holder is not told of it. */
export function holderLetters(move: ObjectionMove, until: Instant | null): Said[] {
  if (move === 'uphold' || move === 'inspect') return []
  const params = { number: 'KN-0000-0000-0', ...(until && { until: until.toISOString() }) }
  return LOCALES.flatMap((locale) => [
    { where: `mail ${move}`, locale, words: renderMail(`objection_${move}`, locale, params, SITE).body },
    { where: `sms ${move}`, locale, words: renderSms(`objection_${move}`, locale, params, SITE) },
  ])
}

/** Returns the cached result for a key. The tests meet the same words thousands of times. */
function once<T>(key: string, made: Map<string, T>, make: () => T): T {
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}

interface Said {
  readonly where: string
  readonly locale: Locale
  readonly words: string
}

export const untrue = (said: readonly Said[], c: CaseSnapshot, now: Instant): string[] =>
  said.flatMap(({ where, locale, words }) =>
    claimsOf(words, locale)
      .filter((name) => !(FACTS[name] satisfies Fact).holds(c, now))
      .map((name) => `${locale} ${where} claims ${name} (${c.state}): ${words}`),
  )

const LOCALES = ['vi', 'en'] as const
const SITE = { url: 'https://antam.example' }

/** Returns the letter and SMS of a move; empty if the citizen does not see the move. */
export function lettersOf(before: CaseSnapshot, change: Transition): Said[] {
  const { tells } = ruleOf(change.move)
  if (!change.visible) return []
  const template: NoticeTemplate = tells?.(before, change.set) ?? change.move
  return once(`${template} ${change.reasonCode}`, LETTERS, () => lettersFor(template, before, change))
}
const LETTERS = new Map<string, Said[]>()

function lettersFor(template: NoticeTemplate, before: CaseSnapshot, change: Transition): Said[] {
  const params = { number: before.number, ...(change.reasonCode && { reasonCode: change.reasonCode }) }
  return LOCALES.flatMap((locale) => [
    { where: `mail ${template}`, locale, words: renderMail(template, locale, params, SITE).body },
    { where: `sms ${template}`, locale, words: renderSms(template, locale, params, SITE) },
  ])
}

const VALUES = {
  who: 'Công an Quận 3',
  home: 'Quận 3',
  area: 'Quận 3',
  authority: 'Sở',
  total: 5,
  sent: 5,
  done: 1,
  queued: 0,
  exempt: 'none',
  exemptLift: 'none',
  sending: 'sent',
  by: 'page',
  lookup: 'given',
  days: 3,
  hearing: 'open',
  until: '17:00, 04/12/2026',
  at: '17:00, 04/12/2026',
} as const

function sayer(locale: Locale) {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'case' })
  const said = new Map<string, string>()
  return (key: string): string =>
    once(key, said, () => (t.has(key as 'need.title') ? t(key as 'need.withdrawing', VALUES as never) : ''))
}
const SAY = { vi: sayer('vi'), en: sayer('en') }

/** Returns the history as the citizen reads it now: every event with its body, the current one in its own words. */
export function historyOf(c: CaseSnapshot, events: readonly CitizenEvent[]): Said[] {
  return pastEntries(c, events).flatMap((event) => {
    const { move, from, when, reasonCode } = event
    const key = isEndOfWatch(event, events)
      ? `${move}_watched`
      : move === 'appeal' && from === 'unblocked'
        ? 'appeal_review'
        : move === 'reply' && from === 'expired'
          ? 'reply_reopened'
          : move
    return LOCALES.map((locale) => {
      const say = SAY[locale]
      const present = when === 'now' ? say(`event.${key}.now`) : ''
      const title = present === '' ? say(`event.${key}.title`) : present
      const reason = reasonCode ? say(`reason.${reasonCode}`) : ''
      return {
        where: `history ${key}`,
        locale,
        words: [title, say(`event.${key}.body`), reason].filter(Boolean).join(' '),
      }
    })
  })
}

/** Returns the case's current headline and its answer to “what is needed of me?”. */
export function pageOf(c: CaseSnapshot, now: Instant): Said[] {
  const { chapter } = caseStanding(c, { now, holidays: new Set() })
  return LOCALES.map((locale) => ({
    where: `page ${chapter}`,
    locale,
    words: `${SAY[locale](`headline.${chapter}`)}. ${SAY[locale](`need.${chapter}`)}`,
  }))
}

export const LAWS: RemedyLaws = {
  complaint: 'Luật Khiếu nại',
  complaintDays: 90,
  secondDays: 30,
  suit: 'Luật Tố tụng hành chính',
  suitDays: 365,
}

/** Returns the boxes about final decisions, which the page, the export and its PDF show. */
export function boxesOf(c: CaseSnapshot, events: readonly CitizenEvent[], now: Instant): Said[] {
  const newest = events.toSorted((a, b) => b.seq - a.seq)
  return lastBoxes(c, newest, LAWS, now).flatMap((box) =>
    LOCALES.map((locale) => ({
      where: `box ${box.act}`,
      locale,
      words: sayLastBox(locale, { box, unit: null, place: 'page' })
        .rows.map(({ words }) => words)
        .join(' '),
    })),
  )
}

export const eventOf = (change: Transition, at: Instant): CitizenEvent => ({
  seq: change.version + 1,
  at,
  move: change.move as CitizenEvent['move'],
  from: change.from,
  to: change.to,
  by: 'district',
  unitId: 'quan-3',
  reasonCode: change.reasonCode,
  message: null,
})
