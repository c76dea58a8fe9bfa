import { StyleSheet, Text, type TextProps, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from './fonts.ts'
import { as, type Role } from './tagged.ts'

// The worker runs this in plain Node, which reads no JSX.

/** Still legible when printed with black ink. */
export const GREY = '#5a5a5a'
export const RULE = '#b8b8b8'

export const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    fontSize: 9.5,
    lineHeight: 1.45,
    color: '#000',
    paddingTop: 48,
    paddingBottom: 58,
    paddingLeft: 62,
    paddingRight: 48,
  },
  bold: { fontWeight: 600 },
  grey: { color: GREY },
  lead: { marginBottom: 6 },
  small: { fontSize: 8.5, lineHeight: 1.45 },
  sectionTitle: { fontSize: 12.5, lineHeight: 1.4, fontWeight: 600, marginTop: 18, marginBottom: 6 },
  title: { fontSize: 10.5, lineHeight: 1.4, fontWeight: 600, marginTop: 10, marginBottom: 3 },
  head: {
    flexDirection: 'row',
    alignItems: 'flex-end',
    borderTopWidth: 0.75,
    borderBottomWidth: 0.75,
    paddingVertical: 2.5,
    fontWeight: 600,
    fontSize: 8.5,
    lineHeight: 1.3,
  },
  row: {
    flexDirection: 'row',
    alignItems: 'center',
    borderBottomWidth: 0.4,
    borderColor: RULE,
    paddingVertical: 2.4,
  },
  top: { alignItems: 'flex-start' },
  end: { textAlign: 'right' },
})

/** Composes letters and diacritics (NFC): the renderer draws a separate diacritic beside its letter. */
export const nfc = (text: string): string => text.normalize('NFC')

/** Returns a text element; `role` is its role in tagged PDF, by default a paragraph. */
export const say = (
  text: string,
  style: NonNullable<TextProps['style']> = {},
  role: Role = 'P',
): ReactElement => h(Text, { style, ...as(role) }, nfc(text))

interface PaperColumn {
  readonly label: string
  /** Share of the table's width, as a flex weight. */
  readonly width: number
  readonly align?: 'end'
}

type Cell = string | ReactElement

/** Returns a table that may continue over pages. Its head is on each page and never alone, and no row is split. */
export function table({
  columns,
  rows,
  grey = false,
  top = false,
}: {
  readonly columns: readonly PaperColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly grey?: boolean
  /** Aligns cells of several lines to the top. */
  readonly top?: boolean
}): ReactElement {
  const cell = (content: Cell, { width, align }: PaperColumn, role: 'TH' | 'TD') =>
    h(
      View,
      {
        ...as(role),
        style: {
          flexGrow: width,
          flexBasis: 0,
          paddingRight: align === 'end' ? 0 : 8,
          paddingLeft: align === 'end' ? 10 : 0,
        },
      },
      typeof content === 'string' ? say(content, align === 'end' ? styles.end : {}) : content,
    )
  const cells = (row: readonly Cell[], role: 'TH' | 'TD') =>
    columns.map((column, at) => cell(row[at] ?? '', column, role))
  const look = [styles.row, ...(top ? [styles.top] : []), ...(grey ? [styles.grey] : [])]
  const labels = columns.map(({ label }) => label)
  const head = () => h(View, { ...as('TR'), style: styles.head }, ...cells(labels, 'TH'))
  const line = (row: readonly Cell[]) =>
    h(View, { ...as('TR'), style: look, wrap: false }, ...cells(row, 'TD'))
  const [first, ...others] = rows
  // The last row is never alone on a page: it forms one block with the row before it.
  const last = others.length > 1 ? others.splice(-2) : []
  let began = 0
  const note = ({ pageNumber }: { readonly pageNumber: number }) => {
    began = pageNumber
    return null
  }
  return h(
    View,
    as('Table'),
    h(View, { wrap: false }, h(View, { render: note }), head(), ...(first ? [line(first)] : [])),
    h(
      View,
      {},
      // Repeats the head on each following page; the first page has it already.
      h(View, { fixed: true, render: ({ pageNumber }) => (pageNumber === began ? null : head()) }),
      ...others.map(line),
      ...(last.length === 0 ? [] : [h(View, { wrap: false }, ...last.map(line))]),
    ),
  )
}

/** Returns a heading that is never alone at the bottom of a page. */
export const title = (text: string): ReactElement =>
  h(View, { minPresenceAhead: 45, wrap: false }, say(text, styles.title, 'H3'))

/** Returns a numbered section. `ahead`: points of content that must fit on the heading's page. */
export const section = (heading: string, part: ReactElement, ahead = 90): ReactElement[] => [
  h(View, { minPresenceAhead: ahead, wrap: false }, say(heading, styles.sectionTitle, 'H2')),
  part,
]
