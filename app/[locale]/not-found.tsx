import { Missing } from '#components/layout/missing.tsx'
import { titled } from '#messages/page-title.ts'

/** Returns the title of every answer with status 404: Next takes it from here. */
export const generateMetadata = titled('errors.missing', 'title')

export default function NotFound() {
  return (
    <main id="main" className="wrap py-12">
      <Missing />
    </main>
  )
}
