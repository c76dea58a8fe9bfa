import '#server-only'
import { createTranslator } from 'use-intl/core'
import { type Move, movesThat, type PastMove } from '#features/cases/moves/rules.ts'
import type { Telling } from '#features/cases/moves/spec-rules.ts'
import type { LastBox } from '#features/cases/remedies/last-box-rules.ts'
import type { ObjectionMove } from '#features/disputes/objections/moves-rules.ts'
import { INVITATION_PARAMETER } from '#features/ratings/invitations/rules.ts'
import { catalogue, type Messages } from '#messages/catalogue.ts'
import { cityWords } from '#messages/city.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale, type Locale, locales } from '#messages/routing.ts'
import { type NamedBox, sayLastBox } from '#messages/said-last-box.ts'
import { MESSAGE_PARTS } from './rules.ts'

/** All messages: for the moves that a citizen or holder is told of, for lists, and the codes. */
export type NoticeTemplate =
  | 'submitted'
  | 'submitted_imei_unknown'
  | 'reported_again'
  | 'imported'
  | 'listed'
  | 'cases_found'
  | 'beware'
  | 'news'
  | 'changed'
  | 'contact_added'
  | 'contact_refused'
  | 'file_refused'
  | 'withdraw_at_desk'
  | 'add_contact_at_desk'
  | Move
  | Telling
  | PastTemplate
  | 'grant_correction'
  | 'late'
  | 'late_answered'
  | `code_${CodeTemplate}`
  | `draft_${keyof Messages['notices']['draft']}`
  | `phones_${keyof Messages['notices']['phones']}`
  | `helping_${keyof Messages['notices']['helping']}`
  | `watch_${keyof Messages['notices']['watch']}`
  | `invitation_${keyof Messages['notices']['invitation']}`
  | `objection_${'submitted' | 'file_refused' | 'late' | 'late_answered' | 'nobody_left' | 'decider_found' | Exclude<ObjectionMove, 'uphold' | 'inspect'>}`

/** No longer sent. Waiting ones still go out, and lists of sent messages name them. */
type PastTemplate = PastMove | 'submitted_counterclaim' | 'imei_claimed'

/** The values in a message. Codes and words of police are personal, so they are stored sealed. */
export interface NoticeParams {
  readonly number: string
  readonly code?: string
  /** Words of police or the citizen, for the citizen. */
  readonly message?: string
  readonly reasonCode?: string
  readonly exempt?: string
  /** Set if the order waits to be sent, to some carriers or to all. */
  readonly waits?: 'some' | 'all'
  /** The ends of the numbers that are not blocked, because they are not on the papers. */
  readonly unblocked?: string
  /** The number to call about the case: its unit's, or the city's if that is unknown. */
  readonly call?: string
  /** The case's unit, if the person has no secret: there an officer writes down their requests. */
  readonly desk?: string
  readonly lookup?: 'given'
  readonly contact?: string
  readonly others?: string
  /** ISO 8601: when the draft is deleted, when a new contact takes effect, or until when police wait. */
  readonly until?: string
  /** ISO 8601: when the temporary block that a rejection leaves in force ends. */
  readonly hold?: string
  /** ISO 8601: when the case's files were deleted at the end of their retention time. */
  readonly filesDeleted?: string
  /** ISO 8601: when the message was written; its text refers to this time. */
  readonly at?: string
  readonly last?: Pick<NamedBox, 'unit'> & { readonly box: LastBox<string> }
  readonly since?: string
  /** A registered phone: its holder's name for it, and the last digits of its number. */
  readonly phone?: string
  /** The agency that a person is invited to rate: `agency` is its name, `place` its id, `token` the link's token. */
  readonly agency?: string
  readonly place?: string
  readonly token?: string
  readonly owed?: string
  readonly unit?: string
  /** The code with which the recipient can check the message. Made from the id when it is sent, and not stored. */
  readonly mark?: string
}

export interface Site {
  readonly url: string
}

type CodeTemplate =
  | 'confirm_contact'
  | 'confirm_objection'
  | 'new_contact'
  | 'resume_draft'
  | 'resume_objection'
  | 'follow_objection'
  | 'view_status'
  | 'open_phones'
  | 'report_for'
  | 'watch'
