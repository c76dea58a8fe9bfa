import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Move, RULES, ruleOf } from '#features/cases/moves/rules.ts'
import { newCaseNumber } from '#features/cases/numbers/rules.ts'
import { OBJECTION_RULES, type ObjectionMove } from '#features/disputes/objections/moves-rules.ts'
import { smsLength, withoutMarks } from '#lib/sms-text.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pathFor } from '#messages/paths.ts'
import { readMessage } from './message-codes/rules.ts'
import { type NoticeTemplate, renderMail, renderSms, URGENT } from './templates.ts'

const URL = 'https://antam.example.vn'
const SITE = { url: URL }
const HOST = new globalThis.URL(URL).hostname
const CODES = [
  'code_confirm_contact',
  'code_confirm_objection',
  'code_follow_objection',
  'code_open_phones',
  'code_report_for',
  'code_resume_draft',
  'code_resume_objection',
  'code_view_status',
] as const
const DRAFTS = ['draft_kept', 'draft_reminder'] as const
const PHONES = (Object.keys(catalogue.vi.notices.phones) as (keyof typeof catalogue.vi.notices.phones)[]).map(
  (key) => `phones_${key}` as const,
)
const HELPING = ['helping_asked', 'helping_confirmed'] as const
const moves = (Object.keys(RULES) as Move[]).filter((move) => !ruleOf(move).quiet)
const objected = (Object.keys(OBJECTION_RULES) as ObjectionMove[])
  .filter((move) => move !== 'uphold' && move !== 'inspect')
  .map((move) => `objection_${move}` as const)
const objections: NoticeTemplate[] = ['objection_submitted', ...objected]
const everything: NoticeTemplate[] = [
  'submitted',
  'submitted_imei_unknown',
  'submitted_counterclaim',
  'listed',
  'withdraw_at_desk',
  'add_contact_at_desk',
  'beware',
  'news',
  'changed',
  'phone_found_wait',
  'appeal_review',
  'reply_reopened',
  'objected_again',
  'end_hold_rejected',
  'approve_unblock_for_holder',
  'carriers_lifted_for_holder',
  'grant_correction',
  ...moves,
  ...DRAFTS,
  'draft_objection',
  ...PHONES,
  ...HELPING,
  ...CODES,
  ...objections,
]
const locales = ['vi', 'en'] as const
const number = 'HCM-7K3Q-9XWD-4'

/** Counts the segments of an SMS: 70 characters of UCS-2, or 67 in each of several. */
const segments = (sms: string): number => (sms.length <= 70 ? 1 : Math.ceil(sms.length / 67))

