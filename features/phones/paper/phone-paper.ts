import { Document, type DocumentProps, Page, StyleSheet, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'
import { qr } from '#components/paper/qr.ts'

// Rendered in a plain Node process, which cannot read JSX.

export interface PhonePaperProps {
  readonly language: string
  readonly words: {
    readonly title: string
    readonly kind: string
    readonly phone: string
    readonly ends: string
    readonly claims: readonly { readonly title: string; readonly text: string }[]
    readonly notes: readonly string[]
    readonly foot: string
    /** Who signs the paper by hand; undefined if its digital signature is enough. */
    readonly hands?: readonly string[]
  }
  /** The QR code's link and the words beside it; null for a paper that is not scanned. */
  readonly scan: { readonly link: string; readonly words: string; readonly code: string } | null
}

const styles = StyleSheet.create({
  page: { fontFamily: PAPER_FONT, fontSize: 10.5, lineHeight: 1.4, color: '#000', padding: 46 },
  paper: { borderWidth: 1.5 },
  head: {
    flexDirection: 'row',
    justifyContent: 'space-between',
    paddingVertical: 6,
    paddingHorizontal: 12,
    backgroundColor: '#000',
    color: '#fff',
  },
  // A page's line height is inherited in points, not as a factor: larger type needs its own.
  title: { fontSize: 13, lineHeight: 1.4, fontWeight: 600 },
  part: { paddingVertical: 9, paddingHorizontal: 12 },
  name: { fontSize: 17, lineHeight: 1.4, fontWeight: 600 },
  claim: { paddingVertical: 7, paddingHorizontal: 12, borderTopWidth: 0.75 },
  bold: { fontWeight: 600 },
  scan: {
    flexDirection: 'row',
    alignItems: 'center',
    borderTopWidth: 0.75,
    paddingVertical: 10,
    paddingHorizontal: 12,
  },
  scanText: { flexGrow: 1, flexBasis: 0, paddingLeft: 14 },
  note: { marginTop: 8 },
  hands: { flexDirection: 'row', marginTop: 14, height: 110 },
  hand: { flexGrow: 1, flexBasis: 0, textAlign: 'center' },
})

/** Returns a phone's paper on A4 in black ink: a certificate or receipt with its code, or a hand-over paper. */
export const phonePaper = ({ words, scan, language }: PhonePaperProps): ReactElement<DocumentProps> =>
  h(
    Document,
    { title: nfc(`${words.title} – ${words.phone}`), language, author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      h(
        View,
        { style: styles.paper },
        h(View, { style: styles.head }, say(words.title, styles.title), say(words.kind)),
        h(View, { style: styles.part }, say(words.phone, styles.name), say(words.ends)),
        ...words.claims.map(({ title, text }) =>
          h(View, { style: styles.claim, wrap: false }, say(title, styles.bold), say(text)),
        ),
        scan === null
          ? null
          : h(
              View,
              { style: styles.scan, wrap: false },
              qr(scan.link, 190),
              h(View, { style: styles.scanText }, say(scan.words), say(scan.code, styles.bold)),
            ),
        h(View, { style: styles.claim }, say(words.foot)),
      ),
      ...words.notes.map((note) => say(note, styles.note)),
      words.hands &&
        h(View, { style: styles.hands, wrap: false }, ...words.hands.map((hand) => say(hand, styles.hand))),
    ),
  )
