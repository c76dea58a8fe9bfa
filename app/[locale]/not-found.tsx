import { Missing } from '#components/layout/missing.tsx'
import { titled } from '#messages/page-title.ts'

/** Title of every answer with status 404, which Next takes from here. */
export const generateMetadata = titled('errors.missing', 'title')

export default function NotFound() {
  return (
    <main id="main" className="wrap py-12">
      <Missing />
    </main>
  )
}
