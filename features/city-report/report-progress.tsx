'use client'
import { useEffect, useState } from 'react'

const EVERY_MS = 3_000

interface Seen {
  readonly state: string | undefined
  readonly label: string
  readonly percent: number
}

/**
 * Shows how far a report is, and moves by itself: the same page is asked for again and again, and loaded once the
 * report is in another state. Without a script the link beside it does that.
 */
export function ReportProgress({ state, label, percent }: Seen & { readonly state: 'queued' | 'running' }) {
  const [seen, setSeen] = useState<Seen>({ state, label, percent })
  useEffect(() => {
    let asking = false
    const timer = setInterval(async () => {
      if (asking || document.hidden) return
      asking = true
      // A page that cannot be read now is read again at the next turn.
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

/**
 * Reads the state that the page shows now; null where it cannot be read. Another page, such as that of signing in, has
 * no state (`undefined`), so that the caller loads the page anew.
 */
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
