import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { DrillState } from '../rules/drill.ts'

const TONES: Readonly<Record<DrillState, Tone>> = { blocking: 'wait', unblocking: 'wait', ended: 'plain' }

/** Shows where a drill stands. */
export async function DrillStateTag({ state }: { readonly state: DrillState }) {
  return <Tag tone={TONES[state]}>{(await getTranslations('drills'))(`state_of.${state}`)}</Tag>
}
