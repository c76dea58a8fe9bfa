'use client'
import { type ReactNode, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { type KioskDevice, type KioskView, startKiosk } from './device.ts'
import type { DeviceKey } from './device-key.ts'
import { deviceQueue } from './device-queue.ts'
import { Face } from './face.tsx'
import { KioskKey } from './kiosk-gate.tsx'
import type { ScreenQuestion, ScreenWords } from './rules.ts'

type Locale = 'vi' | 'en'
const LINES = { broken: 'offline', refused: 'refusedLive', unkept: 'unkept' } as const

interface KioskScreenProps {
  readonly agency: string
  readonly version: number
  readonly token: string
  /** The most answers that the kiosk takes in an hour. */
  readonly ceiling: number
  /** The kiosk's own language, to which it returns for the next person. */
  readonly home: Locale
  readonly name: Readonly<Record<Locale, string>>
  readonly counter: string
  readonly questions: readonly ScreenQuestion[]
  readonly words: Readonly<Record<Locale, ScreenWords>>
  /** The agency's latest act for its visitors' comments. */
  readonly deed: Readonly<Record<Locale, ReactNode>> | null
}

/** Runs a kiosk on its paired device: one question fills the screen, and nothing of a person stays for the next one. */
export function KioskScreen(props: KioskScreenProps) {
  const key = useContext(KioskKey)
  return key && <Running {...props} sign={key.sign} />
}

function Running({ sign, ...props }: KioskScreenProps & { readonly sign: DeviceKey['sign'] }) {
  const { agency, questions, words, name, counter, home, deed } = props
  const [kiosk] = useState(() =>
    startKiosk({ ...props, sign, queue: deviceQueue(agency, () => localStorage) }),
  )
  const view = useSyncExternalStore(kiosk.watch, kiosk.view, kiosk.view)
  useEffect(() => kiosk.run(), [kiosk])
  const { screen, line, at, locale, aloud, leaving, asleep, shift } = view
  const question = screen === 'asking' ? questions[at] : undefined
  const said = words[locale]
  const canSpeak = useVoice(locale, aloud && question ? aloudOf(question, locale) : null)
  useKeys(kiosk, question)
  const isIdle = at === 0 && question !== undefined
  return (
    <div
      className="kiosk-screen"
      lang={locale}
      data-kiosk-screen={screen}
      data-kiosk-line={line}
      data-kiosk-question={question?.key}
      data-large={aloud ? '' : undefined}
      data-asleep={asleep ? '' : undefined}
      data-shift={shift}
      data-idle={isIdle ? '' : undefined}
    >
      <div className="kiosk-where">
        <span className="kiosk-brand">
          <Mark />
          <b>{name[locale]}</b>
        </span>
        {isIdle ? (
          <span lang={home}>{counter}</span>
        ) : screen === 'asking' || screen === 'ready' ? (
          <Progress
            at={screen === 'ready' ? questions.length : at}
            count={questions.length}
            word={said.question}
          />
        ) : null}
      </div>
      {question === undefined ? (
        <Cover {...{ kiosk, view }} words={said} />
      ) : (
        <Asked
          key={question.key}
          {...{ kiosk, view, question, isIdle }}
          words={said}
          below={line === 'open' ? (deed?.[locale] ?? null) : <b role="status">{said[LINES[line]]}</b>}
        />
      )}
      <Foot
        {...{ kiosk, view, canSpeak, isIdle }}
        words={said}
        other={words[locale === 'vi' ? 'en' : 'vi']}
      />
      {leaving ? <Leaving {...{ kiosk }} words={said} /> : null}
    </div>
  )
}

const Mark = () => (
  <svg viewBox="0 0 34 34" aria-hidden="true">
    <path className="fill-teal" d="M17 1.5 31 6v11.5c0 7.6-5.7 12.9-14 15C8.7 30.4 3 25.1 3 17.5V6z" />
    <path
      className="fill-none stroke-on-teal"
      strokeWidth="2.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      d="M12 9.5h10v15H12zM15.5 21.5h3"
    />
  </svg>
)

function Progress({
  at,
  count,
  word,
}: {
  readonly at: number
  readonly count: number
  readonly word: string
}) {
  const number = Math.min(at + 1, count)
  return (
    <span className="kiosk-progress">
      <svg viewBox={`0 0 ${count * 56 - 10} 10`} aria-hidden="true">
        {Array.from({ length: count }, (_, step) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            key={step}
            x={step * 56}
            width="46"
            height="10"
            rx="5"
            className={step < at ? 'fill-teal' : step === at ? 'fill-saffron' : 'fill-line'}
          />
        ))}
      </svg>
      <span>
        <span className="sr-only">{word} </span>
        {number} / {count}
      </span>
    </span>
  )
}

