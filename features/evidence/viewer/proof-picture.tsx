'use client'
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { Box } from '#lib/imei/pixels.ts'
import type { PageSide } from '../files/limits-rules.ts'
import {
  bounded,
  moved,
  type Quarters,
  type Sight,
  type Size,
  turnedBox,
  turnedSize,
  turningTransform,
  viewBoxOf,
  WHOLE,
  zoomed,
} from '../turning/rules.ts'
import { tagged } from './rules.ts'

/** A place on a page where a machine read a number. */
export interface Frame {
  readonly page: number
  readonly box: Box | null
  readonly label: string
  readonly tone: 'ok' | 'wait' | 'neutral'
}

/** Share of the visible part that one arrow key moves. */
const STEP = 0.15
const ARROWS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}
/** A pointer that moved fewer pixels counts as a press. */
const STILL = 5
/** Zoom above which the picture that fits the place is too coarse. */
const NEAR = 1.4

/**
 * Renders a page as an SVG. The visible part, the turn and the frames are in its markup, so that the page is right before a
 * script runs. Dragging and arrow keys move it. A press zooms in or, if already zoomed, moves to that place. The wheel zooms
 * while the picture has the focus.
 */
export function ProofPicture(props: {
  /** Address of the page's picture, without its size. */
  readonly source: string
  readonly page: Size
  readonly turns: Quarters
  readonly frames: readonly Frame[]
  readonly sight: Sight
  readonly look: (change: (sight: Sight) => Sight) => void
  readonly bright: number
  /** Without frames and labels. */
  readonly bare: boolean
  /** A size chosen by a link, for browsers without scripts; null: as large as there is room. */
  readonly side: PageSide | null
  readonly alt: string
  readonly hint: string
  readonly loading: string
  readonly failed: string
  readonly root: RefObject<HTMLDivElement | null>
}) {
  const { source, page, turns, frames, sight, look, bright, bare, side } = props
  const { alt, hint, loading, failed, root } = props
  const svg = useRef<SVGSVGElement>(null)
  const drag = useRef<{ x: number; y: number; sight: Sight; far: boolean } | null>(null)
  const [broken, setBroken] = useState<string | null>(null)
  const shown = turnedSize(page, turns)

  const shareAt = (event: { readonly clientX: number; readonly clientY: number }) => {
    const matrix = svg.current?.getScreenCTM()
    if (!matrix) return { x: 0.5, y: 0.5 }
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
    return { x: x / shown.width, y: y / shown.height }
  }

  const wheel = useRef<(event: WheelEvent) => void>(() => {})
  wheel.current = (event) => {
    const here = root.current
    // The wheel scrolls the page unless the picture has the focus; with Ctrl or a two-finger pinch it always zooms.
    if (!event.ctrlKey && !here?.contains(document.activeElement)) return
    if (sight.zoom === 1 && event.deltaY > 0 && !event.ctrlKey) return
    event.preventDefault()
    const at = shareAt(event)
    look((now) => zoomed(now, Math.exp(-event.deltaY / 500), at))
  }
  useEffect(() => {
    const element = root.current
    // React's wheel listeners are passive and cannot prevent scrolling.
    const turned = (event: WheelEvent) => wheel.current(event)
    element?.addEventListener('wheel', turned, { passive: false })
    return () => element?.removeEventListener('wheel', turned)
  }, [root])

  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const [right, down] = ARROWS[event.key] ?? []
    if (event.key === 'Home') look(() => WHOLE)
    else if (right === undefined || down === undefined) return
    else look((now) => moved(now, right, down))
    event.preventDefault()
  }

  const begin = (event: PointerEvent) => {
    if (event.button !== 0) return
    drag.current = { x: event.clientX, y: event.clientY, sight, far: false }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    const from = drag.current
    const scale = svg.current?.getScreenCTM()?.a
    if (!from || !scale) return
    const [right, down] = [from.x - event.clientX, from.y - event.clientY]
    from.far ||= Math.hypot(right, down) > STILL
    if (!from.far) return
    const { zoom, x, y } = from.sight
    look(() => bounded({ zoom, x: x + right / scale / shown.width, y: y + down / scale / shown.height }))
  }
  const end = (event: PointerEvent) => {
    const from = drag.current
    drag.current = null
    if (!from || from.far || event.type !== 'pointerup') return
    const at = shareAt(event)
    look((now) => (now.zoom === 1 ? zoomed(now, 2, at) : bounded({ ...now, ...at })))
  }

  const long = Math.max(shown.width, shown.height)
  const sized = side && { width: (shown.width * side) / long, height: (shown.height * side) / long }
  const fine = side === 2400 || sight.zoom > NEAR
  const sides: readonly PageSide[] = fine ? [1280, 2400] : [side === 480 ? 480 : 1280]
  // Keeps the labels the same size on the screen at every zoom.
  const letter = long / sight.zoom / 34
  return (
    // It takes keys like a scroll area: a group, not a landmark.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    <div
      ref={root}
      className="sight"
      role="group"
      aria-label={hint}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it moves
      tabIndex={0}
      data-bright={bright}
      data-near={sight.zoom > 1 || undefined}
      data-side={side ?? undefined}
      onKeyDown={pressed}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {broken === source ? null : (
        // The picture covers this text when it loads, so nothing needs to remove it.
        <p className="sight-loading" aria-hidden="true">
          {loading}
        </p>
      )}
      <svg
        ref={svg}
        viewBox={viewBoxOf(shown, sight)}
        role="img"
        aria-label={alt}
        data-turns={turns}
        {...sized}
      >
        <g transform={turningTransform(page, turns)}>
          {sides.map((one) => (
            <image
              key={`${source} ${one}`}
              href={`${source}?side=${one}`}
              width={page.width}
              height={page.height}
              onError={() => setBroken(source)}
            />
          ))}
        </g>
        {bare
          ? null
          : tagged(
              frames.flatMap(({ box, ...frame }) =>
                box === null ? [] : [{ ...frame, box: turnedBox(box, turns) }],
              ),
              { shown, sight, letter },
            ).map(({ label, tone, frame, tag }) => (
              <g key={`${frame.x} ${frame.y} ${label}`} data-frame-tone={tone}>
                <rect {...frame} rx={letter / 3} />
                {tag.line === null ? null : <path d={tag.line} />}
                <rect
                  className="tag"
                  x={tag.x}
                  y={tag.y}
                  width={tag.width}
                  height={letter * 1.6}
                  rx={letter / 4}
                />
                <text x={tag.x + letter / 2} y={tag.y + letter * 1.15} fontSize={letter}>
                  {label}
                </text>
              </g>
            ))}
      </svg>
      {broken === source ? (
        <p className="sight-failed" role="alert">
          {failed}
        </p>
      ) : null}
    </div>
  )
}
