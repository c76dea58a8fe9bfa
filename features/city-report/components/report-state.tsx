import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'

export type ReportStateName = 'queued' | 'running' | 'ready' | 'failed' | 'published' | 'withdrawn'

const TONES: Readonly<Record<ReportStateName, Tone>> = {
  queued: 'wait',
  running: 'wait',
  ready: 'ok',
  failed: 'bad',
  published: 'ok',
  withdrawn: 'bad',
}

/** Returns the state that is shown of a report: for a published one what the public knows, otherwise how far it is. */
export function shownState(report: {
  readonly state: 'queued' | 'running' | 'ready' | 'failed'
  readonly publishedAt: unknown
  readonly withdrawn: unknown
}): ReportStateName {
  if (report.withdrawn !== null) return 'withdrawn'
  return report.publishedAt === null ? report.state : 'published'
}

/** Shows how far a report is. */
export async function ReportState({ state }: { readonly state: ReportStateName }) {
  const t = await getTranslations('survey-report.state')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
