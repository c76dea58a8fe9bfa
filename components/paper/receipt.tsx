import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { PAPER_FONT } from './fonts.ts'
import { Qr } from './qr.tsx'

/** Every word of the receipt, in the language it is printed in. */
export interface ReceiptWords {
  readonly office: readonly [string, string]
  readonly nation: readonly [string, string]
  readonly title: string
  readonly subtitle: string
  /** The two codes: what each is called, the code, and what to know about it. */
  readonly codes: readonly { readonly name: string; readonly code: string; readonly note: string }[]
  readonly scan: string
  readonly facts: readonly (readonly [string, string])[]
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[]
  /** What proves that the case was entered: the code, and where it is checked. */
  readonly proof: { readonly title: string; readonly code: string; readonly note: string }
  readonly foot: string
}

const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    fontSize: 10,
    lineHeight: 1.4,
    color: '#000',
    paddingVertical: 36,
    paddingHorizontal: 56,
  },
  bold: { fontWeight: 600 },
  head: { flexDirection: 'row', justifyContent: 'space-between', fontSize: 9.5 },
  headPart: { alignItems: 'center' },
  rule: { borderBottomWidth: 0.75, width: 90, marginTop: 3 },
  // A page's line height is inherited in points, not as a factor: larger type needs its own.
  title: { fontSize: 18, lineHeight: 1.45, fontWeight: 600, textAlign: 'center', marginTop: 12 },
  subtitle: { fontSize: 12, lineHeight: 1.45, textAlign: 'center', marginBottom: 12 },
  codes: { flexDirection: 'row', borderWidth: 1, padding: 12, marginBottom: 10 },
  codeList: { flexGrow: 1, flexBasis: 0, paddingRight: 12 },
  code: { fontSize: 15, lineHeight: 1.45, fontWeight: 600 },
  note: { fontSize: 9, lineHeight: 1.4, marginBottom: 8 },
  scan: { width: 118, alignItems: 'center', fontSize: 9 },
  fact: { flexDirection: 'row', paddingVertical: 2, borderBottomWidth: 0.5, borderColor: '#777' },
  term: { width: 130 },
  value: { flexGrow: 1, flexBasis: 0, fontWeight: 600 },
  section: { marginTop: 10 },
  sectionTitle: { fontSize: 12, lineHeight: 1.45, fontWeight: 600, marginBottom: 2 },
  proof: { flexDirection: 'row', alignItems: 'center', marginTop: 12, paddingTop: 8, borderTopWidth: 0.75 },
  proofText: { flexGrow: 1, flexBasis: 0, paddingLeft: 12 },
  proofCode: { fontWeight: 600 },
  foot: { position: 'absolute', bottom: 20, left: 56, right: 56, fontSize: 8.5, textAlign: 'center' },
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

/** The receipt on A4 in black ink: the two codes, what was received, what comes next, and what proves it. */
export function ReceiptPaper({ words, link, proofLink, language }: ReceiptPaperProps) {
  return (
    <Document
      title={nfc(`${words.title} – ${words.codes[0]?.code ?? ''}`)}
      language={language}
      author="An Tâm"
    >
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
        <View style={styles.codes}>
          <View style={styles.codeList}>
            {words.codes.map(({ name, code, note }) => (
              <View key={name}>
                <Text>{nfc(name)}</Text>
                <Text style={styles.code}>{code}</Text>
                <Text style={styles.note}>{nfc(note)}</Text>
              </View>
            ))}
          </View>
          <View style={styles.scan}>
            <Qr value={link} size={112} />
            <Text>{nfc(words.scan)}</Text>
          </View>
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
        <Text style={styles.foot} fixed>
          {nfc(words.foot)}
        </Text>
      </Page>
    </Document>
  )
}
