'use client'
import { useContext, useEffect } from 'react'
import type { DeviceKey } from './device-key.ts'
import { type DeviceQueue, deviceQueue, openWhenThere, RETRY_MS, sendWaiting } from './device-queue.ts'
import { KioskKey } from './kiosk-gate.tsx'

/** The time between two looks at whether the agency is back: its end may have been a mistake. */
const LOOK_MS = 5 * 60_000

/**
 * Sends the answers that this device still keeps when no new ones are taken: those given on the agency's days count.
 */
export function KioskRest({ agency, token }: { readonly agency: string; readonly token: string }) {
  const sign = useContext(KioskKey)?.sign
  useEffect(() => {
    if (sign === undefined) return
    const queue = deviceQueue(agency, () => localStorage)
    return keepSending(queue, token, sign)
  }, [agency, token, sign])
  return null
}

/** Sends again and again, and loads the page again now and then. Answers what ends it. */
export function keepSending(queue: DeviceQueue, token: string, sign: DeviceKey['sign']): () => void {
  const send = () => void sendWaiting(queue, token, sign)
  send()
  const retry = setInterval(send, RETRY_MS)
  const look = setInterval(() => void openWhenThere(location.href), LOOK_MS)
  return () => {
    clearInterval(retry)
    clearInterval(look)
  }
}

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
