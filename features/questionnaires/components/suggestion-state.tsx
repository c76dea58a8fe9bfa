import { getTranslations } from 'next-intl/server'
import { Tag, type TagProps } from '#components/ui/tag.tsx'
import type { SuggestionState } from '../rules/suggestion.ts'

const TONES: Readonly<Record<SuggestionState, NonNullable<TagProps['tone']>>> = {
  new: 'wait',
  merged: 'plain',
  accepted: 'ok',
  tried: 'neutral',
  declined: 'plain',
}

/** Shows what became of a suggestion. */
export async function SuggestionTag({ state }: { readonly state: SuggestionState }) {
  const t = await getTranslations('survey-suggestions.state')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
