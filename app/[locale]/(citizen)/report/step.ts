import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { findSentNumber } from '#features/reporting/drafts/data.ts'
import { type DraftView, draftView } from '#features/reporting/drafts/page-data.ts'
import { isReachable, type ReportStep } from '#features/reporting/steps/rules.ts'
import { draftCookie, lastSentCookies } from '#http/draft.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** The page of each step; the report's first page is its first step. */
const PAGES = {
  incident: '/report',
  contact: '/report/contact',
  phone: '/report/phone',
  evidence: '/report/evidence',
  person: '/report/person',
  code: '/report/code',
  review: '/report/review',
} as const satisfies Record<ReportStep, Route>

export const stepPath = (locale: Locale, step: ReportStep): string => pathFor(locale, PAGES[step])

/** The first page, which says that nothing was kept or sent, because this browser has no draft (any more). */
export const NO_DRAFT = { pathname: '/report', query: { fault: 'no_draft' } } as const satisfies Route

/** Returns a link to a step that leads back to the last page afterwards. */
export const changeRoute = (step: ReportStep): Route => ({ pathname: PAGES[step], query: { from: 'review' } })

/**
 * Returns the draft for a step's page. A step that is not reachable yet redirects to the first unanswered one. Without a draft it
 * redirects to the first step, which says so, or to the receipt of the report that was just sent.
 */
export async function draftAt(step: Exclude<ReportStep, 'incident'>): Promise<DraftView> {
  const locale = await getLocale()
  const draft = await draftView(await draftCookie(), new Date())
  if (draft === null) {
    const number = await findSentNumber(await lastSentCookies())
    redirect(
      number === null
        ? pathFor(locale, NO_DRAFT)
        : pathFor(locale, { pathname: '/report/receipt/[number]', params: { number } }),
    )
  }
  const corrects = draft.sameNumber && step === 'phone'
  if (!corrects && !isReachable(step, draft.incomplete)) redirect(stepPath(locale, draft.incomplete))
  return draft
}

export type StepSearch = Promise<{ readonly from?: string | string[] }>

/** Returns `review` if a change came from that page, the only possible one. */
export const cameFrom = async (search: StepSearch): Promise<'review' | undefined> =>
  (await search).from === 'review' ? 'review' : undefined
