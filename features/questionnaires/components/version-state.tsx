import { getTranslations } from 'next-intl/server'
import { Tag, type TagProps } from '#components/ui/tag.tsx'
import type { VersionState } from '../rules/version.ts'

const TONES: Readonly<Record<VersionState, NonNullable<TagProps['tone']>>> = {
  draft: 'wait',
  scheduled: 'neutral',
  current: 'ok',
  trial: 'neutral',
  tried: 'wait',
  replaced: 'plain',
  retired: 'plain',
  cancelled: 'plain',
}

export interface VersionTagProps {
  readonly state: VersionState
  readonly trialPercent: number | null
}

/** Tells whether a version is asked, and of whom. */
export async function VersionTag({ state, trialPercent }: VersionTagProps) {
  const t = await getTranslations('survey-questions.state')
  return (
    <Tag tone={TONES[state]} {...(state === 'draft' && { icon: 'edit' })}>
      {t(state, { percent: trialPercent ?? 0 })}
    </Tag>
  )
}
