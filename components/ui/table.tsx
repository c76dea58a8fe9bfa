import type { ReactNode } from 'react'

export interface Column {
  readonly key: string
  readonly label: string
  readonly align?: 'end'
  /**
   * How a card shows it on a phone, where the name beside the value is not the best. `below`: the value under its name,
   * for prose. `left`, `right`: half a line without the name, for values that need none; the first `right` is beside
   * the row's name. `named`: the row's own name after the column's, as in "Line 3".
   */
  readonly phone?: 'below' | 'left' | 'right' | 'named'
}

export interface Row {
  readonly key: string
  /** The content under each column, by the column's key; an empty cell is left out on a phone. */
  readonly cells: Readonly<Record<string, ReactNode>>
  /** Marks for programs, such as `data-carrier`. */
  readonly marks?: Readonly<Record<`data-${string}`, string | number | boolean>>
}

export interface TableProps {
  readonly caption: string
  /** Only for screen readers, where a heading above says the same. */
  readonly captionHidden?: boolean
  /** The first column names its row. */
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /**
   * `dense`: cards of two lines, without room between them. `roomy`: cards that stand apart, one column of named
   * values. `scroll`: many rows of short numbers, which as cards would be a dozen screens; they move sideways under
   * their names.
   */
  readonly phone?: 'cards' | 'dense' | 'roomy' | 'scroll'
}

/** Rows on a wide screen; on a phone each row is a card, each value beside the name of its column. */
export function Table({ phone = 'cards', ...table }: TableProps) {
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

function Rows({ caption, captionHidden = false, columns, rows, phone }: TableProps) {
  const [head, ...others] = columns
  if (head === undefined) return null
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
          {columns.map(({ key, label, align }) => (
            <th key={key} scope="col" data-align={align}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} {...row.marks}>
            <th scope="row" data-label={head.label} data-cell={head.phone}>
              {row.cells[head.key]}
            </th>
            {others.map(({ key, label, align, phone }) => (
              <td key={key} data-label={label} data-align={align} data-cell={phone}>
                {row.cells[key]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
