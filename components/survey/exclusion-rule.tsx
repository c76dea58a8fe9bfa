import { getTranslations } from 'next-intl/server'
import { LIMITS } from '#domain/access/limits.ts'
import { type ExclusionReason, SIGN_LIMITS, SOONER_THAN } from '#domain/survey/exclusion.ts'

/** A rule in words, with the figures that it runs by. */
export async function Rule({ reason }: { readonly reason: ExclusionReason }) {
  const t = await getTranslations('survey-integrity.rule')
  return t(reason, { seconds: SOONER_THAN[reason] / 1000, amount: LIMITS[SIGN_LIMITS[reason]].amount })
}
