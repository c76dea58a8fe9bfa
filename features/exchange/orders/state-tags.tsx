import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { DrillState } from '../drills/rules.ts'
import type { LetterState } from '../letters/rules.ts'
import type { ReleaseState } from '../releases/rules.ts'

const LETTER_TONES: Readonly<Record<LetterState, Tone>> = {
  drawing: 'plain',
  made: 'wait',
  handed: 'wait',
  received: 'wait',
  answered: 'ok',
}

export async function LetterStateTag({ state }: { readonly state: LetterState }) {
  const t = await getTranslations('letters.states')
  return <Tag tone={LETTER_TONES[state]}>{t(state)}</Tag>
}

const RELEASE_TONES: Readonly<Record<ReleaseState, Tone>> = {
  waiting: 'wait',
  asked: 'wait',
  sending: 'neutral',
  withholding: 'neutral',
  sent: 'ok',
  withheld: 'plain',
}

export async function ReleaseTag({ state }: { readonly state: ReleaseState }) {
  const t = await getTranslations('releases.states')
  return <Tag tone={RELEASE_TONES[state]}>{t(state)}</Tag>
}

const DRILL_TONES: Readonly<Record<DrillState, Tone>> = {
  blocking: 'wait',
  unblocking: 'wait',
  ended: 'plain',
}

export async function DrillStateTag({ state }: { readonly state: DrillState }) {
  return <Tag tone={DRILL_TONES[state]}>{(await getTranslations('drills'))(`state_of.${state}`)}</Tag>
}
