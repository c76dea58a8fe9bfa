import { Document, type DocumentProps, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'
import { qr } from '#components/paper/qr.ts'

// Drawn in a plain Node process, which reads no JSX.

export interface PosterWords {
  readonly city: string
  readonly agency: string
  readonly title: string
  readonly subtitle: string
  readonly steps: readonly string[]
  readonly anonymous: string
}

const styles = StyleSheet.create({
  page: { fontFamily: PAPER_FONT, color: '#000', padding: 40, lineHeight: 1.35 },
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

/** The size of a name, by its letters, and of the code below it, so that everything fits on one sheet. */
const SIZES = [
  { letters: 18, name: 40, code: 270 },
  { letters: 24, name: 32, code: 256 },
  { letters: 48, name: 28, code: 240 },
  { letters: Number.POSITIVE_INFINITY, name: 20, code: 200 },
] as const

export interface PosterProps {
  readonly vi: PosterWords
  readonly en: PosterWords
  readonly link: string
}

/** Returns an agency's poster on A4 in black ink: one code, large enough for a camera across a counter. */
export function posterPaper({ vi, en, link }: PosterProps): ReactElement<DocumentProps> {
  const name = nfc(vi.agency)
  const size = SIZES.find(({ letters }) => name.length <= letters) ?? SIZES[0]
  const step = (text: string, at: number) =>
    h(
      View,
      { style: styles.step, key: at },
      h(View, { style: styles.number }, h(Text, { style: styles.numberText }, at + 1)),
      h(View, { style: styles.stepText }, say(text, styles.stepVi), say(en.steps[at] ?? '', styles.stepEn)),
    )
  return h(
    Document,
    { title: nfc(`${vi.agency} – ${vi.subtitle}`), language: 'vi', author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      h(
        View,
        { style: styles.frame },
        say(vi.city, styles.city),
        h(Text, { style: [styles.agency, { fontSize: size.name }] }, name),
        say(en.agency, styles.agencyEn),
        h(View, { style: styles.rule }),
        say(vi.title, styles.title),
        say(vi.subtitle, styles.subtitle),
        say(`${en.title} ${en.subtitle}.`, styles.agencyEn),
        h(View, { style: styles.qr }, qr(link, size.code)),
        h(View, { style: styles.steps }, ...vi.steps.map(step)),
        h(View, { style: styles.foot }, say(vi.anonymous), say(en.anonymous, styles.stepEn)),
      ),
    ),
  )
}
