'use server'
import { z } from 'zod'
import { confirmImport } from '#features/cases/imports/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const confirmImportAction = staffAction(
  {
    schema: z.object({ submitKey: requiredSubmitKey, importId: z.uuid('general.invalid') }),
    permission: 'case:import_records',
  },
  async (actor, input, { locale, now }) => {
    const confirmed = await confirmImport(actor, input, now)
    if (!confirmed.ok)
      return { faults: { form: confirmed.error === 'gone' ? 'import.gone' : 'sign_in.not_allowed' } }
    const params = { import: confirmed.value }
    return { to: pathFor(locale, { pathname: '/admin/cases/import/[import]', params }) }
  },
)

/** Checks the code before a download, because a link carries none. */
export const importStepUpAction = staffAction(
  {
    schema: z.object({ importId: z.uuid('general.invalid') }),
    permission: 'case:import_records',
    stepUp: 'file',
  },
  async (_actor, { importId }, { locale }) => ({
    to: pathFor(locale, { pathname: '/admin/cases/import/[import]', params: { import: importId } }),
  }),
)
