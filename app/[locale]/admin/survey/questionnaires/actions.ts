'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import {
  arrangeQuestion,
  decideTrial,
  discardDraft,
  publishDraft,
  retireVersion,
  saveBasis,
  saveQuestion,
  startVersionDraft,
} from '#features/questionnaires/versions/acts.ts'
import { readVersionPage } from '#features/questionnaires/versions/data.ts'
import { readRating } from '#features/ratings/rating/rules.ts'
import { faultsUnder } from '#http/action.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { rawForm } from '#lib/raw-form.ts'
import { shownNumber } from '#lib/shown-version.ts'

export const startDraftAction = staffForm(startVersionDraft)
export const saveQuestionAction = staffForm(saveQuestion)
export const arrangeAction = staffForm(arrangeQuestion)
export const basisAction = staffForm(saveBasis)
export const discardAction = staffForm(discardDraft)
export const publishAction = staffForm(publishDraft)
export const retireAction = staffForm(retireVersion)
export const decideAction = staffForm(decideTrial)

export const previewAction = staffAction(
  { schema: z.object({ questionnaire: shownNumber }), permission: 'survey:read' },
  async (actor, { questionnaire }, { now, form }) => {
    const version = await readVersionPage(actor, questionnaire, now)
    if (version === null) return { faults: { form: 'questionnaire.not_found' } }
    const rating = readRating(rawForm(form), version.questions, now)
    if (rating.ok) return { done: (await getTranslations('survey-questions.preview'))('fine') }
    return { faults: faultsUnder('survey', rating.error) }
  },
)
