'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { importVolumes } from '#features/ratings/volumes/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().catch('')
const SHOWN = 10

export const importVolumesAction = staffAction(
  {
    schema: z.object({ submitKey: requiredSubmitKey, table: text, source: text }),
    permission: 'survey:manage',
  },
  async (actor, input, { locale, now }) => {
    const taken = await importVolumes(actor, input, now)
    if (taken.ok) {
      const query = { done: String(taken.value) }
      return { to: pathFor(locale, { pathname: '/admin/survey/volumes', query }) }
    }
    const { error } = taken
    if (error.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    if (error.kind === 'source') return { faults: { source: 'survey.volumes.source' } }
    if (error.kind !== 'rows') return { faults: { table: `survey.volumes.${error.kind}` } }
    const t = await getTranslations('survey-admin.volumes')
    const { faults } = error
    const lines = [
      ...faults.slice(0, SHOWN).map(({ line, fault }) => t('line', { line, fault: t(`fault.${fault}`) })),
      ...(faults.length > SHOWN ? [t('more', { count: faults.length - SHOWN })] : []),
    ]
    return { faults: { table: { fault: 'survey.volumes.rows', values: { lines: lines.join('; ') } } } }
  },
)
