import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'

export type ReportStateName = 'queued' | 'running' | 'ready' | 'failed' | 'published'

const TONES: Readonly<Record<ReportStateName, Tone>> = {
  queued: 'wait',
  running: 'wait',
  ready: 'ok',
  failed: 'bad',
  published: 'ok',
}

/** How far a report is. */
export async function ReportState({ state }: { readonly state: ReportStateName }) {
  const t = await getTranslations('survey-report.state')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