interface AskedProps {
  readonly kiosk: KioskDevice
  readonly view: KioskView
  readonly question: ScreenQuestion
  readonly words: ScreenWords
  readonly isIdle: boolean
  /** Shown below the first question, while nobody has begun. */
  readonly below: ReactNode
}

function Asked({ kiosk, view, question, words, isIdle, below }: AskedProps) {
  const { key, asked, codes, faces } = question
  const { options, question: text, fault } = question.words[view.locale]
  const title = useRef<HTMLHeadingElement>(null)
  const given = view.given[key] ?? []
  // A screen reader reads each new question. The first one waits until a person begins.
  useEffect(() => {
    if (!isIdle) title.current?.focus({ preventScroll: true })
  }, [isIdle])
  return (
    <>
      <h1 ref={title} tabIndex={-1} id={`${key}-question`}>
        {text}
      </h1>
      {isIdle && asked === 'radios' ? <p className="kiosk-call">{words.call}</p> : null}
      {asked === 'text_area' ? (
        <div className="kiosk-words">
          <textarea
            name={key}
            aria-labelledby={`${key}-question`}
            aria-invalid={view.missing || undefined}
            autoComplete="off"
            value={given[0] ?? ''}
            onChange={(event) => kiosk.write(event.target.value)}
          />
        </div>
      ) : (
        <fieldset
          className="kiosk-answers"
          aria-labelledby={`${key}-question`}
          data-count={codes.filter((code) => code !== 'na').length}
          data-many={codes.length > 6 ? '' : undefined}
        >
          {codes.map((code) => (
            <button
              key={code}
              type="button"
              className="kiosk-answer"
              name={key}
              value={code}
              aria-pressed={given.includes(code)}
              data-na={code === 'na' ? '' : undefined}
              onClick={() => kiosk.answer(code)}
            >
              {faces ? <Face code={code} /> : null}
              <span>{options[code]}</span>
              <Tick />
            </button>
          ))}
        </fieldset>
      )}
      {view.missing ? (
        <p role="alert" className="kiosk-fault" data-error-for={key}>
          {fault}
        </p>
      ) : null}
      {asked === 'radios' ? null : (
        <p className="kiosk-on">
          <button type="button" className="kiosk-send" onClick={kiosk.next}>
            {words.next}
          </button>
        </p>
      )}
      {isIdle ? (
        <div className="kiosk-promise">
          <p>
            <b>{words.anonymous}</b> <span>{words.promise}</span>
          </p>
          {below === null ? null : <p className="kiosk-deed">{below}</p>}
        </div>
      ) : null}
    </>
  )
}

const Tick = () => (
  <svg viewBox="0 0 24 24" className="kiosk-tick" aria-hidden="true">
    <path d="M20 6 9 17l-5-5" />
  </svg>
)

interface CoverProps {
  readonly kiosk: KioskDevice
  readonly view: KioskView
  readonly words: ScreenWords
}

/** Asks for the last touch, or shows what happened to the answers, until the next person's turn. */
function Cover({ kiosk, view: { screen, line }, words }: CoverProps) {
  const title = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each screen is read when it comes
  useEffect(() => title.current?.focus({ preventScroll: true }), [screen])
  const heading = (text: string) => (
    <h1 ref={title} tabIndex={-1}>
      {text}
    </h1>
  )
  if (screen === 'ready')
    return (
      <div className="kiosk-cover">
        {heading(words.ready)}
        <button type="button" className="kiosk-send" data-kiosk-send="" onClick={kiosk.send}>
          {words.send}
        </button>
        <p>{words.readyText}</p>
      </div>
    )
  if (screen === 'sending')
    return (
      <div role="status" className="kiosk-cover">
        {heading(words.sending)}
      </div>
    )
  if (screen === 'thanks')
    return (
      <div role="status" className="kiosk-cover" data-tone="good">
        {heading(words.thanks)}
        <p>{line === 'open' ? words.thanksText : words[LINES[line]]}</p>
      </div>
    )
  if (screen === 'asking') return null
  return (
    <div role="alert" className="kiosk-cover" data-tone="bad">
      {heading(words[screen])}
      <p>{words[`${screen}Text`]}</p>
    </div>
  )
}

