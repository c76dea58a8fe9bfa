'use client'
import { useEffect, useRef, useState } from 'react'
import { type KioskLine, type KioskScreen, startKiosk } from './kiosk-device.ts'

export interface KioskWords {
  readonly thanks: string
  readonly thanksText: string
  readonly missing: string
  /** While the network is broken: answers are kept on the device. */
  readonly offline: string
  /** The link has ended while the page was open. */
  readonly refused: string
}

export interface KioskRunnerProps {
  /** Under which name the device keeps what is not sent yet. */
  readonly queue: string
  readonly required: readonly string[]
  readonly words: KioskWords
}

/**
 * Runs the kiosk around its plain form: an answer is kept on the device, thanked for at once, and sent when the network
 * allows; the form is empty again for the next person. Without a script the form sends itself.
 */
export function KioskRunner({ queue, required, words }: KioskRunnerProps) {
  const mark = useRef<HTMLDivElement>(null)
  const [screen, show] = useState<KioskScreen>('asking')
  const [line, tell] = useState<KioskLine>('open')
  useEffect(() => {
    const form = mark.current?.closest('form')
    return form ? startKiosk(form, { queue, required, show, tell }) : undefined
  }, [queue, required])
  return (
    <div ref={mark} data-kiosk-screen={screen} data-kiosk-line={line}>
      {line === 'open' ? null : (
        <p role="status" className="kiosk-line">
          {line === 'broken' ? words.offline : words.refused}
        </p>
      )}
      {screen === 'missing' ? (
        <p role="alert" className="summary font-semibold">
          {words.missing}
        </p>
      ) : null}
      {screen === 'thanks' ? (
        <div role="status" className="kiosk-thanks">
          <p className="kiosk-thanks-title">{words.thanks}</p>
          <p>{words.thanksText}</p>
        </div>
      ) : null}
    </div>
  )
}
