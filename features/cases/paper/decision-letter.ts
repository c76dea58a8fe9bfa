import { Document, type DocumentProps, Page, StyleSheet, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'

// Runs in a plain Node process, which reads no JSX.

export interface DecisionLetterWords {
  readonly office: readonly [string, string]
  readonly nation: readonly [string, string]
  readonly title: string
  readonly subtitle: string
  readonly facts: readonly (readonly [string, string])[]
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[]
  /** The receipt that is signed at the desk, below the line along which police cut it off. */
  readonly receipt: {
    readonly title: string
    readonly lines: readonly string[]
    readonly signatures: readonly [string, string]
    readonly sign: string
  }
  readonly foot: string
}

const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    fontSize: 10,
    lineHeight: 1.4,
    color: '#000',
    paddingTop: 36,
    paddingBottom: 36,
    paddingHorizontal: 52,
  },
  bold: { fontWeight: 600 },
  head: { flexDirection: 'row', justifyContent: 'space-between', fontSize: 9.5 },
  headPart: { alignItems: 'center', maxWidth: 230 },
  rule: { borderBottomWidth: 0.75, width: 90, marginTop: 3 },
  // A page's line height is inherited in points, not as a factor: larger type needs its own.
  title: { fontSize: 16, lineHeight: 1.45, fontWeight: 600, textAlign: 'center', marginTop: 12 },
  subtitle: { fontSize: 11, lineHeight: 1.45, textAlign: 'center', marginBottom: 8 },
  fact: { flexDirection: 'row', paddingVertical: 2, borderBottomWidth: 0.5, borderColor: '#777' },
  term: { width: 130, paddingRight: 8 },
  value: { flexGrow: 1, flexBasis: 0, fontWeight: 600 },
  section: { marginTop: 9 },
  sectionTitle: { fontSize: 11.5, lineHeight: 1.45, fontWeight: 600, marginBottom: 2 },
  foot: { fontSize: 9, lineHeight: 1.4, textAlign: 'right', marginTop: 8 },
  receipt: { marginTop: 'auto', paddingTop: 8, borderTopWidth: 1, borderStyle: 'dashed' },
  signatures: { flexDirection: 'row', justifyContent: 'space-between', marginTop: 8, height: 78 },
  signature: { width: 200, alignItems: 'center' },
})

export interface DecisionLetterProps {
  readonly words: DecisionLetterWords
  readonly language: string
}

export function decisionLetterPaper({ words, language }: DecisionLetterProps): ReactElement<DocumentProps> {
  const { receipt } = words
  return h(
    Document,
    { title: nfc(words.title), language, author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      h(View, { style: styles.head }, headPart(words.office), headPart(words.nation)),
      say(words.title, styles.title),
      say(words.subtitle, styles.subtitle),
      ...words.facts.map(([term, value]) =>
        h(View, { style: styles.fact, wrap: false }, say(term, styles.term), say(value, styles.value)),
      ),
      ...words.sections.map(({ title, lines }) =>
        h(
          View,
          { style: styles.section },
          say(title, styles.sectionTitle),
          ...lines.map((line) => say(line)),
        ),
      ),
      say(words.foot, styles.foot),
      h(
        View,
        { style: styles.receipt, wrap: false },
        say(receipt.title, styles.sectionTitle),
        ...receipt.lines.map((line) => say(line)),
        h(
          View,
          { style: styles.signatures },
          ...receipt.signatures.map((who) =>
            h(View, { style: styles.signature }, say(who, styles.bold), say(receipt.sign)),
          ),
        ),
      ),
    ),
  )
}

const headPart = ([first, second]: readonly [string, string]): ReactElement =>
  h(View, { style: styles.headPart }, say(first), say(second, styles.bold), h(View, { style: styles.rule }))
