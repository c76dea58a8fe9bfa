import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { Fragment } from 'react'
import { PAPER_FONT } from './fonts.ts'

/** Every word of the paper, in the language it is printed in. */
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
  // A page's line height is inherited in points, not as a factor: larger type needs its own.
  title: { fontSize: 17, lineHeight: 1.45, fontWeight: 600 },
  subtitle: { fontSize: 10.5, lineHeight: 1.45, marginBottom: 8 },
  section: { fontSize: 12, lineHeight: 1.45, fontWeight: 600, marginTop: 12, marginBottom: 3 },
  row: { flexDirection: 'row', paddingVertical: 2.5, borderBottomWidth: 0.5, borderColor: '#777' },
  term: { width: 150, paddingRight: 8 },
  value: { flexGrow: 1, flexBasis: 0 },
  foot: { position: 'absolute', bottom: 24, left: 52, right: 52, fontSize: 8, textAlign: 'center' },
})

/** Composed letters only: the renderer puts a loose diacritic beside its letter. */
const nfc = (text: string): string => text.normalize('NFC')

/** What is held of a person, on A4 in black ink. */
export function PersonalDataPaper({
  words,
  language,
}: {
  readonly words: PersonalDataWords
  readonly language: string
}) {
  return (
    <Document title={nfc(words.title)} language={language} author="An Tâm">
      <Page size="A4" style={styles.page}>
        <Text style={styles.title}>{nfc(words.title)}</Text>
        <Text style={styles.subtitle}>{nfc(words.subtitle)}</Text>
        {words.sections.map(({ title, rows }) => (
          // A heading stays with its rows only as the page's own child.
          <Fragment key={title}>
            <View minPresenceAhead={40} wrap={false}>
              <Text style={styles.section}>{nfc(title)}</Text>
            </View>
            {rows.length === 0 ? <Text>{nfc(words.none)}</Text> : null}
            {rows.map(([term, value], at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows never move, and two may say the same
              <View key={at} style={styles.row}>
                <Text style={styles.term}>{nfc(term)}</Text>
                <Text style={styles.value}>{nfc(value)}</Text>
              </View>
            ))}
          </Fragment>
        ))}
        <Text style={styles.foot} fixed>
          {nfc(words.foot)}
        </Text>
      </Page>
    </Document>
  )
}
