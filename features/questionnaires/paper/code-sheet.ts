import { Document, type DocumentProps, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { nfc, say } from '#components/paper/parts.ts'
import { qr } from '#components/paper/qr.ts'

// Drawn by a plain Node process, which cannot read JSX.

const styles = StyleSheet.create({
  page: {
    fontFamily: PAPER_FONT,
    color: '#000',
    paddingTop: 34,
    paddingBottom: 40,
    paddingHorizontal: 36,
    lineHeight: 1.35,
  },
  grid: { flexDirection: 'row', flexWrap: 'wrap' },
  // Dashed lines to cut along.
  card: {
    width: '50%',
    height: 186,
    padding: 8,
    borderWidth: 0.75,
    borderStyle: 'dashed',
    borderColor: '#777',
    flexDirection: 'row',
    alignItems: 'center',
  },
  words: { flexGrow: 1, flexBasis: 0, paddingLeft: 12 },
  name: { fontSize: 16, lineHeight: 1.25, fontWeight: 600 },
  longName: { fontSize: 12, lineHeight: 1.25, fontWeight: 600 },
  english: { fontSize: 9, lineHeight: 1.25, marginTop: 2, marginBottom: 5 },
  line: { fontSize: 8.5, lineHeight: 1.3, marginBottom: 3 },
  code: { width: 128 },
  address: { fontSize: 7.5, lineHeight: 1.2, textAlign: 'center' },
  foot: { position: 'absolute', bottom: 18, left: 36, right: 36, fontSize: 8.5, textAlign: 'center' },
})

/** A name with more letters is set smaller to fit its card. */
const LONG_NAME = 20

export interface CodeSheetProps {
  readonly title: string
  readonly line: string
  readonly lineEn: string
  readonly agencies: readonly {
    readonly id: string
    readonly vi: string
    readonly en: string
    readonly link: string
  }[]
}

/** Splits a web address into lines after its slashes; a break elsewhere would add a hyphen that is not part of it. */
const addressLines = (link: string): string[] => link.replace(/^https?:\/\//, '').split(/(?<=\/)/)

/** Renders the agencies' codes, eight to a page, to be cut out and placed on counters. */
export function codeSheetPaper({
  title,
  line,
  lineEn,
  agencies,
}: CodeSheetProps): ReactElement<DocumentProps> {
  const card = ({ id, vi, en, link }: CodeSheetProps['agencies'][number]) =>
    h(
      View,
      { key: id, style: styles.card, wrap: false },
      h(
        View,
        { style: styles.code },
        qr(link, 128),
        ...addressLines(link).map((part) => h(Text, { key: part, style: styles.address }, part)),
      ),
      h(
        View,
        { style: styles.words },
        say(vi, vi.length > LONG_NAME ? styles.longName : styles.name),
        say(en, styles.english),
        say(line, styles.line),
        say(lineEn, styles.line),
      ),
    )
  return h(
    Document,
    { title: nfc(title), language: 'vi', author: 'An Tâm' },
    h(
      Page,
      { size: 'A4', style: styles.page },
      h(View, { style: styles.grid }, ...agencies.map(card)),
      h(Text, {
        style: styles.foot,
        fixed: true,
        render: ({ pageNumber, totalPages }) => nfc(`${title} · ${pageNumber}/${totalPages}`),
      }),
    ),
  )
}