type Words =
  | { readonly part: 'told'; readonly key: keyof Messages['notices']['told'] }
  | { readonly part: 'code'; readonly key: CodeTemplate }
  | { readonly part: 'objection'; readonly key: keyof Messages['notices']['objection'] }
  | { readonly part: 'draft'; readonly key: keyof Messages['notices']['draft'] }
  | { readonly part: 'phones'; readonly key: keyof Messages['notices']['phones'] }
  | { readonly part: 'helping'; readonly key: keyof Messages['notices']['helping'] }
  | { readonly part: 'watch'; readonly key: keyof Messages['notices']['watch'] }
  | { readonly part: 'invitation'; readonly key: keyof Messages['notices']['invitation'] }

const BY_POLICE: readonly NoticeTemplate[] = [
  ...movesThat((rule) => rule.textInMail === true),
  'refuse_counterclaim',
  'phone_found_wait',
  'grant_correction',
  'objection_request_info',
  'objection_ask',
  'objection_refuse',
  'late_answered',
  'objection_late_answered',
]

/** Messages with the number to call, because the person may have to stop somebody at once or ask about a delay. */
export const URGENT: readonly NoticeTemplate[] = [
  'withdraw',
  'withdraw_at_desk',
  'serve_letter',
  'phone_returned',
  'verify_unblock',
  'give_imei',
  'add_imei',
  'prove_imei',
  'add_facts',
  'ask_correction',
  'ask_erasure',
  'add_contact',
  'add_contact_at_desk',
  'drop_contact',
  'tell_banks',
  'stop_banks',
  'changed',
  'late',
]

export const isUrgent = (template: NoticeTemplate): boolean => URGENT.includes(template)

export function renderMail(
  template: NoticeTemplate,
  locale: string,
  params: NoticeParams,
  site: Site,
): {
  readonly subject: string
  readonly body: string
} {
  const { language, t, words } = wordsFor(template, locale)
  const { number, exempt = 'none', waits = 'none', call = 'none', desk = 'none', others = 'none' } = params
  const subject = t(`${words.part}.${words.key}.subject` as 'told.approve.subject', {
    ...{ number, waits, contact: params.contact ?? '', agency: params.agency ?? '' },
  })
  const text = t(`${words.part}.${words.key}.text` as 'told.take.text', {
    number,
    waits,
    hearing: params.until === undefined ? 'none' : 'open',
    unblocked: params.unblocked ?? 'none',
    exempt,
    call,
    desk,
    contact: params.contact ?? '',
    lookup: params.lookup ?? 'none',
    others,
    until: untilWords(params, language),
    hold: params.hold === undefined ? 'none' : formatInstant(language, new Date(params.hold), 'moment'),
    since: momentWords(params.since, language),
    owed: params.owed ?? 'decision',
    files:
      params.filesDeleted === undefined
        ? 'none'
        : formatInstant(language, new Date(params.filesDeleted), 'date'),
    unit: params.unit ?? '',
    phone: params.phone ?? '',
    agency: params.agency ?? '',
  })
  const url = pageUrl(words, site, language, params)
  const told =
    words.part === 'draft'
      ? [text, url, t('draft_open', { kind: words.key })]
      : words.part === 'phones'
        ? [text, url, t('phones_open')]
        : words.part === 'helping'
          ? [text, url, t('helping_open')]
          : words.part === 'watch'
            ? [text, url, t('watch_over')]
            : words.part === 'invitation'
              ? [text, url, t('invitation_over')]
              : words.part === 'code'
                ? [text, params.code ?? '', t('code.use'), t('code.ignore')]
                : [
                    text,
                    ...policeWords(template, params, t, language),
                    ...lastBoxWords(params, language),
                    ...(params.at === undefined
                      ? []
                      : [t('mail.as_of', { at: formatInstant(language, new Date(params.at), 'moment') })]),
                    `${t(words.part === 'objection' ? 'mail.objection_number' : 'mail.number', { number })}\n${t('mail.link', { url })}`,
                    words.part === 'objection'
                      ? t('mail.objection_open')
                      : t(desk === 'none' ? 'mail.open' : 'mail.desk', { call, desk }),
                  ]
  if (params.mark !== undefined) told.push(t('mark.mail', { mark: params.mark }))
  const close = `-- \n${t('mail.sign', cityWords(language))}\n${t('mail.automatic')}`
  return { subject, body: `${[t('mail.greeting'), ...told, close].join('\n\n')}\n` }
}

