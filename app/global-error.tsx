'use client'
import { Broken, type BrokenProps, useErrorLanguage } from '#components/layout/broken.tsx'
import './globals.css'

/** Renders the page for an error in the layout itself, without header and footer. */
export default function GlobalError(props: BrokenProps) {
  return (
    <html lang={useErrorLanguage()}>
      <body>
        <main className="wrap py-12">
          <Broken {...props} />
        </main>
      </body>
    </html>
  )
}
