import type { ReactNode } from 'react'

/** Renders folded help. The browser unfolds it for a link to an id inside it. */
export function Details({
  summary,
  note,
  open = false,
  look = 'aside',
  prose = true,
  children,
}: {
  readonly summary: string
  /** Second line of the summary, visible while folded. */
  readonly note?: ReactNode
  readonly open?: boolean
  /** `aside`: help beside a field. `row`: one of a list of questions. `plain`: a line in a text. */
  readonly look?: 'aside' | 'row' | 'plain'
  /** False where it contains a form, whose lists must not be styled as lists of a text. */
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
