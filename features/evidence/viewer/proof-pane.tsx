'use client'
import { type FormEvent, type MouseEvent, type ReactNode, useRef, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import type { ViewPage } from '../files/rules.ts'
import {
  around,
  type Quarters,
  quarters,
  type Sight,
  type Size,
  sightOf,
  turnedBox,
  turnedSize,
  USUAL_PLACE,
  WHOLE,
  zoomed,
} from '../turning/rules.ts'
import { type Frame, ProofPicture } from './proof-picture.tsx'
import type { ChosenPage, ViewerChoice } from './rules.ts'

export interface ViewedFile {
  readonly id: string
  readonly label: string
  readonly alt: string
  readonly mark: { readonly agrees: boolean; readonly words: string } | null
  readonly pages: readonly ViewPage[]
  readonly frames: readonly Frame[]
  /** Shown if there is no picture. */
  readonly instead: ReactNode
  /** The claimed and the read numbers, shown above the picture. */
  readonly digits: ReactNode
  readonly details: ReactNode
}

export interface ViewerWords {
  readonly files: string
  readonly tools: string
  readonly nearer: string
  readonly farther: string
  readonly left: string
  readonly right: string
  readonly bright: string
  readonly bare: string
  readonly full: string
  readonly whole: string
  readonly beside: string
  readonly alone: string
  readonly previous: string
  readonly next: string
  readonly page: string
  readonly sizes: string
  readonly fit: string
  readonly hint: string
  readonly loading: string
  readonly failed: string
  readonly unkept: string
}

const STEP = 1.5
/** Brightness steps: normal, brighter, very bright, darker. */
const BRIGHTS = 4

/** Returns the first view of a page: near the numbers that were read, but not too close; without any, the whole page. */
function firstSight({ frames }: ViewedFile, number: number, page: Size, turns: Quarters): Sight {
  const parts = frames.flatMap((frame) => (frame.page === number && frame.box ? [frame.box] : []))
  if (parts.length === 0) return WHOLE
  return sightOf(turnedBox(around(parts), turns), turnedSize(page, turns), USUAL_PLACE, 2)
}

export function ProofPane(props: {
  readonly files: readonly ViewedFile[]
  readonly chosen: ChosenPage
  readonly link: (to: ViewerChoice) => {
    readonly href: string
    readonly onClick: (event: MouseEvent) => void
  }
  readonly to: (chosen: ChosenPage) => ViewerChoice
  readonly go: (to: ViewerChoice) => void
  /** The choice with a second page, or without it again; null if another pane has that button. */
  readonly other: ViewerChoice | null
  readonly back: string
  readonly keys: boolean
  readonly side: ViewerChoice['side']
  readonly turnsOf: (chosen: ChosenPage, stored: Quarters) => Quarters
  readonly turn: (chosen: ChosenPage, turns: Quarters) => void
  readonly panes: number
  readonly words: ViewerWords
}) {
  const { files, chosen, link, to, go, other, back, keys, side, turnsOf, turn, panes, words } = props
  const root = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const [sight, look] = useState<Sight | null>(null)
  const [bright, setBright] = useState(0)
  const [bare, setBare] = useState(false)
  const file = files.find(({ id }) => id === chosen.id) ?? files[0]
  const number = file?.pages[chosen.page - 1] ? chosen.page : 1
  const page = file?.pages[number - 1]
  // The view is reset when the page or its room changes.
  const shown = `${file?.id} ${number} ${panes}`
  const [last, setLast] = useState(shown)
  if (last !== shown) {
    setLast(shown)
    look(null)
  }
  if (!file) return null
  const here = { id: file.id, page: number }
  const turns = page ? turnsOf(here, page.turns) : 0
  const begun = page && !side ? firstSight(file, number, page, turns) : WHOLE
  const change = (by: (now: Sight) => Sight) => look((now) => by(now ?? begun))
  const now = sight ?? begun
  const key = (name: string) => (keys ? { 'aria-keyshortcuts': name } : {})

  const turning = (event: FormEvent<HTMLFormElement>) => {
    const by = (event.nativeEvent as SubmitEvent).submitter
    if (!(by instanceof HTMLButtonElement)) return
    event.preventDefault()
    look(null)
    turn(here, quarters(Number(by.value)))
  }
  // The server renders the rows of digits; each button names its frame.
  const pointed = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest('[data-frame]') : null
    const frame = file.frames[Number(button?.getAttribute('data-frame') ?? Number.NaN)]
    const there = frame && file.pages[frame.page - 1]
    if (!frame?.box || !there) return
    const place = { id: file.id, page: frame.page }
    go(to(place))
    setLast(`${file.id} ${frame.page} ${panes}`)
    const by = turnsOf(place, there.turns)
    look(sightOf(turnedBox(frame.box, by), turnedSize(there, by), picture.current?.getBoundingClientRect()))
    picture.current?.focus()
  }
  const fullScreen = () => {
    if (document.fullscreenElement) void document.exitFullscreen()
    else void root.current?.requestFullscreen?.()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a button is pressed by keys as well
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    <div
      ref={root}
      className="proof-pane"
      role="group"
      aria-label={file.alt}
      onClick={pointed}
      data-showing={file.id}
    >
      {files.map(({ id, digits }) => (
        <div key={id} className="proof-digits" hidden={id !== file.id}>
          {digits}
        </div>
      ))}
      <div className="proof-bar">
        {/* biome-ignore lint/a11y/useSemanticElements: two panes would be two landmarks of one name */}
        <div role="group" aria-label={words.files} className="proof-tabs">
          {files.map(({ id, label, mark }) => (
            <a
              key={id}
              {...link(to({ id, page: 1 }))}
              className="proof-tab"
              aria-current={id === file.id ? 'true' : undefined}
            >
              <Icon name={mark ? (mark.agrees ? 'check' : 'alert') : 'file'} size={16} />
              {label}
              {mark ? <span className="sr-only">: {mark.words}</span> : null}
            </a>
          ))}
        </div>
        {page ? (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
          <div className="proof-tools" role="group" aria-label={words.tools}>
            <button
              type="button"
              className="proof-step needs-script"
              aria-label={words.farther}
              {...key('-')}
              onClick={() => change((from) => zoomed(from, 1 / STEP))}
            >
              −
            </button>
            <button
              type="button"
              className="proof-zoom needs-script"
              aria-label={`${Math.round(now.zoom * 100)} %. ${words.whole}`}
              onClick={() => look(WHOLE)}
            >
              {Math.round(now.zoom * 100)} %
            </button>
            <button
              type="button"
              className="proof-step needs-script"
              aria-label={words.nearer}
              {...key('+ =')}
              onClick={() => change((from) => zoomed(from, STEP))}
            >
              +
            </button>
            <form method="post" action={`/api/evidence/${file.id}/turn`} onSubmit={turning}>
              <input type="hidden" name="page" value={number} />
              <input type="hidden" name="back" value={back} />
              <button type="submit" name="turns" value={quarters(turns - 1)} aria-label={words.left}>
                <Icon name="turnLeft" />
              </button>
              <button
                type="submit"
                name="turns"
                value={quarters(turns + 1)}
                aria-label={words.right}
                {...key('r')}
              >
                <Icon name="turnRight" />
              </button>
            </form>
            <button
              type="button"
              className="needs-script"
              aria-label={words.bright}
              aria-pressed={bright > 0}
              {...key('b')}
              onClick={() => setBright((now) => (now + 1) % BRIGHTS)}
            >
              <Icon name="sun" />
            </button>
            {file.frames.length === 0 ? null : (
              <button
                type="button"
                className="proof-bare needs-script"
                aria-pressed={!bare}
                {...key('i')}
                onClick={() => setBare((now) => !now)}
              >
                {words.bare} {keys ? <KeyCap of="i" /> : null}
              </button>
            )}
            <button
              type="button"
              className="needs-script"
              aria-label={words.full}
              {...key('f')}
              onClick={fullScreen}
            >
              <Icon name="expand" />
            </button>
            {other ? (
              <a {...link(other)} className="proof-beside">
                {other.beside ? words.beside : words.alone}
              </a>
            ) : null}
          </div>
        ) : null}
      </div>
      {page ? (
        <ProofPicture
          root={picture}
          source={`/api/evidence/${file.id}/pages/${number}`}
          page={page}
          turns={turns}
          frames={file.frames.filter((frame) => frame.page === number)}
          sight={now}
          look={change}
          bright={bright}
          bare={bare}
          side={side}
          alt={file.alt}
          hint={words.hint}
          loading={words.loading}
          failed={words.failed}
        />
      ) : (
        <div className="proof-instead">{file.instead}</div>
      )}
      {file.pages.length > 1 ? (
        <p className="proof-pages">
          {number > 1 ? (
            <a {...link(to({ id: file.id, page: number - 1 }))}>{words.previous}</a>
          ) : (
            <span className="text-soft">{words.previous}</span>
          )}
          <span className="num">
            {words.page.replace('{page}', String(number)).replace('{pages}', String(file.pages.length))}
          </span>
          {number < file.pages.length ? (
            <a {...link(to({ id: file.id, page: number + 1 }))}>{words.next}</a>
          ) : (
            <span className="text-soft">{words.next}</span>
          )}
        </p>
      ) : null}
      {page ? (
        <p className="proof-sizes">
          {words.sizes} <a href={`${link(to(here)).href}`}>{words.fit}</a>
          {([480, 1280, 2400] as const).map((one) => (
            <a key={one} href={link({ ...to(here), side: one }).href}>
              {one} px
            </a>
          ))}
        </p>
      ) : null}
      {files.map(({ id, details }) => (
        <div key={id} className="proof-details" hidden={id !== file.id} data-evidence={id}>
          {details}
        </div>
      ))}
    </div>
  )
}
