'use server'
import { z } from 'zod'
import { reorganise } from '#features/agencies/changes/acts.ts'
import { previewChange } from '#features/agencies/changes/page-data.ts'
import { nameIn } from '#features/agencies/rules.ts'
import { withdrawChange } from '#features/ratings/replies/acts.ts'
import { faultsUnder } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { changeFaults } from './refused.ts'
import { changeFields, wantedBy } from './wanted.ts'

const sent = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

export const previewAction = staffAction(
  { schema: sent.transform(changeFields), permission: 'survey:manage' },
  async (actor, fields, { locale, now }) => {
    const wanted = wantedBy(fields)
    if (wanted === null) return { faults: { form: 'general.invalid' } }
    const seen = await previewChange(actor, wanted, now)
    if ('refused' in seen) return { faults: changeFaults(seen.refused, locale) }
    return { to: pathFor(locale, { pathname: '/admin/survey/agencies/preview', query: fields }) }
  },
)

export const decideAction = staffAction(
  {
    schema: sent.transform((fields) => ({
      fields: changeFields(fields),
      basedOn: z.string().max(20_000).catch('').parse(fields.basedOn),
      submitKey: requiredSubmitKey.safeParse(fields.submitKey).data,
    })),
    permission: 'survey:manage',
  },
  async (actor, { fields, basedOn, submitKey }, { locale, now }) => {
    const wanted = wantedBy(fields)
    if (wanted === null || submitKey === undefined) return { faults: { form: 'general.invalid' } }
    const done = await reorganise(actor, wanted, { basedOn, submitKey }, now)
    if (done.ok) return toList(locale, 'change')
    // The preview page has no fields to show faults beside.
    return { faults: { form: Object.values(changeFaults(done.error, locale))[0] ?? 'general.invalid' } }
  },
)

export const withdrawAction = staffAction(
  {
    schema: z.object({
      changeId: z.uuid('general.invalid'),
      submitKey: requiredSubmitKey,
      reason: z.string().catch(''),
    }),
    permission: 'survey:manage',
    stepUp: true,
  },
  async (actor, { changeId, submitKey, ...typed }, { locale, now }) => {
    const done = await withdrawChange(actor, changeId, now, { typed, submitKey })
    if (done.ok) return toList(locale, 'withdraw')
    const { error } = done
    if (error.kind === 'faults') return { faults: faultsUnder('reply', error.faults) }
    if (!('names' in error)) return { faults: { form: `catalogue.${error.kind}` } }
    const [first = '', ...others] = error.names.map((name) => nameIn(locale, name))
    const names = others.length === 0 ? first : `${first} (+${others.length})`
    return { faults: { form: { fault: `catalogue.${error.kind}_since`, values: { names } } } }
  },
)

const toList = (locale: 'vi' | 'en', done: 'change' | 'withdraw') => ({
  to: pathFor(locale, { pathname: '/admin/survey/agencies', query: { done } }),
})
