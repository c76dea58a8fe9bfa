'use client'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import type { Quarters } from '../turning/rules.ts'
import { ProofPane, type ViewedFile, type ViewerWords } from './proof-pane.tsx'
import { type ChosenPage, choiceHref, type ViewerChoice } from './rules.ts'

interface ProofViewerProps {
  /** At least one. */
  readonly files: readonly ViewedFile[]
  readonly choice: ViewerChoice
  /** The rest of the page's query, which is kept. */
  readonly rest: string
  /** Path and query of the page, to which the forms return. */
  readonly back: string
  /** True if its buttons have the page's shortcut keys, which only one viewer may have. */
  readonly keys: boolean
  readonly words: ViewerWords
}

/** Renders the files of a case large, one at a time or two side by side. Every link and form works without a script. */
export function ProofViewer({ files, choice, rest, back, keys, words }: ProofViewerProps) {
  const [{ first, beside }, choose] = useState({
    first: choice.first ?? { id: files[0]?.id ?? '', page: 1 },
    beside: choice.beside,
  })
  const [turned, setTurned] = useState<Readonly<Record<string, Quarters>>>({})
  const [side, setSide] = useState(choice.side)
  const [unkept, setUnkept] = useState(false)
  const sending = useRef<Promise<unknown>>(Promise.resolve())
  // The size links are only for browsers without scripts.
  useEffect(() => setSide(null), [])

  const turnsOf = ({ id, page }: ChosenPage, stored: Quarters) => turned[`${id} ${page}`] ?? stored
  const turn = ({ id, page }: ChosenPage, turns: Quarters) => {
    setTurned((before) => ({ ...before, [`${id} ${page}`]: turns }))
    const body = new URLSearchParams({ page: String(page), turns: String(turns) })
    const headers = { accept: 'application/json' }
    // Turns are sent one after another, so that the last one is kept.
    sending.current = sending.current
      .then(() => fetch(`/api/evidence/${id}/turn`, { method: 'POST', headers, body }))
      .then(({ ok }) => setUnkept(!ok))
      .catch(() => setUnkept(true))
  }

  const panes: readonly [ChosenPage, (to: ChosenPage) => ViewerChoice][] = [
    [first, (to) => ({ first: to, beside, side: null })],
    ...(beside
      ? [
          [beside, (to: ChosenPage) => ({ first, beside: to, side: null })] satisfies [
            ChosenPage,
            (to: ChosenPage) => ViewerChoice,
          ],
        ]
      : []),
  ]
  const next = nextOf(files, first)
  // The first pane's button opens the second pane; the second pane's button closes it.
  const otherOf = (at: number): ViewerChoice | null =>
    at === 1
      ? { first, beside: null, side: null }
      : beside || !next
        ? null
        : { first, beside: next, side: null }
  const go = (to: ViewerChoice) => choose({ first: to.first ?? first, beside: to.beside })
  const link = (to: ViewerChoice) => ({
    href: `${choiceHref(rest, to)}#proof`,
    onClick: (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      go(to)
    },
  })
  return (
    <div className="proof" data-panes={panes.length}>
      {panes.map(([chosen, choosing], at) => (
        <ProofPane
          // biome-ignore lint/suspicious/noArrayIndexKey: the left one and the right one
          key={at}
          files={files}
          chosen={chosen}
          link={link}
          to={choosing}
          go={go}
          other={otherOf(at)}
          back={back}
          keys={keys && at === 0}
          side={side}
          turnsOf={turnsOf}
          turn={turn}
          panes={panes.length}
          words={words}
        />
      ))}
      <p role="status" className="proof-said">
        {unkept ? words.unkept : null}
      </p>
    </div>
  )
}

/**
 * Returns the page for the second pane: the next file's first page or, with a single file, its next or previous page;
 * null if there is no other.
 */
function nextOf(files: readonly ViewedFile[], { id, page }: ChosenPage): ChosenPage | null {
  const at = files.findIndex((file) => file.id === id)
  const next = files[(at + 1) % files.length]
  if (next && next.id !== id) return { id: next.id, page: 1 }
  const pages = files[at]?.pages.length ?? 0
  return pages > 1 ? { id, page: page < pages ? page + 1 : page - 1 } : null
}
