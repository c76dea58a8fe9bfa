'use server'
import { z } from 'zod'
import {
  askForReport,
  askWithdrawal,
  publishReport,
  redrawReport,
  retryReport,
} from '#features/city-report/acts.ts'
import type { ActionContext } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const report = (locale: Locale, id: string) => ({
  to: pathFor(locale, { pathname: '/admin/survey/report/[report]', params: { report: id } }),
})

const refused = (why: 'forbidden' | 'changed' | 'files') => ({
  faults: { form: why === 'forbidden' ? 'sign_in.not_allowed' : `survey.report.${why}` },
})

export const askAction = staffForm(askForReport)

const ONE = {
  schema: z.object({ reportId: z.uuid('general.invalid') }),
  permission: 'survey:manage',
} as const
const again =
  (act: typeof retryReport | typeof redrawReport) =>
  async (actor: StaffActor, { reportId }: z.output<typeof ONE.schema>, { locale, now }: ActionContext) => {
    const done = await act(actor, reportId, now)
    // Already asked for, perhaps by the same button: the wanted result.
    return done.ok || done.error === 'changed' ? report(locale, reportId) : refused(done.error)
  }
export const retryAction = staffAction(ONE, again(retryReport))
export const redrawAction = staffAction(ONE, again(redrawReport))

const publication = ONE.schema.extend({
  submitKey: requiredSubmitKey,
  // Absent or the first choice: it replaces no other report.
  replaces: z.preprocess((sent) => sent || null, z.uuid('general.invalid').nullable()),
})

export const publishAction = staffAction(
  { schema: publication, permission: 'survey:manage' },
  async (actor, { reportId, replaces, submitKey }, { locale, now }) => {
    const done = await publishReport(actor, { id: reportId, replacesId: replaces }, now, submitKey)
    if (done.ok || done.error === 'changed') return report(locale, reportId)
    return done.error === 'replaced'
      ? { faults: { replaces: 'survey.report.replaced' } }
      : refused(done.error)
  },
)

export const withdrawAction = staffForm(askWithdrawal)
