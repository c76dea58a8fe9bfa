import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { richTags } from './rich-text.tsx'

const things = ['locate', 'sim', 'bank'] as const

/** Shows what to do before anything else, in the order that saves most, with whom to call behind each. */
export async function FirstAid({
  steps,
  ...calls
}: {
  readonly sim: ReactNode
  readonly bank: ReactNode
  /** Whether a page leads through them. */
  readonly steps: boolean
}) {
  const t = await getTranslations('home.now')
  const folds = { ...calls, locate: null }
  return (
    <Card aria-labelledby="first-aid">
      <h2 id="first-aid">{t('title')}</h2>
      <ol className="divide-y divide-line">
        {things.map((thing, index) => (
          <li key={thing} className="flex gap-3 py-3 first:pt-0 last:pb-0">
            <span
              aria-hidden="true"
              className="num mt-px grid size-7 flex-none place-items-center rounded-full bg-teal-wash text-sm font-semibold text-teal-deep"
            >
              {index + 1}
            </span>
            <div className="min-w-0 flex-1 space-y-1">
              <p>{t.rich(thing, richTags)}</p>
              {folds[thing]}
            </div>
          </li>
        ))}
      </ol>
      {steps ? <p>{t.rich('steps', richTags)}</p> : null}
    </Card>
  )
}
