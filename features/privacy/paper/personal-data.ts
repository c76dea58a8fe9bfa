import { Document, type DocumentProps, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'

// Runs in a process of plain Node, which cannot read JSX.

export interface PersonalDataWords {
  readonly title: string
  readonly subtitle: string
  readonly sections: readonly {
    readonly title: string
    readonly rows: readonly (readonly [string, string])[]
  }[]
  readonly none: string
  readonly foot: string
}

const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    fontSize: 9.5,
    lineHeight: 1.45,
    color: '#000',
    paddingTop: 46,
    paddingBottom: 54,
    paddingHorizontal: 52,
  },
  // Without its own, it inherits the page's line height in points, which is too small for larger type.
  title: { fontSize: 17, lineHeight: 1.45, fontWeight: 600 },
  subtitle: { fontSize: 10.5, lineHeight: 1.45, marginBottom: 8 },
  section: { fontSize: 12, lineHeight: 1.45, fontWeight: 600, marginTop: 12, marginBottom: 3 },
  row: { flexDirection: 'row', paddingVertical: 2.5, borderBottomWidth: 0.5, borderColor: '#777' },
  term: { width: 150, paddingRight: 8 },
  value: { flexGrow: 1, flexBasis: 0 },
  foot: { position: 'absolute', bottom: 24, left: 52, right: 52, fontSize: 8, textAlign: 'center' },
})

export interface PersonalDataProps {
  readonly words: PersonalDataWords
  readonly language: string
}

export function personalDataPaper({ words, language }: PersonalDataProps): ReactElement<DocumentProps> {
  const row = ([term, value]: readonly [string, string]) =>
    h(View, { style: styles.row }, say(term, styles.term), say(value, styles.value))
  return h(
    Document,
    { title: nfc(words.title), language, author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      say(words.title, styles.title),
      say(words.subtitle, styles.subtitle),
      // `minPresenceAhead` keeps a heading with its rows only if it is a direct child of the page.
      ...words.sections.flatMap(({ title, rows }) => [
        h(View, { minPresenceAhead: 40, wrap: false }, say(title, styles.section)),
        ...(rows.length === 0 ? [say(words.none)] : rows.map(row)),
      ]),
      h(Text, { style: styles.foot, fixed: true }, nfc(words.foot)),
    ),
  )
}
