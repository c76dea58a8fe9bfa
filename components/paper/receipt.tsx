import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { PAPER_FONT } from './fonts.ts'
import { Qr } from './qr.tsx'

/** Every word of the receipt, in the language it is printed in. */
export interface ReceiptWords {
  readonly office: readonly [string, string]
  readonly nation: readonly [string, string]
  readonly title: string
  readonly subtitle: string
  readonly number: PaperCode
  readonly facts: readonly (readonly [string, string])[]
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[]
  /** What proves that the case was entered: the code, and where it is checked. */
  readonly proof: { readonly title: string; readonly code: string; readonly note: string }
  readonly foot: string
  /** What opens the case, below the line along which it is cut off. */
  readonly own: {
    readonly cut: string
    readonly title: string
    readonly secret: PaperCode
    /** Whose secret it is, once it lies alone. */
    readonly number: string
    readonly scan: string
  }
}

/** What a code is called, the code, and what to know about it. */
interface PaperCode {
  readonly name: string
  readonly code: string
  readonly note: string
}

const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    fontSize: 10,
    lineHeight: 1.4,
    color: '#000',
    paddingVertical: 28,
    paddingHorizontal: 56,
  },
  bold: { fontWeight: 600 },
  head: { flexDirection: 'row', justifyContent: 'space-between', fontSize: 9.5 },
  headPart: { alignItems: 'center' },
  rule: { borderBottomWidth: 0.75, width: 90, marginTop: 3 },
  // A page's line height is inherited in points, not as a factor: larger type needs its own.
  title: { fontSize: 18, lineHeight: 1.45, fontWeight: 600, textAlign: 'center', marginTop: 8 },
  subtitle: { fontSize: 12, lineHeight: 1.45, textAlign: 'center', marginBottom: 6 },
  number: { marginBottom: 6 },
  code: { fontSize: 15, lineHeight: 1.45, fontWeight: 600 },
  note: { fontSize: 9, lineHeight: 1.4 },
  scan: { width: 118, alignItems: 'center', fontSize: 9 },
  fact: { flexDirection: 'row', paddingVertical: 2, borderBottomWidth: 0.5, borderColor: '#777' },
  term: { width: 130 },
  value: { flexGrow: 1, flexBasis: 0, fontWeight: 600 },
  section: { marginTop: 8 },
  sectionTitle: { fontSize: 12, lineHeight: 1.45, fontWeight: 600, marginBottom: 2 },
  proof: { flexDirection: 'row', alignItems: 'center', marginTop: 8, paddingTop: 6, borderTopWidth: 0.75 },
  proofText: { flexGrow: 1, flexBasis: 0, paddingLeft: 12 },
  proofCode: { fontWeight: 600 },
  foot: { fontSize: 8.5, textAlign: 'right', marginTop: 4 },
  // At the foot of the sheet, so that what is cut off is a strip of it.
  own: { marginTop: 'auto', paddingTop: 4, borderTopWidth: 1, borderStyle: 'dashed' },
  cut: { fontSize: 8.5, textAlign: 'center', marginBottom: 4 },
  ownParts: { flexDirection: 'row', alignItems: 'center' },
  ownText: { flexGrow: 1, flexBasis: 0, paddingRight: 12 },
})

/** Composed letters only: the renderer puts a loose diacritic beside its letter. */
const nfc = (text: string): string => text.normalize('NFC')

interface ReceiptPaperProps {
  readonly words: ReceiptWords
  /** Opens the case. */
  readonly link: string
  /** Checks the proof's code. */
  readonly proofLink: string
  readonly language: string
}

/**
 * The receipt on A4 in black ink: what is shown to police, which opens nothing, and below it, to be cut off, what opens
 * the case.
 */
export function ReceiptPaper({ words, link, proofLink, language }: ReceiptPaperProps) {
  return (
    <Document title={nfc(`${words.title} – ${words.number.code}`)} language={language} author="An Tâm">
      <Page size="A4" style={styles.page}>
        <View style={styles.head}>
          {[words.office, words.nation].map(([first, second]) => (
            <View key={first} style={styles.headPart}>
              <Text style={styles.bold}>{nfc(first)}</Text>
              <Text style={styles.bold}>{nfc(second)}</Text>
              <View style={styles.rule} />
            </View>
          ))}
        </View>
        <Text style={styles.title}>{nfc(words.title)}</Text>
        <Text style={styles.subtitle}>{nfc(words.subtitle)}</Text>
        <View style={styles.number}>
          <Text>{nfc(words.number.name)}</Text>
          <Text style={styles.code}>{words.number.code}</Text>
          <Text style={styles.note}>{nfc(words.number.note)}</Text>
        </View>
        {words.facts.map(([term, value]) => (
          <View key={term} style={styles.fact}>
            <Text style={styles.term}>{nfc(term)}</Text>
            <Text style={styles.value}>{nfc(value)}</Text>
          </View>
        ))}
        {words.sections.map(({ title, lines }) => (
          <View key={title} style={styles.section} wrap={false}>
            <Text style={styles.sectionTitle}>{nfc(title)}</Text>
            {lines.map((line) => (
              <Text key={line}>{nfc(line)}</Text>
            ))}
          </View>
        ))}
        <View style={styles.proof} wrap={false}>
          <Qr value={proofLink} size={76} />
          <View style={styles.proofText}>
            <Text style={styles.sectionTitle}>{nfc(words.proof.title)}</Text>
            <Text style={styles.proofCode}>{words.proof.code}</Text>
            <Text style={styles.note}>{nfc(words.proof.note)}</Text>
          </View>
        </View>
        <Text style={styles.foot}>{nfc(words.foot)}</Text>
        <View style={styles.own} wrap={false}>
          <Text style={styles.cut}>{nfc(words.own.cut)}</Text>
          <View style={styles.ownParts}>
            <View style={styles.ownText}>
              <Text style={styles.sectionTitle}>{nfc(words.own.title)}</Text>
              <Text>{nfc(words.own.secret.name)}</Text>
              <Text style={styles.code}>{words.own.secret.code}</Text>
              <Text style={styles.note}>{nfc(words.own.secret.note)}</Text>
              <Text style={styles.note}>{nfc(words.own.number)}</Text>
            </View>
            <View style={styles.scan}>
              <Qr value={link} size={92} />
              <Text>{nfc(words.own.scan)}</Text>
            </View>
          </View>
        </View>
      </Page>
    </Document>
  )
}
