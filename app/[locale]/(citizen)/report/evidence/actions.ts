'use server'
import { z } from 'zod'
import { removeEvidence } from '#features/evidence/files/acts.ts'
import { draftForEvidence } from '#features/reporting/drafts/page-data.ts'
import { citizenAction } from '#http/action.ts'
import { draftCookie } from '#http/draft.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { pathFor } from '#messages/paths.ts'
import { NO_DRAFT } from '../step.ts'

/** Removes a file from this browser's draft. No error if it is already gone. */
export const removeEvidenceAction = citizenAction(
  { schema: z.object({ evidenceId: z.uuid('general.invalid') }) },
  async ({ evidenceId }, { locale, now }) => {
    const draft = await draftForEvidence(await draftCookie(), now)
    if (draft === null) return { to: pathFor(locale, NO_DRAFT) }
    await removeEvidence(citizenScope(draft.id, 'full'), { kind: 'citizen' }, evidenceId, now)
    return { to: pathFor(locale, '/report/evidence') }
  },
)
