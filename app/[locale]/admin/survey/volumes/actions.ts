'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { importVolumes } from '#features/ratings/volumes/acts.ts'
import { importBenchmarks } from '#features/results/benchmarks/acts.ts'
import type { ActionContext, ActionOutcome } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().catch('')
const SHOWN = 10

const SENT = {
  schema: z.object({ submitKey: requiredSubmitKey, table: text, source: text }),
  permission: 'survey:manage',
} as const

/** Reports the result of an uploaded table: the number of new rows if it was accepted, otherwise each faulty row. */
async function told(
  taken: Awaited<ReturnType<typeof importVolumes | typeof importBenchmarks>>,
  { locale }: ActionContext,
  words: 'volumes' | 'benchmarks',
): Promise<ActionOutcome> {
  if (taken.ok) {
    const query = { done: String(taken.value) }
    return { to: pathFor(locale, { pathname: '/admin/survey/volumes', query }) }
  }
  const { error } = taken
  if (error.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error.kind === 'source') return { faults: { source: 'survey.volumes.source' } }
  if (error.kind === 'columns') return { faults: { table: `survey.${words}.columns` } }
  if (error.kind !== 'rows') return { faults: { table: `survey.volumes.${error.kind}` } }
  const t = await getTranslations('survey-admin')
  const { faults } = error
  const lines = [
    ...faults
      .slice(0, SHOWN)
      .map(({ line, fault }) =>
        t('volumes.line', { line, fault: t(`${words}.fault.${fault}` as 'volumes.fault.agency') }),
      ),
    ...(faults.length > SHOWN ? [t('volumes.more', { count: faults.length - SHOWN })] : []),
  ]
  return { faults: { table: { fault: 'survey.volumes.rows', values: { lines: lines.join('; ') } } } }
}

export const importVolumesAction = staffAction(SENT, async (actor, input, context) =>
  told(await importVolumes(actor, input, context.now), context, 'volumes'),
)

export const importBenchmarksAction = staffAction(SENT, async (actor, input, context) =>
  told(await importBenchmarks(actor, input, context.now), context, 'benchmarks'),
)
