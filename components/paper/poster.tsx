import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { PAPER_FONT } from './fonts.ts'
import { Qr } from './qr.tsx'

/** What a poster says, in one language. */
export interface PosterWords {
  readonly city: string
  readonly agency: string
  readonly title: string
  readonly subtitle: string
  readonly steps: readonly string[]
  readonly anonymous: string
}

const styles = StyleSheet.create({
  page: { fontFamily: PAPER_FONT, color: '#000', padding: 48, lineHeight: 1.35 },
  frame: { flexGrow: 1, borderWidth: 2, paddingVertical: 26, paddingHorizontal: 34, alignItems: 'center' },
  city: {
    fontSize: 11,
    lineHeight: 1.35,
    letterSpacing: 0.6,
    textTransform: 'uppercase',
    textAlign: 'center',
  },
  agency: { lineHeight: 1.2, fontWeight: 600, textAlign: 'center', marginTop: 8 },
  agencyEn: { fontSize: 14, lineHeight: 1.35, textAlign: 'center', marginTop: 2 },
  rule: { width: 90, borderBottomWidth: 2, marginVertical: 14 },
  title: { fontSize: 26, lineHeight: 1.25, fontWeight: 600, textAlign: 'center' },
  subtitle: { fontSize: 17, lineHeight: 1.35, textAlign: 'center', marginTop: 2 },
  qr: { marginVertical: 8 },
  steps: { alignSelf: 'stretch', marginTop: 4 },
  step: { flexDirection: 'row', alignItems: 'center', marginBottom: 9 },
  number: {
    width: 28,
    height: 28,
    borderWidth: 1.5,
    borderRadius: 14,
    alignItems: 'center',
    justifyContent: 'center',
    marginRight: 14,
  },
  numberText: { fontSize: 14, lineHeight: 1, fontWeight: 600 },
  stepText: { flexGrow: 1, flexBasis: 0 },
  stepVi: { fontSize: 15.5, lineHeight: 1.3, fontWeight: 600 },
  stepEn: { fontSize: 11.5, lineHeight: 1.3 },
  foot: { fontSize: 11, lineHeight: 1.4, textAlign: 'center', marginTop: 'auto' },
})

/**
 * How large a name is set, by its letters, and the code below it: a name of one line is read across a hall, one of more
 * gives way with the code, so that all of it stays on one sheet.
 */
const SIZES = [
  { letters: 18, name: 40, code: 270 },
  { letters: 24, name: 32, code: 256 },
  { letters: 48, name: 28, code: 240 },
  { letters: Number.POSITIVE_INFINITY, name: 20, code: 200 },
] as const
const sizeOf = (name: string) => SIZES.find(({ letters }) => name.length <= letters) ?? SIZES[0]

/** Composed letters only: the renderer puts a loose diacritic beside its letter. */
const nfc = (text: string): string => text.normalize('NFC')

export interface PosterProps {
  readonly vi: PosterWords
  readonly en: PosterWords
  /** Where the QR code leads. */
  readonly link: string
}

/** An agency's poster on A4 in black ink: one code, large enough for a camera across a counter. */
export function PosterPaper({ vi, en, link }: PosterProps) {
  const size = sizeOf(nfc(vi.agency))
  return (
    <Document title={nfc(`${vi.agency} – ${vi.subtitle}`)} language="vi" author="An Tâm">
      <Page size="A4" style={styles.page}>
        <View style={styles.frame}>
          <Text style={styles.city}>{nfc(vi.city)}</Text>
          <Text style={[styles.agency, { fontSize: size.name }]}>{nfc(vi.agency)}</Text>
          <Text style={styles.agencyEn}>{nfc(en.agency)}</Text>
          <View style={styles.rule} />
          <Text style={styles.title}>{nfc(vi.title)}</Text>
          <Text style={styles.subtitle}>{nfc(vi.subtitle)}</Text>
          <Text style={styles.agencyEn}>{nfc(`${en.title} ${en.subtitle}.`)}</Text>
          <View style={styles.qr}>
            <Qr value={link} size={size.code} />
          </View>
          <View style={styles.steps}>
            {vi.steps.map((step, at) => (
              <View key={step} style={styles.step}>
                <View style={styles.number}>
                  <Text style={styles.numberText}>{at + 1}</Text>
                </View>
                <View style={styles.stepText}>
                  <Text style={styles.stepVi}>{nfc(step)}</Text>
                  <Text style={styles.stepEn}>{nfc(en.steps[at] ?? '')}</Text>
                </View>
              </View>
            ))}
          </View>
          <Text style={styles.foot}>{nfc(vi.anonymous)}</Text>
        </View>
      </Page>
    </Document>
  )
}
