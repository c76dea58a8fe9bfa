import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { beforeEach, expect, test, vi } from 'vitest'
import type { DraftFields } from '#features/reporting/fields/reader-rules.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import { readReport, readStep } from '#features/reporting/steps/report-rules.ts'
import { ANSWER_STEPS } from '#features/reporting/steps/rules.ts'
import { page } from '#tests/next-intl.ts'

const shown = vi.hoisted(() => ({ draft: null as unknown, phones: true }))

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))
const action = vi.hoisted(() => async () => ({}))
vi.mock('./actions.ts', () => ({
  ...{ incidentAction: action, contactAction: action, phoneAction: action },
  ...{ codeAction: action, personAction: action, reviewAction: action },
}))
vi.mock('./evidence/actions.ts', () => ({ removeEvidenceAction: action }))
vi.mock('./step.ts', () => ({
  draftAt: async () => shown.draft,
  cameFrom: async () => undefined,
  changeRoute: () => '/report/phone',
  stepPath: () => '/',
}))
vi.mock('#http/action.ts', () => ({ wordsFor: async (faults: object) => faults }))
vi.mock('#http/draft.ts', () => ({ draftCookie: async () => null }))
vi.mock('#http/identity.ts', () => ({ currentReader: async () => null }))
vi.mock('#features/reporting/drafts/page-data.ts', () => ({
  draftView: async () => null,
  draftEvidence: async () => [],
}))
vi.mock('#http/settings.ts', () => ({ reachesPhones: () => shown.phones }))
vi.mock('#features/lookup-tables/data.ts', () => ({
  citySettings: () => ({ hotline: '1022', subscriberBasis: '' }),
}))
vi.mock('#features/alerts/receivers/data.ts', () => ({
  openReceivers: async () => [
    { id: 'momo', name: 'MoMo' },
    { id: 'vietcombank', name: 'Vietcombank' },
  ],
}))
vi.mock('#features/recovery/data.ts', () => ({ isRecoveryOn: () => true }))
vi.mock('#features/phones/registrants/data.ts', () => ({ arePhonesRegistered: () => true }))
vi.mock('#features/privacy/data.ts', () => ({ retention: () => ({ draftDays: 7 }) }))
vi.mock('#features/areas/data.ts', () => ({
  policeAreas: async () => [
    { id: 'quan-3', nameVi: 'Quận 3', nameEn: 'District 3', drawnFrom: [], formerly: [], became: [] },
  ],
}))

const now = new Date('2026-11-24T09:00:00+07:00')
const ANSWERS: DraftFields = {
  incidentType: 'robbed',
  incidentWhen: 'other',
  incidentAt: '2026-11-24T08:30',
  district: 'quan-3',
  contactEmail: 'lan@example.vn',
  imei1: '352987065816623',
  fullName: 'Nguyễn Thị Lan',
  idKind: 'cccd',
  nationalId: '079199012345',
}

function draftWith(evidence: number, change: DraftFields = {}, filedAtDesk = false) {
  const answers = { ...ANSWERS, ...change }
  const report = readReport(answers, { areas: ['quan-3'], now, phones: true })
  const none = { incident: {}, contact: {}, phone: {}, person: {} }
  return {
    ...{
      number: 'HCM-0000-0000-0',
      answers,
      faults: none,
      report,
      incomplete: 'review',
      evidence,
      filedAtDesk,
    },
    ...{
      contactConfirmed: true,
      unconfirmed: [],
      resumeWith: report.contact?.contact ?? null,
      device: null,
      expiresAt: now,
    },
  }
}

async function drawn(page: ReactNode): Promise<string> {
  const { prelude } = await prerender(page)
  return new Response(prelude as ReadableStream).text()
}

async function pageOf(step: (typeof PAGES)[number] | 'code') {
  const { default: Page } =
    step === 'incident' ? await import('./page.tsx') : await import(`./${step}/page.tsx`)
  return drawn(<Page searchParams={Promise.resolve({})} />)
}

/** Returns the value of the button that Enter presses, the form's first. */
const primary = (html: string) => {
  const first = html.match(/<button[^>]*>/g)?.find((tag) => tag.includes('name="step"'))
  return /value="(\w+)"/.exec(first ?? '')?.[1]
}

beforeEach(() => {
  page.locale = 'vi'
  shown.phones = true
})

test('without a proof the button saves; with one, and without an IMEI to prove, it sends', async () => {
  shown.draft = draftWith(0)
  const unsent = await pageOf('review')
  expect(primary(unsent)).toBe('save')
  expect(unsent, 'no deadline of police for what is not sent').not.toContain('3 ngày làm việc')
  shown.draft = draftWith(1)
  const ready = await pageOf('review')
  expect(primary(ready)).toBe('send')
  expect(ready).toContain('3 ngày làm việc')
  shown.draft = draftWith(0, { imei1: '', imeiUnknown: 'on', phoneNumber1: '0912345678' })
  const html = await pageOf('review')
  expect(primary(html)).toBe('send')
  expect(html).toContain('Hồ sơ chờ đến khi bạn có số IMEI')
  expect(html).not.toContain('3 ngày làm việc')
})

