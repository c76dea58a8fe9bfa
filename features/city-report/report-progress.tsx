'use client'
import { useEffect, useState } from 'react'

const EVERY_MS = 3_000

interface Seen {
  readonly state: string | undefined
  readonly label: string
  readonly percent: number
}

/** Renders a report's progress, and reloads the page once the state changes. Without JavaScript, a link does that. */
export function ReportProgress({ state, label, percent }: Seen & { readonly state: 'queued' | 'running' }) {
  const [seen, setSeen] = useState<Seen>({ state, label, percent })
  useEffect(() => {
    let asking = false
    const timer = setInterval(async () => {
      if (asking || document.hidden) return
      asking = true
      // A page that cannot be read now is read again next time.
      const found = await asItIs().catch(() => null)
      asking = false
      if (found === null) return
      if (found.state === state) setSeen(found)
      else location.reload()
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [state])
  return (
    <div aria-live="polite">
      <label className="block space-y-2">
        <span>{seen.label}</span>
        <progress max={100} value={seen.percent} />
      </label>
    </div>
  )
}

/** Reads the state from a fresh copy of the page; null if unreadable, `undefined` for another page, such as sign-in. */
async function asItIs(): Promise<Seen | null> {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!answer.ok) return null
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const bar = page.querySelector('progress')
  return {
    state: page.querySelector<HTMLElement>('[data-report-state]')?.dataset.reportState,
    label: bar?.closest('label')?.textContent ?? '',
    percent: bar?.value ?? 0,
  }
}
