import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { Band } from '../rules/comparison.ts'

const TONES = { above: 'neutral', same: 'plain', below: 'wait' } as const satisfies Record<Band, Tone>

/** Shows where an agency stands beside the others of its group, in words. */
export async function BandTag({ band }: { readonly band: Band }) {
  const t = await getTranslations('results.band')
  return (
    <Tag tone={TONES[band]} icon={null}>
      {t(band)}
    </Tag>
  )
}
