import type { ReactNode } from 'react'
import { Footer } from '#components/layout/footer.tsx'
import { Header } from '#components/layout/header.tsx'

export default function CitizenLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Header />
      <main id="main" className="wrap pt-8 pb-16 md:pt-13 md:pb-24" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </>
  )
}
