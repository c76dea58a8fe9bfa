import type { ReactNode } from 'react'
import { AsOf } from '#components/layout/as-of.tsx'
import { Footer } from '#components/layout/footer.tsx'
import { Header } from '#components/layout/header.tsx'
import { Renewed } from '#components/layout/stale-form.tsx'
import { arePhonesRegistered } from '#http/phones.ts'
import { hasMessageCodes, replicaAsOf } from '#http/settings.ts'

export default function CitizenLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Header />
      <main id="main" className="wrap pt-6 pb-8 md:pt-13 md:pb-24" tabIndex={-1}>
        <Renewed />
        <AsOf at={replicaAsOf()} />
        {children}
      </main>
      <Footer messages={hasMessageCodes()} phones={arePhonesRegistered()} />
    </>
  )
}
