import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { FoundState } from '#features/cases/found/rules.ts'

const TONES: Readonly<Record<FoundState, Tone>> = {
  found: 'plain',
  matched: 'wait',
  returned: 'ok',
  unclaimed: 'plain',
  to_holder: 'ok',
}

export async function FoundTag({ state }: { readonly state: FoundState }) {
  const t = await getTranslations('found.states')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
