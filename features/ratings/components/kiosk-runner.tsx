'use client'
import { type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { FormContext } from '#components/form/form-context.ts'
import { type KioskLine, type KioskScreen, startKiosk } from './kiosk-device.ts'
import { KioskKey } from './kiosk-key-context.ts'
import { KioskOpen, type KioskOpenWords } from './kiosk-open.tsx'
import { deviceQueue } from './kiosk-queue.ts'

export interface KioskWords extends KioskCoverWords, KioskOpenWords {
  /** While the network is broken: answers are kept on the device. */
  readonly broken: string
  /** The link has ended while the page was open. */
  readonly refused: string
  /** Answers wait that the device does not keep. */
  readonly unkept: string
}

export interface KioskQuestion {
  readonly key: string
  /** The words beside the question while it is open, as the server would say them. */
  readonly fault: string
}

export interface KioskRunnerProps {
  readonly agency: string
  /** The most answers that the kiosk takes in an hour. */
  readonly ceiling: number
  /** The page in the kiosk's own language, where a person has switched to the other one. */
  readonly home: string | null
  /** The questions that are to be answered, in their order. */
  readonly questions: readonly KioskQuestion[]
  readonly words: KioskWords
  /** Their fields. */
  readonly children: ReactNode
}

/**
 * Runs the kiosk around its plain form: an answer is kept on the device, thanked for at once, and sent when the network
 * allows, signed with the device's key; the form is empty again for the next person.
 */
export function KioskRunner({ agency, ceiling, home, questions, words, children }: KioskRunnerProps) {
  const mark = useRef<HTMLDivElement>(null)
  const [queue] = useState(() => deviceQueue(agency, () => localStorage))
  const [screen, show] = useState<KioskScreen>('asking')
  const [line, tell] = useState<KioskLine>('open')
  const [open, miss] = useState<readonly string[] | null>(null)
  const context = useContext(FormContext)
  const sign = useContext(KioskKey)?.sign
  // Until this page has sent an answer, the faults that the server found are shown.
  const marked = useMemo(() => {
    if (open === null) return context
    const errors = questions.filter(({ key }) => open.includes(key)).map(({ key, fault }) => [key, fault])
    return { ...context, errors: Object.fromEntries(errors) }
  }, [context, questions, open])
  useEffect(() => {
    const form = mark.current?.closest('form')
    const required = questions.map(({ key }) => key)
    if (!form || sign === undefined) return
    return startKiosk(form, { queue, sign, ceiling, home, required, show, miss, tell })
  }, [queue, sign, ceiling, home, questions])
  return (
    <div ref={mark} data-kiosk-screen={screen} data-kiosk-line={line}>
      <div className="stack-l">
        {line === 'open' ? null : (
          <p role="status" className="kiosk-line">
            {words[line]}
          </p>
        )}
        <FormContext value={marked}>{children}</FormContext>
        {screen === 'missing' ? (
          <KioskOpen
            open={questions.flatMap(({ key }, at) => (open?.includes(key) ? [{ key, number: at + 1 }] : []))}
            words={words}
          />
        ) : null}
      </div>
      <KioskCover screen={screen} words={words} />
    </div>
  )
}

interface KioskCoverWords {
  readonly thanks: string
  readonly thanksText: string
  readonly sending: string
  /** Shown where an answer was neither kept on the device nor sent. */
  readonly unsent: string
  readonly unsentText: string
  /** Shown where the hour has as many answers as the counter can have. */
  readonly full: string
  readonly fullText: string
}

/** Says over the whole screen what became of the answers, until the next person's turn. */
function KioskCover({ screen, words }: { readonly screen: KioskScreen; readonly words: KioskCoverWords }) {
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
  if (screen === 'unsent' || screen === 'full') {
    return (
      <div role="alert" className="kiosk-cover" data-tone="bad">
        <p className="kiosk-cover-title">{words[screen]}</p>
        <p>{words[`${screen}Text`]}</p>
      </div>
    )
  }
  return null
}
