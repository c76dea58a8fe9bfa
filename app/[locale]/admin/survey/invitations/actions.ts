'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { askDraw, dropList, importCases } from '#features/ratings/invitations/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().catch('')
const SHOWN = 10
const FIELD_OF = {
  ...{
    source: 'source',
    agency: 'agency',
    month: 'month',
    future: 'month',
    closed: 'month',
    listed: 'month',
  },
} as const satisfies Readonly<Record<string, string>>

export const importCasesAction = staffAction(
  {
    schema: z.object({ submitKey: requiredSubmitKey, agency: text, month: text, source: text, table: text }),
    permission: 'survey:manage',
  },
  async (actor, input, { locale, now }) => {
    const taken = await importCases(actor, input, now)
    if (taken.ok) {
      const query = { done: 'listed' }
      return { to: pathFor(locale, { pathname: '/admin/survey/invitations', query }) }
    }
    const { error } = taken
    if (error.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    if (error.kind !== 'rows') {
      const { kind } = error
      const field = kind in FIELD_OF ? FIELD_OF[kind as keyof typeof FIELD_OF] : 'table'
      return { faults: { [field]: `survey.draw.${kind}` } }
    }
    const t = await getTranslations('survey-invitations')
    const { faults } = error
    const lines = [
      ...faults.slice(0, SHOWN).map(({ line, fault }) => t('line', { line, fault: t(`fault.${fault}`) })),
      ...(faults.length > SHOWN ? [t('more', { count: faults.length - SHOWN })] : []),
    ]
    return { faults: { table: { fault: 'survey.draw.rows', values: { lines: lines.join('; ') } } } }
  },
)

export const askDrawAction = staffForm(askDraw)
export const dropListAction = staffForm(dropList)
