import { StyleSheet, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { GREY, say, styles, table } from '#components/paper/parts.ts'
import type { BookLine } from '../../rules/book.ts'
import { letterNumber } from '../../rules/letter.ts'
import type { LetterPaper, LetterWords } from './words.ts'

const own = StyleSheet.create({
  name: { fontSize: 13, lineHeight: 1.4, fontWeight: 600, textAlign: 'center' },
  of: { textAlign: 'center', marginBottom: 10 },
  imei: { fontSize: 10.5, lineHeight: 1.35, fontWeight: 600 },
  order: { fontSize: 6, lineHeight: 1.3, color: GREY },
})

/** Returns every line, and room for what the carrier did with it. */
export const annex = (letter: LetterPaper, w: LetterWords): ReactElement =>
  h(
    View,
    {},
    say(w.t('annex'), own.name),
    say(w.t('annex_of', { number: letterNumber(letter), ...w.day(letter.madeAt) }), own.of),
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
  h(View, {}, say(line.imei, own.imei), say(inTwo(line.order), own.order)),
  ofOrder(`action.${line.action}`),
  ofOrder(`reason.${line.reason}`),
  when(line.issuedAt),
  '',
]

/** Breaks an order's id in two: it is wider than its column, and the renderer would break it anywhere. */
const inTwo = (order: string): string => `${order.slice(0, 19)}\n${order.slice(19)}`
