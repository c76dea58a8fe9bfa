import { Document, type DocumentProps, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'
import { qr } from '#components/paper/qr.ts'

// Drawn in a plain Node process, which reads no JSX.

const styles = StyleSheet.create({
  page: { fontFamily: PAPER_FONT, color: '#000', padding: 36, paddingBottom: 44, lineHeight: 1.35 },
  // Dashed, to be cut along. The counter's own data is on a separate edge, which is torn off before the slip is handed out.
  slip: {
    height: 148,
    marginBottom: 6,
    borderWidth: 0.75,
    borderStyle: 'dashed',
    borderColor: '#777',
    flexDirection: 'row',
    alignItems: 'center',
  },
  edge: {
    width: 104,
    height: '100%',
    padding: 8,
    borderRightWidth: 0.75,
    borderStyle: 'dashed',
    borderColor: '#777',
    justifyContent: 'center',
  },
  code: { width: 118, alignItems: 'center' },
  words: { flexGrow: 1, flexBasis: 0, padding: 8 },
  name: { fontSize: 13, lineHeight: 1.25, fontWeight: 600, marginBottom: 3 },
  line: { fontSize: 9, lineHeight: 1.3, marginBottom: 3 },
  small: { fontSize: 7.5, lineHeight: 1.25 },
  foot: { position: 'absolute', bottom: 20, left: 36, right: 36, fontSize: 8, textAlign: 'center' },
})

export interface SlipsProps {
  readonly title: string
  readonly agency: string
  readonly words: { readonly line: string; readonly lineEn: string; readonly edge: string }
  readonly slips: readonly {
    readonly link: string
    /** The counter's own reference of the case; empty if the list has none. */
    readonly reference: string
    readonly procedure: string
  }[]
}

/** Returns printed invitations, five to a page, to be cut apart and handed out with the results. */
export function slipsPaper({ title, agency, words, slips }: SlipsProps): ReactElement<DocumentProps> {
  const slip = ({ link, reference, procedure }: SlipsProps['slips'][number]) =>
    h(
      View,
      { key: link, style: styles.slip, wrap: false },
      h(
        View,
        { style: styles.edge },
        say(words.edge, styles.small),
        say(reference || '…', styles.line),
        say(procedure, styles.small),
      ),
      h(View, { style: styles.code }, qr(link, 104)),
      h(
        View,
        { style: styles.words },
        say(agency, styles.name),
        say(words.line, styles.line),
        say(words.lineEn, styles.line),
        h(Text, { style: styles.small }, link.replace(/^https?:\/\//, '')),
      ),
    )
  return h(
    Document,
    { title: nfc(title), language: 'vi', author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      h(View, null, ...slips.map(slip)),
      h(Text, {
        style: styles.foot,
        fixed: true,
        render: ({ pageNumber, totalPages }) => nfc(`${title} · ${pageNumber}/${totalPages}`),
      }),
    ),
  )
}
