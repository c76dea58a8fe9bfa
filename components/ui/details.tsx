import type { ReactNode } from 'react'

/** Renders help that stays folded until it is wanted. The browser unfolds it for a link to an id inside it. */
export function Details({
  summary,
  note,
  open = false,
  look = 'aside',
  prose = true,
  children,
}: {
  readonly summary: string
  /** The second line, which is read without unfolding. */
  readonly note?: ReactNode
  readonly open?: boolean
  /** `aside`: help beside a field. `row`: one of a list of questions. `plain`: a line in a text. */
  readonly look?: 'aside' | 'row' | 'plain'
  /** False where it holds a form: its lists are no lists of a text. */
  readonly prose?: boolean
  readonly children: ReactNode
}) {
  return (
    <details className={prose ? 'more prose' : 'more'} data-look={look} open={open}>
      <summary>
        {note === undefined ? (
          summary
        ) : (
          <span>
            {summary}
            <span className="block text-sm font-normal text-soft">{note}</span>
          </span>
        )}
      </summary>
      <div className="stack pt-2">{children}</div>
    </details>
  )
}
