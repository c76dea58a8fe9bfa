import { isValidElement, type ReactElement } from 'react'
import { createTranslator } from 'use-intl/core'
import { expect, test, vi } from 'vitest'
import { personalDataWords } from '#app/api/case/data/words.ts'
import { receiptWords } from '#app/api/receipt/[number]/words.ts'
import { posterPaper } from '#features/agencies/paper/poster.ts'
import type { ProofCode } from '#features/audit/proofs/code-rules.ts'
import type { DecisionKind } from '#features/cases/letters/rules.ts'
import { decisionLetterPaper } from '#features/cases/paper/decision-letter.ts'
import { type DecisionFacts, decisionLetterWords } from '#features/cases/paper/decision-letter-words.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { remediesOf } from '#features/cases/remedies/rules.ts'
import { reportDocument } from '#features/city-report/paper/document.ts'
import { letterDocument } from '#features/exchange/paper/letter.ts'
import type { LetterPaper } from '#features/exchange/paper/letter-words.ts'
import type { PersonalData } from '#features/privacy/export/rules.ts'
import { personalDataPaper } from '#features/privacy/paper/personal-data.ts'
import { codeSheetPaper } from '#features/questionnaires/paper/code-sheet.ts'
import { slipsPaper } from '#features/ratings/paper/slips.ts'
import type { Receipt } from '#features/reporting/drafts/page-data.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { receiptPaper } from '#features/reporting/paper/receipt.ts'
import { catalogue } from '#messages/catalogue.ts'
import { cityWords } from '#messages/city.ts'
import { formatInstant } from '#messages/dates.ts'
import { type Locale, locales } from '#messages/routing.ts'
import { madeUpReport } from '#tests/factories/city-report.ts'

vi.mock('next-intl/server', () => ({
  getTranslations: async ({ locale, namespace }: { locale: Locale; namespace: 'report' }) =>
    createTranslator({ locale, messages: catalogue[locale], namespace }),
}))

/** Returns every text of a paper, including its title and the parts that repeat on each page. */
function textsOf(drawn: unknown): string[] {
  if (typeof drawn === 'string' || typeof drawn === 'number') return [String(drawn)]
  if (Array.isArray(drawn)) return drawn.flatMap(textsOf)
  if (!isValidElement(drawn)) return []
  const { children, render, title } = drawn.props as Record<string, unknown>
  const onPage = typeof render === 'function' ? render({ pageNumber: 2, totalPages: 3 }) : null
  return [...textsOf(title), ...textsOf(children), ...textsOf(onPage)]
}

