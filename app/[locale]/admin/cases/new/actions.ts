'use server'
import { z } from 'zod'
import { startDraft } from '#features/reporting/drafts/start-acts.ts'
import { setDraftCookie } from '#http/draft.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { locales } from '#messages/routing.ts'

export const startDeskReportAction = staffAction(
  { permission: 'case:file_at_desk', schema: z.object({ locale: z.enum(locales, 'general.invalid') }) },
  async (actor, { locale }, { now }) => {
    const cookie = await startDraft({ locale, filedBy: actor, now })
    // A desk serves many people, so the draft ends with the browser session.
    await setDraftCookie(cookie, false)
    return { to: pathFor(locale, '/report') }
  },
)
