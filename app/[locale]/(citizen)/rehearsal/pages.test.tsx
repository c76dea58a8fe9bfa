import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { expect, test, vi } from 'vitest'
import {
  answerStage,
  beginRehearsal,
  CASE_STEPS,
  passStage,
  type Rehearsal,
  STAGES,
  sendRehearsal,
  takeCaseStep,
} from '#features/rehearsal/rules.ts'
import { catalogue } from '#messages/catalogue.ts'
import { page } from '#tests/next-intl.ts'
import { StagePage } from './stages.tsx'

const QUAN_3 = { id: 'quan-3', nameVi: 'Quận 3', nameEn: 'District 3' }
const place = vi.hoisted(() => ({ areas: ['quan-3'] }))

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))
const action = vi.hoisted(() => async () => ({}))
vi.mock('./actions.ts', () => ({
  ...{ beginRehearsalAction: action, endRehearsalAction: action, rehearseCodeAction: action },
  ...{ rehearseContactAction: action, rehearseIncidentAction: action, rehearsePersonAction: action },
  ...{ rehearsePhoneAction: action, rehearseReviewAction: action, rehearseStepAction: action },
}))
vi.mock('#http/phones.ts', () => ({ arePhonesRegistered: () => true }))
vi.mock('#http/settings.ts', () => ({ reachesPhones: () => true }))
vi.mock('#features/lookup-tables/data.ts', () => ({
  citySettings: () => ({ hotline: '1022', subscriberBasis: '' }),
  holidays: async () => new Set(),
}))
vi.mock('#features/exchange/carriers/data.ts', () => ({
  carrierNames: async () =>
    ['Viettel', 'VinaPhone', 'MobiFone', 'Vietnamobile', 'Gmobile'].map((name) => ({ id: name, name })),
}))
vi.mock('#features/areas/data.ts', () => ({
  policeAreas: async () => [{ ...QUAN_3, drawnFrom: [], formerly: [], became: [] }],
  policeUnits: async () => new Map([['quan-3', { ...QUAN_3, kind: 'district' }]]),
  places: async () => ({
    map: {
      ...{ inForce: new Map([['quan-3', 'quan-3']]), leadsTo: new Map(), areasOf: new Map() },
      ...{ desks: new Map(), names: new Map(), cityUnit: 'city' },
    },
  }),
}))
vi.mock('#features/reporting/drafts/page-data.ts', () => ({
  reportContext: async () => ({ ...place, now: new Date(), phones: true }),
}))

async function drawn(page: ReactNode): Promise<string> {
  const { prelude } = await prerender(page)
  return new Response(prelude as ReadableStream).text()
}

function filled(): Rehearsal {
  const context = { areas: ['quan-3'], now: new Date(), phones: true }
  const incident = { incidentType: 'snatched', incidentWhen: 'now', district: 'quan-3' }
  let one = answerStage(
    beginRehearsal(() => 41),
    'incident',
    incident,
    context,
  ).rehearsal
  one = passStage(answerStage(one, 'contact', one.answers, context).rehearsal, 'code')
  one = answerStage(one, 'phone', one.answers, context).rehearsal
  return answerStage(one, 'person', one.answers, context).rehearsal
}

/** Checks the rules for every page: it says that it is a rehearsal, has one heading, and its forms stay within the rehearsal. */
function expectRehearsal(html: string): void {
  expect(html).toContain('data-rehearsal')
  expect(html).toContain(catalogue[page.locale].rehearsal.markText)
  expect(html.match(/<h1\b/g)).toHaveLength(1)
  expect(html).not.toMatch(/action="\/api|name="act"/)
}

test.each(['vi', 'en'] as const)(
  'every page of the report says that it is a rehearsal, in %s',
  async (locale) => {
    page.locale = locale
    for (const stage of STAGES.slice(0, -1)) {
      const html = await drawn(<StagePage rehearsal={filled()} stage={stage} />)
      expectRehearsal(html)
    }
  },
)

test.each(['vi', 'en'] as const)(
  'the case is shown on its whole way, and nothing can be done to it, in %s',
  async (locale) => {
    page.locale = locale
    let one = sendRehearsal(filled(), new Date())
    for (const [at, state] of ['submitted', ...CASE_STEPS.map(({ to }) => to)].entries()) {
      const html = await drawn(<StagePage rehearsal={one} stage="case" />)
      expectRehearsal(html)
      expect(html).toContain(`data-case-status="${state}"`)
      expect(html.includes('data-case-secret')).toBe(at === 0)
      expect(html).toContain(`data-rehearsal-next="${CASE_STEPS[at]?.name ?? 'none'}"`)
      const applied = html.match(/data-carrier-state="applied"/g)?.length ?? 0
      expect(applied).toBe(at < 4 ? 0 : at === 4 ? 3 : 5)
      one = takeCaseStep(one, new Date())
    }
  },
)
