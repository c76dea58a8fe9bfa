import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import type { Instant } from '#lib/time.ts'
import type { Standing } from '../standing/rules.ts'
import { sayWhen } from '../standing/when.tsx'

export interface TemporaryBlockProps {
  readonly standing: Standing
  /** No carrier has been told of it yet. */
  readonly queued: boolean
  readonly now: Instant
}

/** Says that the phone is blocked for a while, until when, and what ends it; nothing where it is not. */
export async function TemporaryBlock({ standing, queued, now }: TemporaryBlockProps) {
  const [t, say] = await Promise.all([getTranslations('case.hold'), sayWhen(now)])
  if (standing.temporaryUntil === null) return null
  const when = say(standing.temporaryUntil)
  const rejected = standing.chapter === 'rejected' || standing.chapter === 'rejected_finally'
  return (
    <Notice title={t(rejected ? 'rejected' : queued ? 'queued' : 'title', { when })}>
      <p>{t(rejected ? 'rejectedText' : 'text')}</p>
    </Notice>
  )
}