function Leaving({ kiosk, words }: Pick<CoverProps, 'kiosk' | 'words'>) {
  return (
    <div role="alertdialog" aria-label={words.there} className="kiosk-leaving">
      <p className="kiosk-leaving-title">{words.there}</p>
      <button type="button" className="kiosk-send" onClick={kiosk.stay}>
        {words.stay}
      </button>
      <p>{words.thereText}</p>
    </div>
  )
}

interface FootProps extends CoverProps {
  readonly other: ScreenWords
  readonly canSpeak: boolean
  readonly isIdle: boolean
}

/** Renders the same buttons in the same places on each question. Buttons without an effect are absent. */
function Foot({ kiosk, view, words, other, canSpeak, isIdle }: FootProps) {
  const { screen, aloud, locale, free } = view
  if (screen === 'thanks' || screen === 'full' || screen === 'unsent')
    return free ? (
      <div className="kiosk-foot" data-buttons="1">
        <button type="button" data-kiosk-done="" onClick={kiosk.done}>
          {words.done}
        </button>
      </div>
    ) : null
  if (screen === 'sending') return null
  return (
    <div className="kiosk-foot" data-buttons={isIdle ? 2 : 4}>
      {isIdle ? null : (
        <>
          <button type="button" data-kiosk-back="" onClick={kiosk.back}>
            <Icon name="back" />
            {words.back}
          </button>
          <button type="button" data-kiosk-again="" onClick={kiosk.again}>
            <Icon name="turnLeft" />
            {words.again}
          </button>
        </>
      )}
      <button type="button" data-kiosk-aloud="" aria-pressed={aloud} onClick={kiosk.speak}>
        <Icon name={canSpeak ? 'sound' : 'expand'} />
        {canSpeak ? words.listen : words.large}
      </button>
      <button
        type="button"
        data-kiosk-language=""
        lang={locale === 'vi' ? 'en' : 'vi'}
        onClick={kiosk.turnLanguage}
      >
        {other.language}
      </button>
    </div>
  )
}

/** Returns the text to read aloud: the question, and each answer with the number that gives it on a keyboard. */
function aloudOf({ codes, words }: ScreenQuestion, locale: Locale): string {
  const { question, options } = words[locale]
  return [question, ...codes.map((code, at) => `${at + 1}: ${options[code]}.`)].join(' ')
}

/** Reads a text aloud, and stops when another replaces it. Returns whether the browser has a voice for the language. */
function useVoice(locale: Locale, text: string | null): boolean {
  const [voices, hear] = useState<readonly SpeechSynthesisVoice[]>([])
  useEffect(() => {
    if (!('speechSynthesis' in window)) return
    const listen = () => hear(speechSynthesis.getVoices())
    listen()
    speechSynthesis.addEventListener('voiceschanged', listen)
    return () => speechSynthesis.removeEventListener('voiceschanged', listen)
  }, [])
  const voice = voices.find(({ lang }) => lang.toLowerCase().startsWith(locale))
  useEffect(() => {
    if (text === null || voice === undefined) return
    const spoken = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang, rate: 0.9 })
    speechSynthesis.speak(spoken)
    return () => speechSynthesis.cancel()
  }, [text, voice])
  return voice !== undefined
}

/** Lets the digits of a keyboard or a switch answer: 1 is the first answer on the screen. */
function useKeys(kiosk: KioskDevice, question: ScreenQuestion | undefined) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
      if (event.target instanceof HTMLTextAreaElement) return
      const code = /^[1-9]$/.test(event.key) ? question?.codes[Number(event.key) - 1] : undefined
      if (code !== undefined) kiosk.answer(code)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [kiosk, question])
}
