'use client'
import { useEffect, useRef, useState } from 'react'
import { type KioskLine, type KioskScreen, startKiosk } from './kiosk-device.ts'
import { deviceQueue } from './kiosk-queue.ts'

export interface KioskWords {
  readonly thanks: string
  readonly thanksText: string
  readonly sending: string
  /** Neither kept on the device nor sent. */
  readonly unsent: string
  readonly unsentText: string
  readonly missing: string
  /** While the network is broken: answers are kept on the device. */
  readonly broken: string
  /** The link has ended while the page was open. */
  readonly refused: string
  /** Answers wait that the device does not keep. */
  readonly unkept: string
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
export function KioskRunner({ queue: name, required, words }: KioskRunnerProps) {
  const mark = useRef<HTMLDivElement>(null)
  const [queue] = useState(() => deviceQueue(name, () => localStorage))
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
          {words[line]}
        </p>
      )}
      {screen === 'missing' ? (
        <p role="alert" className="summary font-semibold">
          {words.missing}
        </p>
      ) : null}
      <Cover screen={screen} words={words} />
    </div>
  )
}

/** Over the whole screen: what became of the answers, until the next person's turn. */
function Cover({ screen, words }: { readonly screen: KioskScreen; readonly words: KioskWords }) {
  if (screen === 'sending') {
    return (
      <div role="status" className="kiosk-cover">
        <p className="kiosk-cover-title">{words.sending}</p>
      </div>
    )
  }
  if (screen === 'thanks') {
    return (
      <div role="status" className="kiosk-cover">
        <p className="kiosk-cover-title">{words.thanks}</p>
        <p>{words.thanksText}</p>
      </div>
    )
  }
  if (screen === 'unsent') {
    return (
      <div role="alert" className="kiosk-cover" data-tone="bad">
        <p className="kiosk-cover-title">{words.unsent}</p>
        <p>{words.unsentText}</p>
      </div>
    )
  }
  return null
}