/**
 * Renders an SMS of at most three segments (67 characters each, as for Vietnamese). It leaves out words of police, because an
 * SMS shows on a locked screen.
 */
export function renderSms(
  template: NoticeTemplate,
  locale: string,
  params: NoticeParams,
  site: Site,
): string {
  const { language, t, words } = wordsFor(template, locale)
  const text = t(`${words.part}.${words.key}.sms` as 'code.confirm_contact.sms', {
    number: params.number,
    code: params.code ?? '',
    exempt: params.exempt ?? 'none',
    waits: params.waits ?? 'none',
    call: params.call ?? 'none',
    desk: params.desk ?? 'none',
    others: params.others ?? 'none',
    contact: params.contact ?? '',
    until: untilWords(params, language),
    hearing: params.until === undefined ? 'none' : 'open',
    phone: params.phone ?? '',
    agency: params.agency ?? '',
    url: pageUrl(words, site, language, params),
  })
  return params.mark === undefined ? text : `${text}\n${t('mark.sms', { mark: params.mark })}`
}

const ZALO_PARAMETERS = {
  so_ho_so: ({ number }) => number,
  ma: ({ code = '' }) => code,
  thoi_han: (params, language) => untilWords(params, language),
  so_goi: ({ call = '' }) => call,
  noi_nhan_tin: ({ contact = '' }) => contact,
  may: ({ phone = '' }) => phone,
  co_quan: ({ agency = '' }) => agency,
  ma_moi: ({ place = '', token = '' }) => `${place}?${INVITATION_PARAMETER}=${token}`,
  ma_tin: ({ mark = '' }) => mark,
} as const satisfies Readonly<Record<string, (params: NoticeParams, language: Locale) => string>>
type ZaloParameter = keyof typeof ZALO_PARAMETERS

interface ZaloTemplate {
  readonly name: string
  readonly text: string
  readonly data: Readonly<Partial<Record<ZaloParameter, string>>>
}

/**
 * Renders a message as a Zalo template and its values. It has the SMS's text, so that every message to a phone has one. Returns
 * null if the values change the text (carriers exempted, orders that wait, a person without a secret, no number to call, several
 * cases): those go by SMS.
 */
export function zaloTemplate(
  template: NoticeTemplate,
  locale: string,
  params: NoticeParams,
  site: Site,
): ZaloTemplate | null {
  const { exempt = 'none', waits, desk, others } = params
  if (exempt !== 'none' || [waits, desk, others].some((value) => value !== undefined)) return null
  if (isUrgent(template) && params.call === undefined) return null
  const { language, t, words } = wordsFor(template, locale)
  const said = t(`${words.part}.${words.key}.sms` as 'code.confirm_contact.sms', {
    number: '<so_ho_so>',
    code: '<ma>',
    exempt: 'none',
    waits: 'none',
    call: '<so_goi>',
    desk: 'none',
    others: 'none',
    contact: '<noi_nhan_tin>',
    until: '<thoi_han>',
    hearing: params.until === undefined ? 'none' : 'open',
    phone: '<may>',
    agency: '<co_quan>',
    // A template's text is approved once, so the rest of the address must be a value.
    url: `${pageUrl(words, site, language)}${words.part === 'invitation' ? '/<ma_moi>' : ''}`,
  })
  const text = params.mark === undefined ? said : `${said}\n${t('mark.sms', { mark: '<ma_tin>' })}`
  const used = (Object.keys(ZALO_PARAMETERS) as ZaloParameter[]).filter((name) => text.includes(`<${name}>`))
  const data = Object.fromEntries(used.map((name) => [name, ZALO_PARAMETERS[name](params, language)]))
  return { name: `${template}.${language}`, text, data }
}

