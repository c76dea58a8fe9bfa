'use client'
import { useContext, useEffect } from 'react'
import type { DeviceKey } from './device-key.ts'
import { type DeviceQueue, deviceQueue, openWhenThere, RETRY_MS, sendWaiting } from './device-queue.ts'
import { KioskKey } from './kiosk-gate.tsx'

/** Milliseconds between two checks whether the agency is back: its end may have been a mistake. */
const LOOK_MS = 5 * 60_000

/** Sends the answers that this device still keeps when no new ones are taken: those given on the agency's days count. */
export function KioskRest({ agency, token }: { readonly agency: string; readonly token: string }) {
  const sign = useContext(KioskKey)?.sign
  useEffect(() => {
    if (sign === undefined) return
    const queue = deviceQueue(agency, () => localStorage)
    return keepSending(queue, token, sign)
  }, [agency, token, sign])
  return null
}

/** Sends again and again, and reloads the page now and then. Returns a function that stops it. */
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

const WORKER = '/kiosk-worker.js'

/** Has the browser keep this kiosk's page for a reload without a network, or remove it where the link is not valid. */
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
