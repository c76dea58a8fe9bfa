import '#server-only'
import { tellRefusedFile } from '#features/cases/commands/tell-refused-file.ts'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { find, openFile } from '../data.ts'

/**
 * Asks the person of the case, or of the objection with that id, for another copy of a file with a virus. The writer of a
 * draft sees it beside the file.
 */
export const askForAnotherFile = (caseId: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      if (await tellRefusedFile(tx, caseId, now)) return
      const objection = await find(systemScope(), { id: caseId }, tx)
      if (objection === null) return
      const { key, holder, locale } = await openFile(objection.id, tx)
      const params = { number: objection.number }
      const template = 'objection_file_refused'
      await notify(tx, { key, to: holder.contact, template, locale, params, at: now })
    }),
  )