/** Lists all possible Zalo templates for registration, by name; `marked`: with a message code. */
export function zaloTemplates(site: Site, marked = false): ReadonlyMap<string, string> {
  const all = locales.flatMap((locale) => {
    const { told, code, draft, objection, phones, helping, watch, invitation } = catalogue[locale].notices
    const codes = Object.entries(code).flatMap(([key, words]) =>
      typeof words === 'string' ? [] : [`code_${key}`],
    )
    const names = [
      ...Object.keys(told),
      ...codes,
      ...Object.keys(draft).map((key) => `draft_${key}`),
      ...Object.keys(objection).map((key) => `objection_${key}`),
      ...Object.keys(phones).map((key) => `phones_${key}`),
      ...Object.keys(helping).map((key) => `helping_${key}`),
      ...Object.keys(watch).map((key) => `watch_${key}`),
      ...Object.keys(invitation).map((key) => `invitation_${key}`),
    ] as NoticeTemplate[]
    return names.flatMap(
      (name) => zaloTemplate(name, locale, { number: '', call: '', ...(marked && { mark: '' }) }, site) ?? [],
    )
  })
  return new Map(all.map(({ name, text }) => [name, text]))
}

const momentWords = (at: string | undefined, language: Locale): string =>
  at === undefined ? '' : formatInstant(language, new Date(at), 'moment')

const untilWords = ({ until }: NoticeParams, language: Locale): string => momentWords(until, language)

type Translate = ReturnType<typeof translator>
const translator = (locale: Locale) =>
  createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })

const partOf = (template: string) =>
  MESSAGE_PARTS.filter((part) => template.startsWith(`${part}_`)).map(
    (part) => [part, template.slice(part.length + 1)] as const,
  )

function wordsFor(
  template: NoticeTemplate,
  locale: string,
): { language: Locale; t: Translate; words: Words } {
  const language = isLocale(locale) ? locale : defaultLocale
  const parts = catalogue[language].notices
  const words = ([['told', template], ...partOf(template)] as const)
    .map(([part, key]) => ({ part, key }))
    .find(({ part, key }) => key in parts[part])
  if (words === undefined) throw new Error(`there is no message for ${template}`)
  return { language, t: translator(language), words: words as Words }
}

function policeWords(
  template: NoticeTemplate,
  params: NoticeParams,
  t: Translate,
  language: Locale,
): string[] {
  if (!BY_POLICE.includes(template)) return []
  const code = params.reasonCode
  const known = code !== undefined && code in catalogue.vi.notices.reason
  return [
    ...(known
      ? [
          t('mail.reason', {
            reason: t(`reason.${code as keyof Messages['notices']['reason']}`, {
              at: momentWords(params.at, language),
            }),
          }),
        ]
      : []),
    ...(params.message ? [`${t('mail.police')}\n${params.message}`] : []),
  ]
}

function lastBoxWords({ last, desk }: NoticeParams, language: Locale): string[] {
  if (last === undefined) return []
  const { title, rows } = sayLastBox(language, { ...last, place: desk === undefined ? 'page' : 'desk' })
  return [`${title}\n${rows.map(({ term, words }) => `- ${term}: ${words}`).join('\n')}`]
}

/**
 * Returns the page to look up a case or an objection, with the number filled in. Never its own page, which needs the secret. A
 * person without a secret gets the page that asks for a code.
 */
function pageUrl({ part, key }: Words, site: Site, locale: Locale, params?: NoticeParams): string {
  const at = (to: Parameters<typeof pathFor>[1]) => new URL(pathFor(locale, to), site.url).href
  if (part === 'invitation') {
    const { place, token } = params ?? {}
    if (place === undefined || token === undefined) return at('/rate')
    const query = { [INVITATION_PARAMETER]: token }
    return at({ pathname: '/rate/[agency]', params: { agency: place }, query })
  }
  if (part === 'watch') return at(key === 'reported' ? '/blocked' : '/check')
  if (part === 'draft') return at(key === 'objection' ? '/blocked/object/resume' : '/track/find')
  if (part === 'phones' || key === 'open_phones') return at('/my-phones')
  if (part === 'helping' || key === 'report_for') return at('/report-for')
  const number = part === 'code' ? undefined : params?.number
  // A person who has to stop a new contact may not have the secret.
  if (part === 'told' && number !== undefined && (params?.desk !== undefined || key === 'add_contact'))
    return at({ pathname: '/track/code', query: { from: number } })
  const query = number === undefined ? {} : { number }
  return at({ pathname: part === 'objection' ? '/blocked/follow' : '/track', query })
}