test('the first page says that there is no draft where a step found none, and not while there is one', async () => {
  const { default: Page } = await import('./page.tsx')
  const params = Promise.resolve({ locale: 'vi' })
  const first = (fault?: string) =>
    drawn(<Page params={params} searchParams={Promise.resolve({ ...(fault && { fault }) })} />)
  expect(await first()).not.toContain('data-no-draft')
  const told = await first('no_draft')
  expect(told).toContain('Lần này chưa có gì được lưu hay gửi đi.')
  expect(told).toContain('mất khỏi máy khi bạn bấm “Thoát, xóa khỏi máy này”')
  page.locale = 'en'
  expect(await first('no_draft')).toContain('Nothing was saved or sent this time.')
})

test.each([
  ['contact', 'contactPhone', 'report.contactPhone.lost_phone'],
  ['phone', 'phoneNumber1', 'report.mobile.is_contact'],
] as const)(
  'on the page %s a reissued SIM is offered for the lost number alone',
  async (step, field, lost) => {
    const asksAfter = async (fault: string) => {
      const draft = draftWith(0)
      shown.draft = { ...draft, faults: { ...draft.faults, [step]: { [field]: fault } } }
      return (await pageOf(step)).includes('name="simReissued"')
    }
    expect(await asksAfter(lost)).toBe(true)
    expect(await asksAfter('report.mobile.length')).toBe(false)
  },
)

test('the last reminder is promised to those alone who are reminded', async () => {
  const { default: Saved } = await import('./saved/page.tsx')
  for (const atDesk of [false, true]) {
    shown.draft = draftWith(0, {}, atDesk)
    expect((await drawn(<Saved />)).includes('chúng tôi nhắc bạn một lần')).toBe(!atDesk)
  }
})

/** Removes the parts that show only after the person says that the IMEI is unknown. */
function withoutUnknown(html: string): string {
  const from = html.indexOf('<div class="when-unknown')
  if (from < 0) return html
  let depth = 0
  for (const tag of html.slice(from).matchAll(/<(\/?)div\b/g)) {
    depth += tag[1] === '' ? 1 : -1
    if (depth === 0) return html.slice(0, from) + html.slice(from + tag.index)
  }
  throw new Error('a part of the page does not end')
}

/** Returns the part of a page that is visible without opening a fold or a list of choices. */
const unfolded = (html: string) =>
  withoutUnknown(html)
    .replaceAll(/<(script|template|style|svg|option)\b.*?<\/\1>/gs, ' ')
    .replaceAll(/(<summary\b.*?<\/summary>).*?<\/details>/gs, '$1')

const countWords = (html: string) =>
  unfolded(html)
    .replaceAll(/<[^>]+>/g, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length

const controlsIn = (html: string) =>
  [...html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)]
    .filter(([tag]) => !tag.includes('type="hidden"'))
    .map(([tag]) => /name="([^"]+)"/.exec(tag)?.[1])

/** Without the step `code`, which is a single control. */
const PAGES = ['incident', 'contact', 'phone', 'person', 'evidence', 'review'] as const

test.each(['vi', 'en'] as const)(
  'at most 650 words on the five pages before sending, in %s',
  async (locale) => {
    page.locale = locale
    shown.draft = draftWith(1)
    const words = Object.fromEntries(
      await Promise.all(PAGES.map(async (step) => [step, countWords(await pageOf(step))] as const)),
    ) as Record<(typeof PAGES)[number], number>
    // As people meet them: the code's page belongs to the second of the five.
    const unconfirmed = [{ kind: 'email', value: 'lan@example.vn' }]
    shown.draft = { ...draftWith(0), contactConfirmed: false, unconfirmed, resumeWith: null }
    const before = { contact: countWords(await pageOf('contact')), code: countWords(await pageOf('code')) }
    const { evidence, ...five } = { ...words, ...before }
    expect(Object.values(five).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(650)
    // People with the box at hand see one page more.
    expect(evidence).toBeLessThanOrEqual(100)
  },
)

test('at most 14 controls are needed before sending, each on its page', async () => {
  shown.draft = draftWith(1)
  const needed = {
    ...Object.fromEntries(
      ANSWER_STEPS.map((step) => [
        step,
        Object.keys(readStep(step, {}, { areas: [], now, phones: true }).faults),
      ]),
    ),
    evidence: ['evidenceKind', 'evidence'],
    review: CONSENTS.filter(({ required }) => required).map(({ field }) => field),
  } as Record<(typeof PAGES)[number], string[]>
  for (const step of PAGES)
    expect(controlsIn(await pageOf(step))).toEqual(expect.arrayContaining(needed[step]))
  const code = 1
  expect(Object.values(needed).flat().length + code).toBeLessThanOrEqual(14)
})

test('help advises a number of somebody else where a code can be sent to one', async () => {
  const { default: Help } = await import('../help/page.tsx')
  const html = () => drawn(<Help searchParams={Promise.resolve({})} />)
  expect(await html()).toContain('số của người thân')
  shown.phones = false
  expect(await html()).not.toContain('số của người thân')
  expect(await html()).toContain('Qua e-mail, của bạn hoặc của người thân')
})
