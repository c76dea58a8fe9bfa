import { Document, type DocumentProps, Page, StyleSheet, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'
import { qr } from '#components/paper/qr.ts'

// Rendered in a plain Node process, which cannot read JSX.

export interface ReceiptWords {
  readonly office: readonly [string, string]
  readonly nation: readonly [string, string]
  readonly title: string
  readonly subtitle: string
  readonly number: PaperCode
  readonly facts: readonly (readonly [string, string])[]
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[]
  /** The proof of entry: its code, and where to check it. */
  readonly proof: { readonly title: string; readonly code: string; readonly note: string }
  readonly foot: string
  /** The part that opens the case, below the cut line; null on a copy, which opens nothing. */
  readonly own: {
    readonly cut: string
    readonly title: string
    readonly secret: PaperCode
    /** Names the case again, because this part is cut off. */
    readonly number: string
    readonly scan: string
  } | null
}

interface PaperCode {
  readonly name: string
  readonly code: string
  readonly note: string
}

const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    fontSize: 9.5,
    lineHeight: 1.35,
    color: '#000',
    paddingVertical: 24,
    paddingHorizontal: 46,
  },
  bold: { fontWeight: 600 },
  head: { flexDirection: 'row', justifyContent: 'space-between', fontSize: 9.5 },
  headPart: { alignItems: 'center' },
  rule: { borderBottomWidth: 0.75, width: 90, marginTop: 3 },
  // A page's line height is inherited in points, not as a factor: larger type needs its own.
  title: { fontSize: 17, lineHeight: 1.45, fontWeight: 600, textAlign: 'center', marginTop: 6 },
  subtitle: { fontSize: 12, lineHeight: 1.45, textAlign: 'center', marginBottom: 6 },
  number: { marginBottom: 6 },
  code: { fontSize: 15, lineHeight: 1.45, fontWeight: 600 },
  note: { fontSize: 9, lineHeight: 1.4 },
  scan: { width: 118, alignItems: 'center', fontSize: 9 },
  fact: { flexDirection: 'row', paddingVertical: 1.5, borderBottomWidth: 0.5, borderColor: '#777' },
  term: { width: 130 },
  value: { flexGrow: 1, flexBasis: 0, fontWeight: 600 },
  section: { marginTop: 6 },
  sectionTitle: { fontSize: 11, lineHeight: 1.45, fontWeight: 600, marginBottom: 2 },
  proof: { flexDirection: 'row', alignItems: 'center', marginTop: 8, paddingTop: 6, borderTopWidth: 0.75 },
  proofText: { flexGrow: 1, flexBasis: 0, paddingLeft: 12 },
  proofCode: { fontWeight: 600 },
  foot: { fontSize: 8.5, textAlign: 'right', marginTop: 4 },
  // At the foot of the sheet, so that it can be cut off as a strip.
  own: { marginTop: 'auto', paddingTop: 4, borderTopWidth: 1, borderStyle: 'dashed' },
  cut: { fontSize: 8.5, textAlign: 'center', marginBottom: 4 },
  ownParts: { flexDirection: 'row', alignItems: 'center' },
  ownText: { flexGrow: 1, flexBasis: 0, paddingRight: 12 },
})

export interface ReceiptProps {
  readonly words: ReceiptWords
  /** Opens the case; undefined on a copy. */
  readonly link?: string
  readonly proofLink: string
  readonly language: string
}

/**
 * Returns the receipt on A4 in black ink. The upper part is for police and opens nothing; the lower part, to be
 * cut off, opens the case.
 */
export function receiptPaper({
  words,
  link,
  proofLink,
  language,
}: ReceiptProps): ReactElement<DocumentProps> {
  const { number, proof, own } = words
  return h(
    Document,
    { title: nfc(`${words.title} – ${number.code}`), language, author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      h(View, { style: styles.head }, headPart(words.office), headPart(words.nation)),
      say(words.title, styles.title),
      say(words.subtitle, styles.subtitle),
      h(
        View,
        { style: styles.number },
        say(number.name),
        say(number.code, styles.code),
        say(number.note, styles.note),
      ),
      ...words.facts.map(([term, value]) =>
        h(View, { style: styles.fact }, say(term, styles.term), say(value, styles.value)),
      ),
      ...words.sections.map(({ title, lines }) =>
        h(
          View,
          { style: styles.section, wrap: false },
          say(title, styles.sectionTitle),
          ...lines.map((line) => say(line)),
        ),
      ),
      h(
        View,
        { style: styles.proof, wrap: false },
        qr(proofLink, 68),
        h(
          View,
          { style: styles.proofText },
          say(proof.title, styles.sectionTitle),
          say(proof.code, styles.proofCode),
          say(proof.note, styles.note),
        ),
      ),
      say(words.foot, styles.foot),
      own === null || link === undefined ? null : strip(own, link),
    ),
  )
}

const strip = (own: NonNullable<ReceiptWords['own']>, link: string): ReactElement =>
  h(
    View,
    { style: styles.own, wrap: false },
    say(own.cut, styles.cut),
    h(
      View,
      { style: styles.ownParts },
      h(
        View,
        { style: styles.ownText },
        say(own.title, styles.sectionTitle),
        say(own.secret.name),
        say(own.secret.code, styles.code),
        say(own.secret.note, styles.note),
        say(own.number, styles.note),
      ),
      h(View, { style: styles.scan }, qr(link, 92), say(own.scan)),
    ),
  )

const headPart = ([first, second]: readonly [string, string]): ReactElement =>
  h(
    View,
    { style: styles.headPart },
    say(first, styles.bold),
    say(second, styles.bold),
    h(View, { style: styles.rule }),
  )
