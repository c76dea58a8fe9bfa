'use client'
import { Broken, type BrokenProps } from '#components/layout/broken.tsx'

export default function ErrorPage(props: BrokenProps) {
  return (
    <main id="main" className="wrap py-12">
      <Broken {...props} />
    </main>
  )
}
