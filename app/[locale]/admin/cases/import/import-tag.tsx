import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { ImportSummary } from '#features/cases/imports/data.ts'

type State = ImportSummary['state']
const TONES: Readonly<Record<State, Tone>> = { read: 'plain', queued: 'wait', done: 'ok' }

export async function ImportTag({ state }: { readonly state: State }) {
  const t = await getTranslations('case-import.states')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
