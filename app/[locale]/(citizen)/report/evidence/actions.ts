'use server'
import { z } from 'zod'
import { citizenScope } from '#domain/access/scope.ts'
import { pathFor } from '#messages/paths.ts'
import { citizenAction } from '#server/entry/action.ts'
import { draftCookie } from '#server/entry/draft.ts'
import { removeEvidence } from '#server/evidence/commands.ts'
import { draftForEvidence } from '#server/reports/loaders.ts'

/** Takes a file out of this browser's draft. One that is not there (any more) is no fault: it is gone. */
export const removeEvidenceAction = citizenAction(
  { schema: z.object({ evidenceId: z.uuid('general.invalid') }) },
  async ({ evidenceId }, { locale, now }) => {
    const draft = await draftForEvidence(await draftCookie(), now)
    if (draft === null) return { to: pathFor(locale, '/report') }
    await removeEvidence(citizenScope(draft.id, 'full'), { kind: 'citizen' }, evidenceId, now)
    return { to: pathFor(locale, '/report/evidence') }
  },
)
