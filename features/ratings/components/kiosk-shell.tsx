'use client'
import { useEffect } from 'react'

/** The script in `public/` that keeps a kiosk's page. */
const WORKER = '/kiosk-worker.js'

/**
 * Has the browser keep a kiosk's page, so that a reload without a network shows it, or give it up. The service worker
 * serves only the addresses of this kiosk: its scope contains the link's parameter.
 *
 * @param live false where the link is not valid (any more): nothing is registered then, and the kept page is removed
 */
export function KioskShell({ live }: { readonly live: boolean }) {
  useEffect(() => {
    // Over plain HTTP a browser has no service workers; a private window may refuse them.
    if ('serviceWorker' in navigator) (live ? keepShell() : dropShell()).catch(() => {})
  }, [live])
  return null
}

async function keepShell(): Promise<void> {
  const { serviceWorker } = navigator
  await serviceWorker.register(WORKER, { scope: `${location.pathname}?kiosk=`, updateViaCache: 'none' })
  const { active } = await serviceWorker.ready
  active?.postMessage({ keep: location.href.split('#')[0] })
}

async function dropShell(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(location.href)
  registration?.active?.postMessage({ drop: true })
}
