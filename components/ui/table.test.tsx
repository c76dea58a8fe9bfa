import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Table } from './table.tsx'

const rows = [
  { id: 'viettel', late: 3, note: null },
  { id: 'gmobile', late: 0, note: 'slow' },
]

test('each column draws its head and its cells; the first names the row, and one that is left out draws nothing', () => {
  const markup = renderToStaticMarkup(
    <Table
      caption="Carriers"
      columns={[
        { head: 'Name', cell: ({ id }, index) => `${index + 1} ${id}` },
        { head: 'Late', align: 'end', phone: 'right', cell: ({ late }) => late },
        false,
        { head: 'Note', cell: ({ note }) => note },
      ]}
      rows={rows}
      keyOf={({ id }) => id}
      marks={({ id }) => ({ 'data-carrier': id })}
    />,
  )
  expect(markup.match(/<th scope="col".*?<\/th>/g)).toEqual([
    '<th scope="col">Name</th>',
    '<th scope="col" data-align="end">Late</th>',
    '<th scope="col">Note</th>',
  ])
  expect(markup).toContain(
    '<tr data-carrier="viettel"><th scope="row" data-label="Name">1 viettel</th>' +
      '<td data-label="Late" data-align="end" data-cell="right">3</td><td data-label="Note"></td></tr>',
  )
  expect(markup.match(/<tr data-carrier/g)).toHaveLength(2)
})