describe.each(locales)('messages in %s', (locale) => {
  it.each(everything)('%s has its words, in mail and SMS', (template) => {
    const failed = vi.spyOn(console, 'error')
    const params = { number, code: '482913', until: '2026-12-05T00:22:00Z' }
    const mail = renderMail(template, locale, params, SITE)
    const sms = renderSms(template, locale, params, SITE)
    for (const text of [mail.subject, mail.body, sms]) expect(text).not.toMatch(/[{}]|notices\.|undefined/)
    expect(mail.subject).not.toMatch(/[\r\n]/)
    expect(segments(sms)).toBeLessThanOrEqual(3)
    // With the message code, whose alphabet costs least, it still has at most three segments.
    const marked = renderSms(template, locale, { ...params, mark: 'K7M-2P9-XQR' }, SITE)
    expect(marked).toMatch(/\n[^\n]+ K7M-2P9-XQR$/)
    expect(smsLength(withoutMarks(marked)).segments).toBeLessThanOrEqual(3)
    expect(segments(marked)).toBeLessThanOrEqual(4)
    // Pasted as a whole at /xac-minh it is not `altered`: all its links are ours.
    const pasted = readMessage(`${mail.subject}\n${mail.body}\n${marked}`)
    if (pasted.ok) expect(new Set([...pasted.value.hosts, HOST])).toEqual(new Set([HOST]))
    expect(pasted.ok).toBe(true)
    expect(failed).not.toHaveBeenCalled()
    failed.mockRestore()
  })

  it.each(everything.filter((one) => !/^(code|draft|phones|helping)_/.test(one)))(
    '%s names the case or objection and leads to it',
    (one) => {
      // A code is enough to stop a new contact.
      const [page, field] = objections.includes(one)
        ? (['/blocked/follow', 'number'] as const)
        : one === 'add_contact'
          ? (['/track/code', 'from'] as const)
          : (['/track', 'number'] as const)
      const track = `${URL}${pathFor(locale, page)}?${field}=${number}`
      const { body } = renderMail(one, locale, { number }, SITE)
      expect(body).toContain(number)
      expect(body).toContain(`${track}\n`)
      // The form has the number already; no message has the secret.
      expect(renderSms(one, locale, { number }, SITE).endsWith(track)).toBe(true)
    },
  )

  it.each(DRAFTS)(
    '%s says until when, and where to go on, without a number or six digits in a row',
    (one) => {
      const params = { number, until: '2026-12-05T00:22:00Z' }
      const resume = `${URL}${pathFor(locale, '/track/find')}`
      for (const text of [renderMail(one, locale, params, SITE).body, renderSms(one, locale, params, SITE)]) {
        expect(text).toContain(resume)
        expect(text).toContain(locale === 'vi' ? '05/12/2026' : '5 Dec 2026')
        expect(text).not.toContain(number)
        expect(text).not.toMatch(/\d{6}/)
      }
    },
  )

  it.each(PHONES)(
    '%s names the phone, leads to the list that a code opens, and has no number of a case',
    (one) => {
      const phone = 'Máy của mẹ · 0418'
      const params = { number, phone, contact: '•••• ••• 226', until: '2027-12-05T00:22:00Z' }
      const list = `${URL}${pathFor(locale, '/my-phones')}`
      const { body } = renderMail(one, locale, params, SITE)
      for (const text of [body, renderSms(one, locale, params, SITE)]) {
        expect(text).toContain(list)
        expect(text).not.toContain(number)
        expect(text).not.toMatch(/\d{6}/)
        if (!/^phones_(contact|trusted)/.test(one)) expect(text).toContain(phone)
      }
    },
  )

  it.each(HELPING)('%s names nobody, and leads to the page that a code opens', (one) => {
    const page = `${URL}${pathFor(locale, '/report-for')}`
    const params = { number, contact: 'Trần Văn Nam', phone: 'Máy của mẹ' }
    for (const text of [renderMail(one, locale, params, SITE).body, renderSms(one, locale, params, SITE)]) {
      expect(text).toContain(page)
      expect(text).not.toMatch(/Nam|của mẹ|HCM-/)
    }
  })

  it('a draft of an objection is gone on with by its number', () => {
    const params = { number: 'KN-7K3Q-9XWD-4', until: '2026-12-05T00:22:00Z' }
    const resume = `${URL}${pathFor(locale, '/blocked/object/resume')}`
    const { body } = renderMail('draft_objection', locale, params, SITE)
    for (const text of [body, renderSms('draft_objection', locale, params, SITE)]) {
      expect(text).toContain(resume)
      expect(text).toContain(params.number)
      expect(text).toContain(locale === 'vi' ? '05/12/2026' : '5 Dec 2026')
    }
    expect(body).toContain(locale === 'vi' ? 'chỉ hỏi số bản nháp và mã' : 'the draft’s number and the code')
  })

  it.each(CODES)('%s has its code as the only run of six digits', (template) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(999_999), (random, code) => {
        const params = {
          number: newCaseNumber(() => random),
          code: String(code).padStart(6, '0'),
        }
        const { subject, body } = renderMail(template, locale, params, SITE)
        for (const text of [`${subject}\n${body}`, renderSms(template, locale, params, SITE)]) {
          expect(text.match(/\d{6,}/g)).toEqual([params.code])
        }
      }),
    )
  })
})

describe.each(locales)('what waits to be sent, in %s', (locale) => {
  it.each(['approve', 'confirm_hold', 'approve_unblock', 'approve_unblock_for_holder'] as const)(
    '%s does not call it sent',
    (template) => {
      const said = (waits?: 'some' | 'all') => {
        const params = { number, ...(waits && { waits }) }
        const { subject, body } = renderMail(template, locale, params, SITE)
        const sms = renderSms(template, locale, params, SITE)
        expect(segments(sms)).toBeLessThanOrEqual(3)
        return [subject, body, sms].join('\n')
      }
      const sent = /đã (được )?gửi đến các nhà mạng|has gone to the carriers/iu
      expect(said()).toMatch(sent)
      expect(said('all')).not.toMatch(sent)
      expect(said('all')).toMatch(/chưa nhà mạng nào nhận lệnh|no carrier has it yet/)
      expect(said('some')).not.toMatch(sent)
    },
  )
})

