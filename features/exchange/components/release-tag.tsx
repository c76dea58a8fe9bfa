import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { ReleaseState } from '../rules/guard.ts'

const TONES: Readonly<Record<ReleaseState, Tone>> = {
  waiting: 'wait',
  asked: 'wait',
  sending: 'neutral',
  withholding: 'neutral',
  sent: 'ok',
  withheld: 'plain',
}

/** Shows where a release stands, in a few words. */
export async function ReleaseTag({ state }: { readonly state: ReleaseState }) {
  const t = await getTranslations('releases.states')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
