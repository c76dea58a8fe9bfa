'use client'
import { useEffect, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { MAX_FILE_BYTES } from '#features/evidence/files/limits-rules.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { compactCode } from '#lib/text-normalization.ts'
import type { PhotoFault } from './device-messages.ts'
import { type Reading, startReading } from './device-reading.ts'
import { fill, type PhotoWords } from './device-words.ts'

export { prepareReading } from './device-reading.ts'

/** Download size of the text reader, shown before it is loaded. */
const TEXT_MEGABYTES = 5

export interface PhotoPanelProps {
  readonly file: File
  readonly words: PhotoWords
  readonly fields: readonly string[]
  readonly action: string | null
  readonly ask?: { readonly one: string; readonly both: string }
  /** Announces to screen readers. */
  readonly say: (words: string) => void
  /** Called when the photo is stored as the draft's proof; it stays stored when another one is chosen. */
  readonly onStored: () => void
  readonly drop: () => void
}

type State =
  | { readonly at: 'reading' | 'text'; readonly percent: number }
  | { readonly at: 'found'; readonly imeis: readonly string[] }
  | { readonly at: 'none'; readonly triedText: boolean }
  | { readonly at: 'failed'; readonly why: PhotoFault | 'unavailable' | 'slow' | 'stopped' }

/**
 * Reads one photo and offers its numbers beside it. A number is filled in only when pressed. Where the photo is not sent, one
 * press takes all numbers and submits the form.
 */
export function PhotoPanel({
  file,
  words,
  fields: names,
  action,
  ask,
  say,
  onStored,
  drop,
}: PhotoPanelProps) {
  const root = useRef<HTMLElement>(null)
  const reading = useRef<Reading | null>(null)
  const [state, setState] = useState<State>({ at: 'reading', percent: 0 })
  const [copy, setCopy] = useState<string | null>(null)
  const [reduced, setReduced] = useState<Blob | null>(null)
  const [large, setLarge] = useState(false)
  const [used, setUsed] = useState<readonly string[]>([])
  const [sending, setSending] = useState<'not' | 'sending' | 'stored' | 'failed'>('not')

  // biome-ignore lint/correctness/useExhaustiveDependencies: one reading for one photo; another photo is another panel.
  useEffect(() => {
    let text = false
    let told = -1
    let shown: string | null = null
    const fail = (why: Extract<State, { at: 'failed' }>['why']) => {
      setState({ at: 'failed', why })
      say(words[why])
    }
    say(fill(words.reading, { percent: 0 }))
    const started = startReading(file, {
      shown: (blob) => {
        shown = URL.createObjectURL(blob)
        setCopy(shown)
      },
      reduced: setReduced,
      progress: (percent) =>
        setState((now) => (now.at === 'found' ? now : { at: text ? 'text' : 'reading', percent })),
      found: (imeis) => {
        if (imeis.length === told) return
        told = imeis.length
        setState(imeis.length > 0 ? { at: 'found', imeis } : { at: 'none', triedText: text })
        say(imeis.length > 0 ? titleOf(words, imeis.length) : text ? words.stillNone : words.none)
      },
      failed: fail,
    })
    reading.current = {
      readText: () => {
        text = true
        told = -1
        setState({ at: 'text', percent: 0 })
        started.readText()
      },
      stop: () => {
        started.stop()
        fail('stopped')
      },
    }
    return () => {
      started.stop()
      if (shown !== null) URL.revokeObjectURL(shown)
    }
  }, [])

  const fields = (): HTMLInputElement[] => {
    const form = root.current?.closest('form')
    return names.flatMap((name) => {
      const field = form?.elements.namedItem(name)
      return field instanceof HTMLInputElement ? [field] : []
    })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form is the same as long as the panel stands in it.
  useEffect(() => {
    const form = root.current?.closest('form')
    const look = () => setUsed(fields().map(({ value }) => compactCode(value)))
    look()
    form?.addEventListener('input', look)
    return () => form?.removeEventListener('input', look)
  }, [])

  const store = async () => {
    if (action === null) return
    setSending('sending')
    say(words.sending)
    const stored = await send(action, reduced ?? file, file.name)
    setSending(stored ? 'stored' : 'failed')
    if (stored) onStored()
    say(stored ? words.stored : words.unsent)
  }
  const press = (imei: string) => {
    const holder = fields().find(({ value }) => compactCode(value) === imei)
    const field = holder ?? fields().find(({ value }) => value.trim() === '')
    if (field === undefined) return say(words.full)
    write(field, holder === undefined ? formatImei(imei) : '')
    const label = field.labels?.[0]?.textContent?.trim() ?? ''
    say(fill(holder === undefined ? words.filled : words.removed, { imei: formatImei(imei), field: label }))
    if (holder === undefined && sending === 'not') void store()
  }

  const takeAll = (imeis: readonly string[]) => {
    for (const [at, field] of fields().entries()) write(field, imeis[at] ? formatImei(imeis[at]) : '')
    root.current?.closest('form')?.requestSubmit()
  }

  const busy = state.at === 'reading' || state.at === 'text'
  const refused =
    state.at === 'failed' &&
    (state.why === 'empty' || state.why === 'too_large' || (reduced === null && file.size > MAX_FILE_BYTES))
  return (
    <section className="photo-read stack" ref={root} data-photo={state.at}>
      <div className="photo-top">
        {copy === null ? null : (
          <button
            type="button"
            aria-expanded={large}
            aria-label={words.enlarge}
            onClick={() => setLarge(!large)}
          >
            {/* biome-ignore lint/performance/noImgElement: it exists in this browser alone. */}
            <img src={copy} alt={words.alt} />
          </button>
        )}
        <div>
          <h2>
            {state.at === 'found'
              ? titleOf(words, state.imeis.length)
              : state.at === 'none'
                ? state.triedText
                  ? words.stillNone
                  : words.none
                : state.at === 'failed'
                  ? words[state.why]
                  : fill(state.at === 'text' ? words.readingText : words.reading, { percent: state.percent })}
          </h2>
          {busy ? (
            <>
              <progress value={state.percent} max={100} aria-hidden="true" />
              <Button type="button" look="plain" onClick={() => reading.current?.stop()}>
                {words.stop}
              </Button>
            </>
          ) : (
            <Button type="button" look="plain" onClick={drop}>
              {words.again}
            </Button>
          )}
        </div>
        {copy !== null && large ? (
          // biome-ignore lint/performance/noImgElement: it exists in this browser alone.
          <img className="photo-large" src={copy} alt="" />
        ) : null}
      </div>
      {state.at === 'found' && ask && state.imeis.length <= names.length ? (
        <>
          <ul className="list-none">
            {state.imeis.map((imei) => (
              <li key={imei} className="num font-tabular text-xl font-semibold" data-imei={imei}>
                {formatImei(imei)}
              </li>
            ))}
          </ul>
          <div className="grid">
            <Button type="button" onClick={() => takeAll(state.imeis)}>
              {state.imeis.length === 1 ? ask.one : ask.both}
            </Button>
          </div>
        </>
      ) : state.at === 'found' ? (
        <>
          <p className="text-sm text-soft">{state.imeis.length > 2 ? words.compareMany : words.compare}</p>
          <div>
            {state.imeis.map((imei) => (
              <button
                key={imei}
                type="button"
                className="photo-number"
                aria-pressed={used.includes(imei)}
                data-imei={imei}
                onClick={() => press(imei)}
              >
                <span className="num">{formatImei(imei)}</span>
                <span className="do">
                  {used.includes(imei) ? <Icon name="check" /> : null}
                  {used.includes(imei)
                    ? words.used
                    : used.some((value) => value !== '')
                      ? words.useToo
                      : words.use}
                </span>
              </button>
            ))}
          </div>
        </>
      ) : null}
      {state.at === 'none' && !state.triedText ? (
        <>
          <p className="text-sm text-soft">{fill(words.noneText, { size: TEXT_MEGABYTES })}</p>
          <Button type="button" look="quiet" onClick={() => reading.current?.readText()}>
            {fill(words.readText, { size: TEXT_MEGABYTES })}
          </Button>
        </>
      ) : null}
      {busy || refused || action === null ? null : (
        <div className="text-sm text-soft" data-photo-proof={sending}>
          {sending === 'not' && state.at !== 'found' ? (
            <Button type="button" look="plain" onClick={() => void store()}>
              {words.store}
            </Button>
          ) : (
            <p>
              {
                { not: words.kept, sending: words.sending, stored: words.stored, failed: words.unsent }[
                  sending
                ]
              }
            </p>
          )}
          {sending === 'failed' ? (
            <Button type="button" look="plain" onClick={() => void store()}>
              {words.sendAgain}
            </Button>
          ) : null}
        </div>
      )}
    </section>
  )
}

const titleOf = (words: PhotoWords, count: number): string =>
  count === 1 ? words.foundOne : fill(words.foundMany, { count })

/** Fills a field as if typed: fires its input event and opens the fold around it. */
function write(field: HTMLInputElement, value: string): void {
  const fold = field.closest('details')
  if (fold !== null) fold.open = true
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
  const unknown = field.form?.elements.namedItem('imeiUnknown')
  if (value !== '' && unknown instanceof HTMLInputElement && unknown.checked) unknown.click()
}

/** Sends the photo to the draft as the evidence step would; returns whether it was stored. */
async function send(action: string, photo: Blob, name: string): Promise<boolean> {
  const form = new FormData()
  form.set('submitKey', crypto.randomUUID())
  form.set('evidenceKind', 'box')
  form.set('step', 'add')
  form.set('evidence', photo, photo.type === 'image/jpeg' ? name.replace(/\.\w+$|$/, '.jpg') : name)
  try {
    const answer = await fetch(action, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json' },
    })
    const { location }: { readonly location?: unknown } = answer.ok ? await answer.json() : {}
    // The redirect address names a fault of the file, or that no more files are allowed.
    return typeof location === 'string' && !/[?&](error|fault)=/.test(location)
  } catch {
    return false
  }
}
