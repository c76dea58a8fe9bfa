import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { richTags } from './rich-text.tsx'

const things = ['sim', 'bank', 'locate'] as const

/** Shows what to do before anything else, in the order that saves most. */
export async function FirstAid() {
  const t = await getTranslations('home.now')
  const tags = {
    ...richTags,
    link: (chunks: ReactNode) => <a href="#sim">{chunks}</a>,
    bankLink: (chunks: ReactNode) => <a href="#banks">{chunks}</a>,
  }
  return (
    <Card aria-labelledby="first-aid">
      <h2 id="first-aid">{t('title')}</h2>
      <ol className="stack">
        {things.map((thing, index) => (
          <li key={thing} className="flex gap-3">
            <span
              aria-hidden="true"
              className="num mt-px grid size-7 flex-none place-items-center rounded-full bg-teal-wash text-sm font-semibold text-teal-deep"
            >
              {index + 1}
            </span>
            <span>{t.rich(thing, tags)}</span>
          </li>
        ))}
      </ol>
      <p className="border-t border-line pt-4">{t.rich('danger', tags)}</p>
    </Card>
  )
}