/** Markup, a message's key or argument, and JavaScript's text for a missing value. */
const NOT_WORDS =
  /<\/?\w+>|\{\w*[},]|\bundefined\b|\bNaN\b|\[object|Invalid Date|^[a-z][\w-]*(\.[a-z][\w-]*){1,}$/

function expectWords(paper: ReactElement): string {
  const texts = textsOf(paper)
  expect(texts.length).toBeGreaterThan(5)
  for (const text of texts) expect(text).not.toMatch(NOT_WORDS)
  return texts.join('\n')
}

const at = new Date('2026-11-26T10:32:00Z')
const link = 'https://antam.example.vn/k/x'

const receipt = {
  number: 'HCM-WMVW-WMVW-X',
  secret: 'WMVWW-MVWWM-VWWMV-WWMVW',
  submittedAt: at,
  unit: { id: 'quan-3', nameVi: 'Quận 3', nameEn: 'District 3' },
  brand: 'Samsung',
  model: 'Galaxy A54',
  imeis: [{ imei: '356786467669705' }],
  contact: { kind: 'email', value: 'tuyet@example.vn' },
} as const

const data = {
  format: 'an-tam/personal-data/1',
  at,
  case: {
    number: receipt.number,
    state: 'blocked',
    area: 'quan-3',
    incidentType: 'robbed',
    submittedAt: at,
    incidentAt: at,
    areaName: 'Quận 3',
    language: 'vi',
  },
  person: {
    ...NOTHING_WRITTEN,
    fullName: 'Nguyễn Thị Ánh',
    idKind: 'cccd',
    nationalId: '079190012345',
    contact: { kind: 'email', value: 'tuyet@example.vn' },
    address: '1 Lê Lợi',
    place: 'Ngã tư Bảy Hiền',
    story: 'Hai người đi xe máy.',
    serialNumber: 'R58',
    phoneNumbers: ['+84901234567'],
  },
  phone: { brand: 'Samsung', model: 'Galaxy A54', colour: '', imeis: ['356786467669705'], imeisWaiting: [] },
  consents: [{ purpose: 'processing', version: '2026-11-01', at, withdrawnAt: null }],
  decisions: [],
  events: [
    {
      seq: 1,
      at,
      move: 'take',
      from: 'submitted',
      to: 'under_review',
      by: 'staff',
      reasonCode: null,
      message: null,
    },
  ],
  evidence: [
    {
      kind: 'box',
      fileName: null,
      mediaType: 'image/jpeg',
      byteSize: 1234,
      sha256: 'ab'.repeat(32),
      receivedAt: at,
      href: '/x',
      read: null,
    },
  ],
  filesDeletedAt: null,
  carriers: [{ carrier: 'viettel', name: 'Viettel', state: 'applied', at }],
  questions: [
    {
      carrier: 'Viettel',
      phoneNumber: '+84901234567',
      imei: '356786467669705',
      askedAt: at,
      answeredAt: null,
    },
  ],
  sightings: [new Date('2026-11-25T03:12:00Z')],
  devices: [
    {
      service: 'fcm.googleapis.com',
      madeAt: new Date('2026-11-24T03:10:00Z'),
      lastSuccessAt: new Date('2026-11-25T03:12:00Z'),
    },
  ],
  recovery: {
    wishedAt: at,
    watchUntil: null,
    seenAt: at,
    shopChecks: [at],
    notices: [{ calledAt: at, handedInAt: at }],
  },
  shares: [
    {
      receiver: 'momo',
      name: 'MoMo',
      phoneNumber: '+84901234567',
      version: '2026-12-01',
      givenAt: new Date('2026-11-24T08:00:00Z'),
      withdrawnAt: null,
      alerts: [
        {
          event: 'reported',
          at: new Date('2026-11-24T08:01:00Z'),
          outcome: 'locked',
          outcomeAt: new Date('2026-11-24T08:02:00Z'),
        },
      ],
    },
  ],
  messages: [
    { template: 'take', to: 't***@example.vn', at },
    { template: 'code_view_status', to: 't***@example.vn', at },
  ],
  requests: [{ kind: 'correct', askedAt: at, asked: 'Sai tên.', answers: [{ at, message: 'Đã sửa.' }] }],
  openings: [{ at, area: 'quan-3', reason: 'ownership' }],
  list: null,
  accesses: [{ at, by: 'staff', act: 'case.take' }],
} as unknown as PersonalData

const LAWS = { complaint: 'Luật Khiếu nại 02/2011/QH13', suit: 'Luật Tố tụng hành chính 93/2015/QH13' }
const DECISIONS = [
  ...(['rejected', 'expired', 'withdrawn', 'unblock_refused', 'block', 'lift', 'data_refused'] as const),
] satisfies DecisionKind[]

function decision(kind: DecisionKind, known: boolean, watched = false): DecisionFacts {
  const c = {
    state: kind === 'rejected' ? 'rejected' : 'unblocked',
    rejectedAt: at,
    appealedAt: null,
    heardAt: null,
    unheardSeq: known ? null : 3,
    overturnedAt: null,
  } as unknown as CaseSnapshot
  const decided = { kind, heardAt: known ? at : null, level: 'unit' } as const
  const laws = { ...LAWS, complaintDays: 90, secondDays: 30, suitDays: 365 }
  return {
    kind,
    watched,
    number: receipt.number,
    fullName: 'Nguyễn Thị Ánh',
    phone: { brand: 'Samsung', model: 'Galaxy A54', imeis: ['356786467669705'] },
    decidedAt: at,
    reasonCode: kind === 'rejected' ? 'not_owner' : null,
    message: kind === 'rejected' ? 'Hóa đơn mang tên khác.\nXin mang bản gốc.' : null,
    unit: { nameVi: 'Quận 3', nameEn: 'District 3' },
    reach: { address: '14 Nguyễn Thị Diệu' },
    by: 'unit',
    hotline: '1022',
    basis: 'Luật Viễn thông 24/2023/QH15',
    remedies: remediesOf(c, decided, laws, at),
    blockedUntil: kind === 'rejected' ? at : null,
    printedAt: at,
  }
}

const letter: LetterPaper = {
  year: 2026,
  ordinal: 7,
  annexSha256: 'ab'.repeat(32),
  madeAt: at,
  facts: {
    authority: 'Sở Khoa học và Công nghệ',
    addressee: 'Viettel',
    legalBases: ['Nghị định 163/2024/NĐ-CP'],
  },
  lines: (['block', 'unblock'] as const).map((action, index) => ({
    seq: index + 1,
    order: '0192f0c1-0000-7000-8000-000000000001',
    imei: receipt.imeis[0].imei,
    action,
    reason: action === 'block' ? 'robbed' : 'recovered',
    issuedAt: at.toISOString(),
  })),
}

for (const locale of locales) {
  for (const incidentType of ['robbed', 'snatched', 'stolen', 'lost'])
    test(`a receipt holds words alone (${locale}, ${incidentType})`, () => {
      const of = { ...receipt, incidentType } as unknown as Receipt
      const words = receiptWords(of, '0000-0DGP' as ProofCode, locale, new Set(), {
        unit: {},
        hotline: '1022',
        subscriberBasis: 'Thông tư 08/2026/TT-BKHCN',
      })
      const said = expectWords(receiptPaper({ words, link, proofLink: link, language: locale }))
      expect(said).toMatch(/tố giác (về )?tội phạm/)
    })

  test(`what is held of a person does (${locale})`, async () => {
    const words = await personalDataWords(data, locale)
    expectWords(personalDataPaper({ words, language: locale }))
  })

  test(`what is held says why police refused, what a kept draft was told, and which files are gone (${locale})`, async () => {
    const refused = { ...data.events[0], move: 'reject', reasonCode: 'not_owner', message: 'Tên khác.' }
    const lost = {
      ...refused,
      move: 'overruled',
      reasonCode: 'other_claim_blocked',
      message: 'Đã so giấy tờ.',
    }
    const told = { ...data.messages[0], template: 'draft_kept' }
    const also = {
      evidence: [],
      events: [refused, lost],
      messages: [told],
      filesDeletedAt: at,
    } as unknown as Partial<PersonalData>
    const { sections } = await personalDataWords({ ...data, ...also }, locale)
    const rows = sections.flatMap((section) => section.rows.map(([, value]) => value))
    const words = catalogue[locale]
    expect(rows.some((row) => row.includes(words.case.reason.not_owner) && row.includes('Tên khác.'))).toBe(
      true,
    )
    const passed = words.case.reason.other_claim_blocked.replace('{at}', formatInstant(locale, at, 'moment'))
    expect(rows.some((row) => row.includes(passed))).toBe(true)
    expect(rows.some((row) => row.startsWith(words.notices.draft.kept.subject))).toBe(true)
    expect(rows).toContain(words['personal-data'].filesDeleted)
    expect(rows.some((row) => row.startsWith(words['personal-data'].code))).toBe(false)
  })

  for (const kind of DECISIONS)
    for (const known of [true, false])
      test(`a decision does (${locale}, ${kind}, ${known ? 'told' : 'not told yet'})`, () => {
        const words = decisionLetterWords(decision(kind, known), locale)
        const said = expectWords(decisionLetterPaper({ words, language: locale }))
        // A person who was not notified gets no date, and every person against whom a decision goes learns where to appeal.
        const dated = /2027|2026-|24\/11\/2026/
        const rights = words.sections.flatMap(({ lines }) => lines).filter((line) => /^\d\. /.test(line))
        expect(rights.length).toBeGreaterThan(0)
        expect(rights.some((line) => dated.test(line))).toBe(known)
        for (const law of Object.values(LAWS)) expect(said).toContain(law)
      })

  test.each(['unblock_refused', 'lift'] as const)(
    `a decision on a watched phone speaks of no unblock (${locale}, %s)`,
    (kind) => {
      const { title, sections } = decisionLetterWords(decision(kind, true, true), locale)
      expect(JSON.stringify([title, sections])).not.toMatch(/mở chặn|unblock/)
    },
  )

  test(`the report to the city does (${locale})`, () => {
    const report = madeUpReport({ agencies: 'districts', months: 3 })
    expectWords(reportDocument({ report, sha256: 'ab'.repeat(32), madeAt: at, locale }))
  })
}

test('a letter to a carrier does', () => {
  expectWords(letterDocument(letter))
})

test('a poster and the sheet of codes do', () => {
  const [vi, en] = locales.map((locale) => {
    const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'survey-posters' })
    return {
      city: cityWords(locale).committee,
      agency: 'Quận 3',
      title: t('title'),
      subtitle: t('subtitle'),
      steps: [t('steps.scan'), t('steps.answer'), t('steps.done', { url: 'antam.example.vn' })],
      anonymous: t('anonymous'),
    }
  })
  if (!vi || !en) throw new Error('two languages')
  expectWords(posterPaper({ vi, en, link }))
  const agencies = [{ id: 'quan-3', vi: 'Quận 3', en: 'District 3', link }]
  expectWords(
    codeSheetPaper({
      title: vi.title,
      line: vi.subtitle,
      lineEn: en.subtitle,
      agencies: [...agencies, ...agencies, ...agencies],
    }),
  )
  const slip = { link: `${link}?moi=0123456789ABCDEF`, reference: 'HS-12', procedure: '1.000656' }
  const words = { line: vi.subtitle, lineEn: en.subtitle, edge: vi.anonymous }
  expectWords(
    slipsPaper({ title: vi.title, agency: 'Quận 3', words, slips: [slip, { ...slip, reference: '' }] }),
  )
})
