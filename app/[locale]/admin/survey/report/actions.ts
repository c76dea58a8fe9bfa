'use server'
import { z } from 'zod'
import {
  askForReport,
  askForSecondPerson,
  publishReport,
  type ReportRefusal,
  redrawReport,
  retryReport,
} from '#features/city-report/acts.ts'
import { readPeriod } from '#features/city-report/period-rules.ts'
import { REPORT_SCOPES } from '#features/city-report/report-rules.ts'
import { faultsUnder } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const text = z.string().catch('')
const short = z.string().max(20).catch('')
const schema = z.object({
  submitKey: requiredSubmitKey,
  period: short,
  from: short,
  to: short,
  scope: z.enum(REPORT_SCOPES, 'survey.report.scope'),
  // A single ticked box is sent as a text, several as a list.
  agency: z
    .union([z.string(), z.array(z.string())])
    .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
    .pipe(z.array(z.string().max(80)).max(500, 'survey.report.agencies'))
    .catch([]),
  recommendationsVi: text,
  recommendationsEn: text,
})

const report = (locale: Locale, id: string) => ({
  to: pathFor(locale, { pathname: '/admin/survey/report/[report]', params: { report: id } }),
})

const refused = (why: ReportRefusal) =>
  why === 'agencies'
    ? { faults: { agency: 'survey.report.agencies' } }
    : { faults: { form: why === 'forbidden' ? 'sign_in.not_allowed' : `survey.report.${why}` } }

export const askAction = staffAction(
  { schema, permission: 'survey:manage' },
  async (
    actor,
    { period, from, to, scope, agency, recommendationsVi, recommendationsEn, submitKey },
    { locale, now },
  ) => {
    const read = readPeriod({ period, from, to }, now)
    if (!read.ok) return { faults: { [read.error.field]: `survey.report.${read.error.fault}` } }
    const typed = { recommendationsVi, recommendationsEn }
    const wanted = { period: read.value, scope, agencyIds: agency, typed, submitKey }
    const asked = await askForReport(actor, wanted, now)
    if (asked.ok) return report(locale, asked.value)
    return typeof asked.error === 'string'
      ? refused(asked.error)
      : { faults: faultsUnder('survey.report', asked.error) }
  },
)

const one = z.object({ reportId: z.uuid('general.invalid') })

export const retryAction = staffAction(
  { schema: one, permission: 'survey:manage' },
  async (actor, { reportId }, { locale, now }) => {
    const done = await retryReport(actor, reportId, now)
    // It was tried again before, perhaps by the same button: the result is the wanted one.
    return done.ok || done.error === 'state' ? report(locale, reportId) : refused(done.error)
  },
)

export const redrawAction = staffAction(
  { schema: one, permission: 'survey:manage' },
  async (actor, { reportId }, { locale, now }) => {
    const done = await redrawReport(actor, reportId, now)
    // Asked for before, perhaps by the same button: it is on its way.
    return done.ok || done.error === 'state' ? report(locale, reportId) : refused(done.error)
  },
)

const publication = one.extend({
  submitKey: requiredSubmitKey,
  // Absent or the first choice: it replaces no other report.
  replaces: z.preprocess((sent) => sent || null, z.uuid('general.invalid').nullable()),
})

export const publishAction = staffAction(
  { schema: publication, permission: 'survey:manage' },
  async (actor, { reportId, replaces, submitKey }, { locale, now }) => {
    const done = await publishReport(actor, { id: reportId, replacesId: replaces }, now, submitKey)
    if (done.ok || done.error === 'state') return report(locale, reportId)
    return done.error === 'replaced'
      ? { faults: { replaces: 'survey.report.replaced' } }
      : refused(done.error)
  },
)

export const withdrawAction = staffAction(
  {
    schema: one.extend({ submitKey: requiredSubmitKey, reason: text, reasonEn: text }),
    permission: 'survey:manage',
    stepUp: true,
  },
  async (actor, { reportId, submitKey, reason, reasonEn }, { locale, now }) => {
    const asked = { subject: { reportId }, typed: { reason, reasonEn }, submitKey }
    const done = await askForSecondPerson(actor, asked, now)
    if (done.ok) return report(locale, reportId)
    if (typeof done.error !== 'string') return { faults: faultsUnder('survey', done.error) }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)
