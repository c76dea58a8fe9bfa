import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly head: string
  /** Stands before the head's words, such as a box that ticks all rows. */
  readonly beside?: ReactNode
  /** An empty cell is left out on a phone. */
  readonly cell: (row: Row, index: number) => ReactNode
  readonly align?: 'end'
  /**
   * How a card shows it on a phone, where the name beside the value is not the best. `below`: the value under its name,
   * for prose. `left`, `right`: half a line without the name, for values that need none; the first `right` is beside
   * the row's name. `named`: the row's own name after the column's, as in "Line 3". `more`: not shown until a box above the
   * table is ticked (`.facts`).
   */
  readonly phone?: 'below' | 'left' | 'right' | 'named' | 'more'
}

interface TableProps<Row> {
  readonly caption: string
  /** Only for screen readers, where a heading above says the same. */
  readonly captionHidden?: boolean
  /** The first column names its row. Each has a head of its own; a column that is left out is false. */
  readonly columns: readonly (Column<Row> | false)[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row, index: number) => string
  /** Marks of a row for programs, such as `data-carrier`. */
  readonly marks?: (row: Row, index: number) => Readonly<Record<`data-${string}`, string | number | boolean>>
  /**
   * `dense`: cards of two lines, without room between them. `roomy`: cards that stand apart, one column of named
   * values. `scroll`: many rows of short numbers, which as cards would be a dozen screens; they move sideways under
   * their names.
   */
  readonly phone?: 'cards' | 'dense' | 'roomy' | 'scroll'
}

/** Rows on a wide screen; on a phone each row is a card, each value beside the name of its column. */
export function Table<Row>({ phone = 'cards', ...table }: TableProps<Row>) {
  if (phone !== 'scroll') return <Rows {...table} phone={phone} />
  return (
    // A group and no landmark: a page may have a dozen. What moves sideways is moved with the keyboard too.
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
