import type { ReactNode } from 'react'

/** `cards` over a page's width, `rows` in a narrow column. */
export type LinesLook = 'cards' | 'rows'

export function Lines({ look, children }: { readonly look: LinesLook; readonly children: ReactNode }) {
  return (
    <ul
      className={
        look === 'cards'
          ? 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,12rem),1fr))] gap-3'
          : 'divide-y divide-line border-y border-line'
      }
    >
      {children}
    </ul>
  )
}

export interface LineProps {
  readonly look: LinesLook
  readonly name: string
  /** The numbers, each a link. */
  readonly children: ReactNode
  /** Names their source. */
  readonly note?: ReactNode
  readonly id?: string
}

/** Renders whom to call: the name, the numbers, and below them where they are from. */
export function Line({ look, name, children, note, id }: LineProps) {
  return (
    <li
      className={
        look === 'cards'
          ? 'rounded-part border border-line bg-card px-4 py-3'
          : 'flex max-w-none flex-wrap justify-between gap-x-4 py-2'
      }
      data-hotline={id}
    >
      <b className="block">{name}</b>
      <span className="flex flex-wrap gap-x-4 gap-y-1">{children}</span>
      {note === undefined ? null : <span className="block w-full text-xs text-soft">{note}</span>}
    </li>
  )
}
