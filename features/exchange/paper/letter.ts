import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { GREY, nfc, say, styles, table } from '#components/paper/parts.ts'
import type { BookLine } from '../book/rules.ts'
import { type LetterNumber, letterNumber } from '../letters/rules.ts'
import { opening } from './letter-opening.ts'
import { type LetterPaper, type LetterWords, letterWords } from './letter-words.ts'

const own = StyleSheet.create({
  page: { fontSize: 11.5, lineHeight: 1.5 },
  sign: { flexDirection: 'row', justifyContent: 'space-between', marginTop: 22 },
  copies: { width: 200 },
  signer: { width: 230, alignItems: 'center', paddingBottom: 72 },
  // Placed from the top: with an inherited line height the renderer loses a page number that is placed from the bottom.
  foot: { position: 'absolute', top: 802, fontSize: 7.5, color: GREY },
  left: { left: 62 },
  right: { left: 447, width: 100, textAlign: 'right' },
})

/** Returns a letter to a carrier on A4 in black ink, with its annex: the same bytes from the same letter. */
export function letterDocument(letter: LetterPaper) {
  const w = letterWords()
  const number = letterNumber(letter)
  return h(
    Document,
    {
      title: nfc(w.t('file_title', { number })),
      language: 'vi',
      author: nfc(letter.facts.authority),
      subject: `SHA-256 ${letter.annexSha256}`,
      // The moment of the letter, not of the drawing: a file that is drawn again must be the same.
      creationDate: letter.madeAt,
      modificationDate: letter.madeAt,
    },
    h(
      Page,
      { size: 'A4', style: [styles.page, own.page] },
      ...foot(letter, w),
      opening(letter, w),
      signatures(w),
    ),
    h(Page, { size: 'A4', style: styles.page }, ...foot(letter, w), annex(letter, w)),
  )
}

const signatures = ({ t }: LetterWords): ReactElement =>
  h(
    View,
    { style: own.sign, wrap: false },
    h(
      View,
      { style: [styles.small, own.copies] },
      say(t('copies'), styles.bold),
      say(t('copies_addressee')),
      say(t('copies_police')),
      say(t('copies_file')),
    ),
    h(
      View,
      { style: own.signer },
      say(t('signer'), styles.bold),
      say(t('signer_hint'), { ...styles.small, marginTop: 2 }),
    ),
  )

/** Returns the foot of every page: which letter, and the page. */
const foot = (letter: LetterNumber, { t }: LetterWords): ReactElement[] => [
  h(Text, { style: [own.foot, own.left], fixed: true }, nfc(t('foot', { number: letterNumber(letter) }))),
  h(Text, {
    style: [own.foot, own.right],
    fixed: true,
    render: ({ pageNumber, totalPages }) =>
      nfc(t('page', { page: pageNumber, pages: totalPages ?? pageNumber })),
  }),
]

const annexStyles = StyleSheet.create({
  name: { fontSize: 13, lineHeight: 1.4, fontWeight: 600, textAlign: 'center' },
  of: { textAlign: 'center', marginBottom: 10 },
  imei: { fontSize: 10.5, lineHeight: 1.35, fontWeight: 600 },
  order: { fontSize: 6, lineHeight: 1.3, color: GREY },
})

/** Returns every line, and room for what the carrier did with it. */
const annex = (letter: LetterPaper, w: LetterWords): ReactElement =>
  h(
    View,
    {},
    say(w.t('annex'), annexStyles.name),
    say(w.t('annex_of', { number: letterNumber(letter), ...w.day(letter.madeAt) }), annexStyles.of),
    table({
      columns: [
        { label: w.t('column.seq'), width: 8 },
        { label: w.t('column.imei'), width: 30 },
        { label: w.t('column.action'), width: 12 },
        { label: w.t('column.reason'), width: 22 },
        { label: w.t('column.issued'), width: 17 },
        { label: w.t('column.result'), width: 20 },
      ],
      rows: letter.lines.map((line) => cells(line, w)),
      top: true,
    }),
    say(w.t('end', { rows: letter.lines.length }), { ...styles.grey, marginTop: 8 }),
  )

const cells = (line: BookLine, { ofOrder, when }: LetterWords) => [
  String(line.seq),
  h(View, {}, say(line.imei, annexStyles.imei), say(inTwo(line.order), annexStyles.order)),
  ofOrder(`action.${line.action}`),
  ofOrder(`reason.${line.reason}`),
  when(line.issuedAt),
  '',
]

/** Breaks an order's id in two: it is wider than its column, and the renderer would break it anywhere. */
const inTwo = (order: string): string => `${order.slice(0, 19)}\n${order.slice(19)}`
