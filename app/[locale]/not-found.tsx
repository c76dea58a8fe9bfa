import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Missing } from '#components/layout/missing.tsx'

/** Returns the title of every answer with status 404: Next takes it from here. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('errors.missing')
  return { title: t('title') }
}

export default function NotFound() {
  return (
    <main id="main" className="wrap py-12">
      <Missing />
    </main>
  )
}
