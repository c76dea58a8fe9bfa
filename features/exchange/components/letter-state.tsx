import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { LetterState } from '../rules/letter.ts'

const TONES: Readonly<Record<LetterState, Tone>> = {
  drawing: 'plain',
  made: 'wait',
  handed: 'wait',
  received: 'wait',
  answered: 'ok',
}

/** Shows what a letter waits for, in a word or two. */
export async function LetterStateTag({ state }: { readonly state: LetterState }) {
  const t = await getTranslations('letters.states')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