/** Moves that need the secret, and those of cases without an IMEI: cases imported by police have neither. */
const WITH_SECRET: readonly NoticeTemplate[] = [
  ...['withdraw', 'undo_withdraw', 'finish_withdrawal', 'undo_unblock', 'withdraw_consent'],
  ...['add_contact', 'keep_contacts', 'drop_contact'],
  ...[
    'ask_correction',
    'ask_erasure',
    'add_facts',
    'give_imei',
    'add_imei',
    'release_imeis',
    'set_imei',
    'imei_claimed',
  ],
  ...['grant_data_request', 'grant_correction', 'refuse_data_request', 'extend_data_request'],
] as NoticeTemplate[]

describe.each(locales)('to a person without a secret, in %s', (locale) => {
  const told = [
    'imported',
    ...moves,
    'appeal_review',
    'reply_reopened',
    'end_hold_rejected',
    'approve_unblock_for_holder',
    'carriers_lifted_for_holder',
  ] as const
  const params = { number, call: '028 3829 7643', desk: 'Công an Phường Tân Sơn Nhì' }
  const page =
    locale === 'vi'
      ? /mở hồ sơ(?! đến)|trên trang hồ sơ và|ngay trên trang|bấm “|mã bí mật trên/iu
      : /open (it|your case) |on (your|the) case page, |press “|secret on your receipt/iu
  it.each(told.filter((one) => !WITH_SECRET.includes(one)))('%s asks for nothing that takes one', (one) => {
    const { body } = renderMail(one, locale, params, SITE)
    const sms = renderSms(one, locale, params, SITE)
    expect(`${body}\n${sms}`).not.toMatch(page)
    expect(body).toContain(params.desk)
    expect(body).toContain(params.call)
    const code = `${URL}${pathFor(locale, '/track/code')}?from=${number}`
    expect(body).toContain(`${code}\n`)
    expect(sms.endsWith(code)).toBe(true)
    expect(segments(sms)).toBeLessThanOrEqual(3)
  })
})

describe.each(locales)('what must be stopped at once, in %s', (locale) => {
  it.each(URGENT)('%s names the number to call', (template) => {
    const call = '028 3829 7643'
    const { body } = renderMail(template, locale, { number, call }, SITE)
    expect(body).toContain(call)
    const sms = renderSms(template, locale, { number, call }, SITE)
    expect(segments(sms)).toBeLessThanOrEqual(3)
    if (/^(phone_returned|verify_unblock|add_imei|ask_erasure|changed)$/.test(template))
      expect(sms).toContain(call)
  })
})

describe('words of police', () => {
  const message = 'Ảnh hóa đơn bị mờ.\nXin gửi lại.'

  it('stand in the mail with their reason, and not in an SMS', () => {
    const params = { number, message, reasonCode: 'proof' }
    const { body } = renderMail('request_info', 'vi', params, SITE)
    expect(body).toContain('Lý do: cần thêm giấy tờ chứng minh máy là của bạn')
    expect(body).toContain(`Công an viết cho bạn:\n${message}`)
    const sms = renderSms('request_info', 'vi', params, SITE)
    expect(sms).not.toContain('mờ')
    expect(sms).not.toContain('giấy tờ')
  })

  it('are not confused with what the citizen wrote', () => {
    expect(renderMail('withdraw', 'vi', { number, message }, SITE).body).not.toContain('hóa đơn')
  })

  it('are taken as they are, not as a pattern', () => {
    const odd = "it's {number} <b> {unknown, plural}"
    expect(renderMail('reject', 'en', { number, message: odd, reasonCode: 'other' }, SITE).body).toContain(
      odd,
    )
  })
})

