import type { ReactNode } from 'react'
import { Footer } from '#components/layout/footer.tsx'
import { Header } from '#components/layout/header.tsx'
import { Renewed } from '#components/layout/stale-form.tsx'
import { arePhonesRegistered } from '#http/phones.ts'
import { hasMessageCodes } from '#http/settings.ts'

export default function CitizenLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Header />
      <main id="main" className="wrap pt-6 pb-8 md:pt-13 md:pb-24" tabIndex={-1}>
        <Renewed />
        {children}
      </main>
      <Footer messages={hasMessageCodes()} phones={arePhonesRegistered()} />
    </>
  )
}
