'use client'
import { useContext, useEffect } from 'react'
import { RETRY_MS, sendWaiting } from './kiosk-answer.ts'
import type { DeviceKey } from './kiosk-key.ts'
import { KioskKey } from './kiosk-key-context.ts'
import { type DeviceQueue, deviceQueue } from './kiosk-queue.ts'
import { openWhenThere } from './kiosk-way.ts'

/** The time between two looks at whether the agency is back: its end may have been a mistake. */
const LOOK_MS = 5 * 60_000

export interface KioskRestProps {
  readonly agency: string
  readonly token: string
}

/**
 * Sends the answers that this device still keeps when no new ones are taken: those given on the agency's days count.
 */
export function KioskRest({ agency, token }: KioskRestProps) {
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