it.each([
  ['carriers_applied', 'vi', 'SIM Vietnamobile, Gmobile', 'Ai cầm máy cũng'],
  ['carriers_applied', 'en', 'a SIM of Vietnamobile, Gmobile', 'In Vietnam nobody can use it'],
  ['carriers_lifted', 'vi', 'trừ ở Vietnamobile, Gmobile', 'Các nhà mạng đã mở chặn.'],
  ['carriers_lifted', 'en', 'but not by Vietnamobile, Gmobile', 'The carriers have unblocked'],
] as const)(
  'where carriers were exempted, nobody is told by %s in %s that all have done it',
  (template, locale, named, otherwise) => {
    const params = { number, exempt: 'Vietnamobile, Gmobile' }
    const { body } = renderMail(template, locale, params, SITE)
    expect(body).toContain(named)
    expect(body).not.toContain(otherwise)
    expect(renderMail(template, locale, { number }, SITE).body).toContain(otherwise)
    const sms = renderSms(template, locale, params, SITE)
    expect(sms).toContain(params.exempt)
    expect(segments(sms)).toBeLessThanOrEqual(3)
  },
)

describe.each(locales)('a reminder of a question, in %s', (locale) => {
  it('names the last day, and is one SMS as a gateway without marks sends it', () => {
    const params = { number, until: '2026-12-05T02:22:00Z', call: '028 3829 7643' }
    for (const desk of [undefined, 'Công an Phường Tân Sơn Nhì']) {
      const sms = renderSms('remind_reply', locale, { ...params, ...(desk && { desk }) }, SITE)
      expect(sms).toContain(locale === 'vi' ? '05/12/2026, 09:22' : '5 Dec 2026, 09:22')
      if (desk === undefined) expect(smsLength(withoutMarks(sms))).toEqual({ encoding: 'GSM-7', segments: 1 })
      expect(segments(sms)).toBeLessThanOrEqual(3)
    }
    expect(renderMail('remind_reply', locale, params, SITE).body).toContain('2026, 09:22')
  })

  it('and the end that follows name until when an answer reopens the case', () => {
    const params = { number, until: '2026-12-05T02:22:00Z' }
    for (const text of [
      renderMail('expire', locale, params, SITE).body,
      renderSms('expire', locale, params, SITE),
    ])
      expect(text).toMatch(/2026, 09:22/)
    const said = (filesDeleted?: string) =>
      renderMail('reply_reopened', locale, { number, ...(filesDeleted && { filesDeleted }) }, SITE).body
    expect(said('2026-12-05T02:22:00Z')).toMatch(/05\/12\/2026|5 Dec 2026/)
    expect(said()).not.toMatch(/đã xóa|were deleted/)
  })
})

it.each(['objected', 'contested', 'accept_counterclaim', 'ask_side'] as const)(
  '%s names the day until which a side is heard, and none where there is none',
  (template) => {
    const until = '2026-12-04T10:00:00Z'
    for (const [locale, day, atOnce] of [
      ['vi', '04/12/2026, 17:00', /càng sớm càng tốt/],
      ['en', '4 Dec 2026, 17:00', /as soon as you can/],
    ] as const) {
      const known = renderMail(template, locale, { number, until }, SITE).body
      expect(known).toContain(day)
      expect(known).not.toMatch(atOnce)
      expect(renderMail(template, locale, { number }, SITE).body).toMatch(atOnce)
      expect(segments(renderSms(template, locale, { number, until }, SITE))).toBeLessThanOrEqual(3)
    }
  },
)

it('an unknown language is Vietnamese, and a move nobody is told of is an error', () => {
  expect(renderMail('take', 'fr', { number }, SITE)).toEqual(renderMail('take', 'vi', { number }, SITE))
  expect(() => renderSms('release', 'vi', { number }, SITE)).toThrow(/no message for release/)
})

describe.each(locales)('the time of what a message says, in %s', (locale) => {
  it('stands in every letter of a case or an objection, and in no code', () => {
    const at = '2026-11-30T07:02:00Z'
    const said = /lúc \S+ \S+ 30\/11\/2026, 14:02|on Monday 30 Nov 2026, 14:02/
    for (const one of everything) {
      const { body } = renderMail(one, locale, { number, at, code: '482913' }, SITE)
      expect(said.test(body), one).toBe(!/^(code|draft|phones|helping)_/.test(one))
    }
  })

  it('of a temporary block that a rejection leaves in force is named', () => {
    const { body } = renderMail('reject', locale, { number, hold: '2026-12-02T07:02:00Z' }, SITE)
    expect(body).toMatch(/02\/12\/2026, 14:02|2 Dec 2026, 14:02/)
    expect(renderMail('reject', locale, { number }, SITE).body).not.toMatch(/chặn tạm|still blocked/)
  })
})
