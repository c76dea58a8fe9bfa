import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { readObjectionDraft } from '#features/disputes/drafts/data.ts'
import { isOpenStep, type ObjectionStep } from '#features/disputes/drafts/rules.ts'
import { objectionCookie } from '#http/objection.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const PAGES = {
  phone: '/blocked/object',
  proof: '/blocked/object/proof',
  person: '/blocked/object/person',
  code: '/blocked/object/code',
  review: '/blocked/object/review',
} as const satisfies Record<ObjectionStep, Route>

export const objectionRoute = (step: ObjectionStep) => PAGES[step]

export const objectionPath = (locale: Locale, step: ObjectionStep): string => pathFor(locale, PAGES[step])

/** Returns the draft for a step's page. Redirects to the first unanswered step if this one is not reachable yet. */
export async function objectionDraftAt(step: Exclude<ObjectionStep, 'phone'>) {
  const locale = await getLocale()
  const draft = await readObjectionDraft(await objectionCookie(), new Date())
  if (draft === null) redirect(objectionPath(locale, 'phone'))
  if (!isOpenStep(step, draft.missing)) redirect(objectionPath(locale, draft.missing))
  return draft
}

export const objectionMetadata = (step: ObjectionStep) => async (): Promise<Metadata> => {
  const t = await getTranslations('objection')
  return { title: `${t(`steps.${step}`)} – ${t('title')}` }
}
