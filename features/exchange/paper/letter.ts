import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { GREY, nfc, say, styles, table } from '#components/paper/parts.ts'
import { cityWords } from '#messages/city.ts'
import type { BookLine } from '../book/rules.ts'
import { type LetterNumber, letterNumber, tallyOf } from '../letters/rules.ts'
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
  head: { flexDirection: 'row', justifyContent: 'space-between' },
  office: { alignItems: 'center', width: 200, fontSize: 10, lineHeight: 1.4, textAlign: 'center' },
  nation: { alignItems: 'center', width: 262, fontSize: 10, lineHeight: 1.4, textAlign: 'center' },
  rule: { borderBottomWidth: 0.75, width: 90, marginTop: 3, marginBottom: 6 },
  about: { marginTop: 3, fontSize: 9.5, lineHeight: 1.4, textAlign: 'center' },
  to: { marginTop: 26, marginBottom: 14, textAlign: 'center' },
  paragraph: { marginBottom: 7, textIndent: 28, textAlign: 'justify' },
  item: { flexDirection: 'row', marginBottom: 4 },
  mark: { width: 20 },
  text: { flexGrow: 1, flexBasis: 0, textAlign: 'justify' },
  sum: { borderWidth: 0.75, padding: 8, marginTop: 6, fontSize: 9.5, lineHeight: 1.45 },
  hash: { fontWeight: 600, fontSize: 10, lineHeight: 1.5 },
})

/** Renders a letter to a carrier with its annex, on A4 in black ink. The same letter gives the same bytes. */
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
      // The time of the letter, not of the drawing: a file that is drawn again must be the same.
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

const ASKED = ['do', 'last_word', 'answer'] as const

/** Groups a checksum by eight characters, which is easier to read. */
const grouped = (sha256: string): string => sha256.replace(/.{8}(?=.)/g, '$& ')

function opening(letter: LetterPaper, w: LetterWords): ReactElement {
  const { t } = w
  const { authority, addressee, legalBases } = letter.facts
  const tally = tallyOf(letter.lines)
  const [first, last] = [letter.lines.at(0)?.seq ?? 0, letter.lines.at(-1)?.seq ?? 0]
  return h(
    View,
    {},
    h(
      View,
      { style: own.head },
      h(
        View,
        { style: own.office },
        say(t('city', { city: cityWords('vi').city.toLocaleUpperCase('vi') })),
        say(authority.toLocaleUpperCase('vi'), styles.bold),
        h(View, { style: own.rule }),
        say(t('number', { number: letterNumber(letter) })),
        say(t('about', tally), own.about),
      ),
      h(
        View,
        { style: own.nation },
        say(t('nation'), styles.bold),
        say(t('motto'), styles.bold),
        h(View, { style: own.rule }),
        say(t('dated', { ...w.day(letter.madeAt), ...cityWords('vi') })),
      ),
    ),
    say(t('to', { addressee }), own.to),
    ...legalBases.map((basis) => say(t('basis', { basis }), own.paragraph)),
    say(t('asks', { authority, addressee, ...tally }), own.paragraph),
    ...ASKED.map((key, at) =>
      h(
        View,
        { style: own.item, wrap: false },
        say(`${at + 1}.`, own.mark),
        say(t(`asked.${key}`), own.text),
      ),
    ),
    h(
      View,
      { style: own.sum, wrap: false },
      say(t('annex_file', { rows: letter.lines.length, first, last })),
      say(grouped(letter.annexSha256), own.hash),
    ),
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
