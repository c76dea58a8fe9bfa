'use client'
import { useEffect } from 'react'
import { RETRY_MS, sendWaiting } from './kiosk-answer.ts'
import { deviceQueue } from './kiosk-queue.ts'

export interface KioskRestProps {
  readonly agency: string
  readonly token: string
}

/** Sends what this device still keeps, where no more answers are taken: what was given on the agency's days counts. */
export function KioskRest({ agency, token }: KioskRestProps) {
  useEffect(() => {
    const queue = deviceQueue(agency, () => localStorage)
    const send = () => void sendWaiting(queue, token)
    send()
    const retry = setInterval(send, RETRY_MS)
    return () => clearInterval(retry)
  }, [agency, token])
  return null
}
