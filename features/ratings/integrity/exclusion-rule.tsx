import { getTranslations } from 'next-intl/server'
import { LIMITS } from '#lib/access/limits.ts'
import { EXCLUSION_RULES, type ExclusionReason, SIGN_LIMITS, SOONER_THAN } from './rules.ts'

/** Renders a rule in words with its figures, or a note that the rule has ended. */
export async function Rule({ reason }: { readonly reason: ExclusionReason }) {
  const t = await getTranslations('survey-integrity.rule')
  const rule = EXCLUSION_RULES.find((one) => one === reason)
  if (rule === undefined) return t('ended')
  return t(rule, { seconds: SOONER_THAN[rule] / 1000, amount: LIMITS[SIGN_LIMITS[rule]].amount })
}
