import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly head: string
  /** Shown before the column name, such as a box that ticks all rows. */
  readonly beside?: ReactNode
  /** A phone leaves out empty cells. */
  readonly cell: (row: Row, index: number) => ReactNode
  readonly align?: 'end'
  /**
   * How a phone's card shows the cell, where the default (name beside value) does not fit. `below`: the value under its name, for
   * prose. `left`, `right`: half a line without the name, for values that need none; the first `right` is beside the row's name.
   * `named`: the row's own name after the column's, as in "Line 3". `more`: hidden until a box above the table is ticked
   * (`.facts`).
   */
  readonly phone?: 'below' | 'left' | 'right' | 'named' | 'more'
}

interface TableProps<Row> {
  readonly caption: string
  /** Shows the caption to screen readers only, where a heading above says the same. */
  readonly captionHidden?: boolean
  /** The first column names the row. Every column has a heading; an omitted column is false. */
  readonly columns: readonly (Column<Row> | false)[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row, index: number) => string
  /** Data attributes of a row for programs, such as `data-carrier`. */
  readonly marks?: (row: Row, index: number) => Readonly<Record<`data-${string}`, string | number | boolean>>
  /**
   * `dense`: cards of two lines, without space between them. `roomy`: cards with space between them, one column of named values.
   * `scroll`: for many rows of short numbers, which would be a dozen screens as cards; the rows scroll sideways.
   */
  readonly phone?: 'cards' | 'dense' | 'roomy' | 'scroll'
}

/** Renders rows on a wide screen; on a phone each row is a card, with each value beside its column's name. */
export function Table<Row>({ phone = 'cards', ...table }: TableProps<Row>) {
  if (phone !== 'scroll') return <Rows {...table} phone={phone} />
  return (
    // A group, not a landmark: a page may have a dozen. Focusable, so that the keyboard can scroll it.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it moves
    <div className="table-scroll" role="group" aria-label={table.caption} tabIndex={0}>
      <Rows {...table} phone={phone} />
    </div>
  )
}

function Rows<Row>({ caption, captionHidden = false, columns, rows, keyOf, marks, phone }: TableProps<Row>) {
  const shown = columns.filter((column) => column !== false)
  const [name, ...others] = shown
  if (name === undefined) return null
  return (
    <table
      className="table"
      data-phone={phone === 'scroll' ? phone : 'cards'}
      data-roomy={phone === 'roomy' ? '' : undefined}
      data-dense={phone === 'dense' ? '' : undefined}
    >
      <caption className={captionHidden ? 'sr-only' : undefined}>{caption}</caption>
      <thead>
        <tr>
          {shown.map(({ head, beside, align, phone }) => (
            <th key={head} scope="col" data-align={align} data-more={phone === 'more' ? '' : undefined}>
              {beside === undefined ? (
                head
              ) : (
                <span className="flex items-center gap-2">
                  {beside}
                  {head}
                </span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={keyOf(row, index)} {...marks?.(row, index)}>
            <th scope="row" data-label={name.head} data-cell={name.phone}>
              {name.cell(row, index)}
            </th>
            {others.map(({ head, cell, align, phone }) => (
              <td
                key={head}
                data-label={head}
                data-align={align}
                data-cell={phone}
                data-more={phone === 'more' ? '' : undefined}
              >
                {cell(row, index)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
