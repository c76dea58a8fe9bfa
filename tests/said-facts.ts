import { createTranslator } from 'use-intl/core'
import { actsOpen } from '#features/cases/rules/citizen-acts.ts'
import { isBlocked, ruleOf } from '#features/cases/rules/moves.ts'
import type { CaseSnapshot } from '#features/cases/rules/snapshot.ts'
import { standingOf } from '#features/cases/rules/standing.ts'
import { ACTIVE_STATES } from '#features/cases/rules/state.ts'
import { type CitizenEvent, pastEntries } from '#features/cases/rules/timeline.ts'
import type { Transition } from '#features/cases/rules/transition.ts'
import { type NoticeTemplate, renderMail, renderSms } from '#features/notices/templates.ts'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import type { Locale } from '#messages/routing.ts'

/** A fact that words can claim of the present: how each language says it, and when it is true of a case. */
interface Fact {
  readonly vi: RegExp
  readonly en: RegExp
  readonly holds: (c: CaseSnapshot, now: Instant) => boolean
}

/** What a sentence may say in the present. A new way to say one of these is entered here, so that it is held too. */
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
    vi: /không cần gì lúc này|(?<!ngoài ra )bạn (chưa|không) phải làm gì/iu,
    en: /nothing (right )?now|(?<!beyond that )you (need do nothing|need not do anything)/iu,
    holds: (c, now) => standingOf(c, { now, holidays: new Set() }).holder !== 'citizen',
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

/** Returns the facts that words claim. */
export const claimsOf = (words: string, locale: Locale): readonly FactName[] =>
  once(`${locale} ${words}`, CLAIMS, () => NAMES.filter((name) => FACTS[name][locale].test(words)))
const CLAIMS = new Map<string, readonly FactName[]>()

/** Returns what was made for a key before: a walk meets the same words thousands of times. */
function once<T>(key: string, made: Map<string, T>, make: () => T): T {
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}

/** Something that is said at a moment, by where it is read. */
interface Said {
  readonly where: string
  readonly locale: Locale
  readonly words: string
}

/** Returns what is said and not true of the case as it is now. */
export const untrue = (said: readonly Said[], c: CaseSnapshot, now: Instant): string[] =>
  said.flatMap(({ where, locale, words }) =>
    claimsOf(words, locale)
      .filter((name) => !(FACTS[name] satisfies Fact).holds(c, now))
      .map((name) => `${locale} ${where} claims ${name} (${c.state}): ${words}`),
  )

const LOCALES = ['vi', 'en'] as const
const SITE = { url: 'https://antam.example' }

/** Returns the letter and SMS of a move; nothing of a quiet one. */
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
} as const

function sayer(locale: Locale) {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'case' })
  const said = new Map<string, string>()
  return (key: string): string =>
    once(key, said, () => (t.has(key as 'need.title') ? t(key as 'need.withdrawing', VALUES as never) : ''))
}
const SAY = { vi: sayer('vi'), en: sayer('en') }

/** Returns the history as its citizen reads it now: every event with its body, the present one in its own words. */
export function historyOf(c: CaseSnapshot, events: readonly CitizenEvent[]): Said[] {
  return pastEntries(c, events).flatMap(({ move, from, when, reasonCode }) => {
    const key =
      move === 'appeal' && from === 'unblocked'
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

/** Returns the headline and the answer to “what is needed of me?” of the case as it is now. */
export function pageOf(c: CaseSnapshot, now: Instant): Said[] {
  const { chapter } = standingOf(c, { now, holidays: new Set() })
  return LOCALES.map((locale) => ({
    where: `page ${chapter}`,
    locale,
    words: `${SAY[locale](`headline.${chapter}`)}. ${SAY[locale](`need.${chapter}`)}`,
  }))
}

/** Returns an event of the history as a transition leaves it. */
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
