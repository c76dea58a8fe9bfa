'use client'
import { Fragment, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { FormContext, fieldId } from '#components/form/form-context.ts'
import { type KioskLine, type KioskScreen, startKiosk } from './device.ts'
import type { DeviceKey } from './device-key.ts'
import { type DeviceQueue, deviceQueue, openWhenThere, RETRY_MS, sendWaiting } from './device-queue.ts'
import { KioskKey } from './kiosk-gate.tsx'

interface KioskWords extends KioskCoverWords, KioskOpenWords {
  /** While the network is broken: answers are kept on the device. */
  readonly broken: string
  /** The link has ended while the page was open. */
  readonly refused: string
  /** Answers wait that the device does not keep. */
  readonly unkept: string
}

interface KioskQuestion {
  readonly key: string
  /** The words beside the question while it is open, as the server would say them. */
  readonly fault: string
}

interface KioskRunnerProps {
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

interface KioskOpenWords {
  /** Before the numbers of the questions that are open. */
  readonly missing: string
  /** The word for a question, before its number. */
  readonly question: string
}

interface KioskOpenProps {
  /** The open questions with their numbers. */
  readonly open: readonly { readonly key: string; readonly number: number }[]
  readonly words: KioskOpenWords
}

/** Shows which questions still wait for an answer, each a way to it: "Còn câu 2, 3, 4." */
function KioskOpen({ open, words }: KioskOpenProps) {
  const { scope } = useContext(FormContext)
  return (
    <p role="alert" className="kiosk-open">
      {words.missing}{' '}
      {open.map(({ key, number }, at) => (
        <Fragment key={key}>
          {at === 0 ? null : ', '}
          <a href={`#${fieldId(scope, key)}-group`} aria-label={`${words.question} ${number}`}>
            {number}
          </a>
        </Fragment>
      ))}
      .
    </p>
  )
}
