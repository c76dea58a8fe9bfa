import { getLocale } from 'next-intl/server'
import { FormSamples } from '#components/gallery/form-samples.tsx'
import { PartSamples } from '#components/gallery/part-samples.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'nobody' satisfies Access

/** Renders every component in every state, for developers of pages; only in development. */
export default async function GalleryPage() {
  if (process.env.NODE_ENV === 'production') notFoundPage(await getLocale())
  return (
    <div className="stack-l">
      <PageHeader title="Gallery" kicker="Development only" lead="Every component in every state." />
      <PartSamples />
      <FormSamples />
    </div>
  )
}
