'use client'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'

/** A case beside its list, in words, for the page and for `GET /api/cases/{number}/glance`. */
export interface GlanceShown {
  readonly number: string
  readonly href: string
  readonly state: string
  readonly due: readonly { readonly words: string; readonly tone: 'bad' | 'wait' | null }[]
  readonly facts: readonly { readonly term: string; readonly value: readonly string[] }[]
  readonly flags: readonly { readonly words: string; readonly tone: Tone }[]
  readonly files: readonly {
    readonly id: string
    readonly kind: string
    readonly says: string
    readonly look: 'good' | 'bad' | 'soft'
  }[]
  /** The reader's next action; null if it is another's turn. */
  readonly next: string | null
}

interface GlancePaneProps {
  readonly first: GlanceShown
  readonly lang: 'vi' | 'en'
  /** The list of the cases, as in their addresses. */
  readonly stream: string | undefined
  readonly words: Readonly<
    Record<'title' | 'files' | 'no_files' | 'closed' | 'next' | 'open' | 'failed', string>
  >
}

/** The smallest width with room beside the list, as in `queue.css`. */
const ROOM = '(min-width: 80rem)'
/** The delay before loading, in milliseconds: a fast move through the rows loads only the last one. */
const LOAD_DELAY_MS = 120

const ICONS = { good: 'check', bad: 'alert', soft: 'file' } as const

/**
 * Shows the chosen case beside its list, without the data that is masked until its papers are opened. Follows the focus through
 * the rows (`data-row`) and clicks on them (`data-peek`, links that do the same without a script), and updates the address. Loads
 * only the words of the case.
 */
export function GlancePane({ first, lang, stream, words }: GlancePaneProps) {
  const [shown, setShown] = useState<GlanceShown | null>(first)
  const [chosen, setChosen] = useState(first.number)
  const at = useRef(first.number)

  useEffect(() => {
    let waiting: AbortController | null = null
    const mark = (number: string) => {
      for (const row of document.querySelectorAll('.queue [data-case-number]')) {
        const current = row.getAttribute('data-case-number') === number
        row.toggleAttribute('data-current', current)
        const link = row.querySelector('[data-row]')
        if (current) link?.setAttribute('aria-current', 'true')
        else link?.removeAttribute('aria-current')
      }
    }
    const show = async (number: string, href: string) => {
      if (number === at.current) return
      at.current = number
      waiting?.abort()
      waiting = new AbortController()
      const { signal } = waiting
      mark(number)
      await new Promise((done) => setTimeout(done, LOAD_DELAY_MS))
      if (signal.aborted) return
      window.history.replaceState(null, '', href)
      try {
        const answer = await fetch(`/api/cases/${number}/glance?lang=${lang}`, { signal })
        const read = answer.ok ? ((await answer.json()) as GlanceShown) : null
        if (!signal.aborted) setShown(read)
      } catch {
        if (!signal.aborted) setShown(null)
      }
      if (!signal.aborted) setChosen(number)
    }
    const rowOf = (target: EventTarget | null) =>
      target instanceof Element && window.matchMedia(ROOM).matches ? target.closest('.queue tr') : null
    const peekOf = (row: Element | null) => row?.querySelector<HTMLAnchorElement>('[data-peek]') ?? null
    const focused = ({ target }: FocusEvent) => {
      const peek = target instanceof Element && target.matches('[data-row]') ? peekOf(rowOf(target)) : null
      if (peek) void show(peek.dataset.peek ?? '', peek.href)
    }
    const pressed = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('[data-peek]') : null
      const row = link && rowOf(link)
      if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      // With the focus on the row, J, K, X and Enter continue from there.
      row.querySelector<HTMLElement>('[data-row]')?.focus({ preventScroll: true })
    }
    document.addEventListener('focusin', focused)
    document.addEventListener('click', pressed)
    return () => {
      waiting?.abort()
      document.removeEventListener('focusin', focused)
      document.removeEventListener('click', pressed)
    }
  }, [lang])

  return (
    <div className="stack" data-glance={chosen}>
      <p className="text-soft">{words.title}</p>
      {shown === null ? (
        <p role="status">{words.failed}</p>
      ) : (
        <>
          <h2 className="num">{shown.number}</h2>
          <p className="glance-state">
            <Tag>{shown.state}</Tag>
            {shown.due.map(({ words: said, tone }) =>
              tone === null ? (
                <span key={said} className="text-soft">
                  {said}
                </span>
              ) : (
                <Tag key={said} tone={tone} icon={null}>
                  {said}
                </Tag>
              ),
            )}
          </p>
          {shown.flags.length === 0 ? null : (
            <p className="queue-flags">
              {shown.flags.map(({ words: said, tone }) => (
                <Tag key={said} tone={tone} icon={null}>
                  {said}
                </Tag>
              ))}
            </p>
          )}
          {shown.next === null ? null : (
            <p className="glance-next">
              <span className="text-soft">{words.next}</span> <b>{shown.next}</b>
            </p>
          )}
          <a
            className="button"
            data-look="quiet"
            data-size="small"
            href={stream === undefined ? shown.href : `${shown.href}?in=${stream}`}
          >
            {words.open} <KeyCap of="Enter" />
          </a>
          <dl>
            {shown.facts.map(({ term, value }) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>
                  {value.map((line) => (
                    <span key={line} className="block">
                      {line}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <Files files={shown.files} words={words} />
        </>
      )}
    </div>
  )
}

function Files({ files, words }: Pick<GlanceShown, 'files'> & Pick<GlancePaneProps, 'words'>) {
  return (
    <>
      <h3>{words.files}</h3>
      {files.length === 0 ? <p className="text-soft">{words.no_files}</p> : null}
      <ul className="glance-files">
        {files.map(({ id, kind, says, look }) => (
          <li key={id} data-hint={look}>
            <Icon name={ICONS[look]} size={18} />
            <span>
              <b>{kind}</b>
              <span className="block">{says}</span>
            </span>
          </li>
        ))}
        <li data-hint="soft">
          <Icon name="lock" size={18} />
          <span>{words.closed}</span>
        </li>
      </ul>
    </>
  )
}
