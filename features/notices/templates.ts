import '#server-only'
import { createTranslator } from 'use-intl/core'
import { type Move, movesThat } from '#features/cases/rules/moves.ts'
import type { ObjectionMove } from '#features/objections/rules/moves.ts'
import { catalogue, type Messages } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale, type Locale } from '#messages/routing.ts'

/** Every message there is: for each move that a case's citizen or an objection's holder is told of, for coming into a list, and the codes. */
export type NoticeTemplate =
  | 'submitted'
  | 'imported'
  | 'listed'
  | Move
  | 'phone_found_wait'
  | 'imei_claimed'
  | 'approve_unblock_for_holder'
  | 'grant_correction'
  | 'carriers_lifted_for_holder'
  | `code_${CodeTemplate}`
  | `draft_${keyof Messages['notices']['draft']}`
  | `objection_${'submitted' | Exclude<ObjectionMove, 'uphold' | 'inspect'>}`

/** The values that a message may name. Codes and words of police are personal: they are stored sealed. */
export interface NoticeParams {
  readonly number: string
  readonly code?: string
  /** Words that police or the citizen wrote for the citizen to read. */
  readonly message?: string
  readonly reasonCode?: string
  /** Names of the carriers that were exempted from what the message says is done. */
  readonly exempt?: string
  /** Tells whether the order that the message speaks of waits to be sent: to some carriers, or to all. */
  readonly waits?: 'some' | 'all'
  /** ISO 8601: when the draft that the message is about is deleted. */
  readonly until?: string
}

/** The facts of this installation that messages name. */
export interface Site {
  /** The address of the installation. */
  readonly url: string
  /** Working days that a reporter has to answer an objection. */
  readonly hearingDays: number
}

export interface Text {
  readonly subject: string
  readonly body: string
}

type CodeTemplate =
  | 'confirm_contact'
  | 'confirm_objection'
  | 'resume_draft'
  | 'resume_objection'
  | 'view_status'
type Told = keyof Messages['notices']['told']
type Objected = keyof Messages['notices']['objection']
type Drafted = keyof Messages['notices']['draft']
type Reason = keyof Messages['notices']['reason']
/** A message's words, by the part of `notices` that has them. */
type Words =
  | { readonly part: 'told'; readonly key: Told }
  | { readonly part: 'code'; readonly key: CodeTemplate }
  | { readonly part: 'objection'; readonly key: Objected }
  | { readonly part: 'draft'; readonly key: Drafted }

/** Messages whose words are those of police. */
const BY_POLICE: readonly NoticeTemplate[] = [
  ...movesThat((rule) => rule.textInMail === true),
  'phone_found_wait',
  'grant_correction',
  'objection_request_info',
  'objection_refuse',
]

/** Writes the subject and plain text of a mail. */
export function renderMail(template: NoticeTemplate, locale: string, params: NoticeParams, site: Site): Text {
  const { language, t, words } = wordsFor(template, locale)
  const { number, exempt = 'none', waits = 'none' } = params
  const subject = t(`${words.part}.${words.key}.subject` as 'told.approve.subject', {
    number,
    waits,
  })
  const text = t(`${words.part}.${words.key}.text` as 'told.take.text', {
    number,
    waits,
    days: site.hearingDays,
    exempt,
    until: untilWords(params, language),
  })
  const told =
    words.part === 'draft'
      ? [text, pageUrl(words, site, language), t('draft_open')]
      : words.part === 'code'
        ? [text, params.code ?? '', t('code.use'), t('code.ignore')]
        : [
            text,
            ...policeWords(template, params, t),
            `${t(words.part === 'objection' ? 'mail.objection_number' : 'mail.number', { number })}\n${t('mail.link', { url: pageUrl(words, site, language, number) })}`,
            t(words.part === 'objection' ? 'mail.objection_open' : 'mail.open'),
          ]
  const close = `-- \n${t('mail.sign')}\n${t('mail.automatic')}`
  return { subject, body: `${[t('mail.greeting'), ...told, close].join('\n\n')}\n` }
}

/**
 * Writes an SMS, of three segments at most (67 characters each, as Vietnamese is sent). Words of police are left out: an SMS
 * shows on a locked screen.
 */
export function renderSms(
  template: NoticeTemplate,
  locale: string,
  params: NoticeParams,
  site: Site,
): string {
  const { language, t, words } = wordsFor(template, locale)
  return t(`${words.part}.${words.key}.sms` as 'code.confirm_contact.sms', {
    number: params.number,
    code: params.code ?? '',
    exempt: params.exempt ?? 'none',
    waits: params.waits ?? 'none',
    until: untilWords(params, language),
    url: pageUrl(words, site, language, words.part === 'code' ? undefined : params.number),
  })
}

const untilWords = ({ until }: NoticeParams, language: Locale): string =>
  until === undefined ? '' : formatInstant(language, new Date(until), 'moment')

type Translate = ReturnType<typeof translator>
const translator = (locale: Locale) =>
  createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })

/**
 * Returns the part of the words that a template begins with; a case's own moves, `objection_over` among them, have
 * none.
 */
function partOf(template: string): ['code' | 'objection' | 'draft', string][] {
  const [, part, key = ''] = /^(code|objection|draft)_(.+)$/.exec(template) ?? []
  return part === 'code' || part === 'objection' || part === 'draft' ? [[part, key]] : []
}

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

function policeWords(template: NoticeTemplate, params: NoticeParams, t: Translate): string[] {
  if (!BY_POLICE.includes(template)) return []
  const code = params.reasonCode
  const known = code !== undefined && code in catalogue.vi.notices.reason
  return [
    ...(known ? [t('mail.reason', { reason: t(`reason.${code as Reason}`) })] : []),
    ...(params.message ? [`${t('mail.police')}\n${params.message}`] : []),
  ]
}

/**
 * Returns where a case or an objection is looked up: never its own page, which takes the secret. With `number` the form
 * there is filled in, so that nobody types it again.
 */
const pageUrl = ({ part }: Words, site: Site, locale: Locale, number?: string): string => {
  if (part === 'draft') return new URL(pathFor(locale, '/report/resume'), site.url).href
  const query = number === undefined ? {} : { number }
  const route = { pathname: part === 'objection' ? '/blocked/follow' : '/track', query } as const
  return new URL(pathFor(locale, route), site.url).href
}
