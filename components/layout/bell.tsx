'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'

interface BellProps {
  readonly href: string
  readonly total: number
  /** Address of the number's event stream; with `?once` it answers JSON. */
  readonly source: string
  /** `{count}` is the placeholder for the number. */
  readonly words: { readonly none: string; readonly some: string; readonly changed: string }
  readonly current: boolean
  readonly children: ReactNode
}

/** The badge shows "99+" from this number on. */
const MOST = 100
/** Milliseconds without a message after which we assume that a proxy holds the stream back, and poll instead. */
const PATIENCE = 20_000
const ASK_EVERY = 60_000
const LONGEST_BREAK = 300_000

const badgeOf = (total: number): string => (total >= MOST ? '99+' : String(total))

/** Keeps the number up to date by a stream in the visible tab and requests in hidden ones: a browser has six connections. */
function useLive(source: string, initial: number): number {
  const [total, setTotal] = useState(initial)
  useEffect(() => {
    let stream: EventSource | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    let fails = 0
    let over = false
    const later = (work: () => void, milliseconds: number) => {
      clearTimeout(timer)
      timer = setTimeout(work, milliseconds)
    }
    const close = () => {
      clearTimeout(timer)
      stream?.close()
      stream = null
    }
    const ask = async () => {
      try {
        const answer = await fetch(`${source}?once`)
        if (answer.status === 204) over = true
        else if (answer.ok) setTotal(((await answer.json()) as { total: number }).total)
      } catch {
        // No connection: retried later.
      }
      if (!over) later(ask, ASK_EVERY)
    }
    const open = () => {
      close()
      const opened = new EventSource(source)
      stream = opened
      later(() => {
        close()
        later(ask, 0)
      }, PATIENCE)
      opened.addEventListener('count', ({ data }) => {
        clearTimeout(timer)
        fails = 0
        setTotal((JSON.parse(data) as { total: number }).total)
      })
      opened.addEventListener('ended', () => {
        over = true
        close()
      })
      opened.onerror = () => {
        close()
        // All pages lose a server at the same moment; they must not reconnect at the same moment.
        const pause = Math.min(2_000 * 2 ** fails++, LONGEST_BREAK)
        later(open, pause / 2 + (Math.random() * pause) / 2)
      }
    }
    const seen = () => {
      if (over) return
      close()
      if (document.visibilityState === 'visible') open()
      else later(ask, ASK_EVERY)
    }
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => {
      close()
      document.removeEventListener('visibilitychange', seen)
    }
  }, [source])
  return total
}

/** Renders the link to the person's waiting tasks, with their number. Announces it politely when it grows. */
export function Bell({ href, total: initial, source, words, current, children }: BellProps) {
  const total = useLive(source, initial)
  const before = useRef(initial)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (total === before.current) return
    setSaid(total > before.current ? words.changed.replace('{count}', badgeOf(total)) : '')
    before.current = total
    const title = document.title.replace(/^\(\d+\+?\) /, '')
    document.title = total > 0 ? `(${badgeOf(total)}) ${title}` : title
  }, [total, words.changed])
  return (
    <>
      <a
        href={href}
        className="desk-bell"
        aria-current={current ? 'page' : undefined}
        aria-label={total > 0 ? words.some.replace('{count}', badgeOf(total)) : words.none}
        data-waiting={total}
      >
        {children}
        {total > 0 ? <span className="desk-count">{badgeOf(total)}</span> : null}
      </a>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  )
}
