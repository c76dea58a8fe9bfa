import { StyleSheet, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles } from '#components/paper/parts.ts'
import { cityWords } from '#messages/city.ts'
import { letterNumber, tallyOf } from '../letters/rules.ts'
import type { LetterPaper, LetterWords } from './letter-words.ts'

const own = StyleSheet.create({
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

const ASKED = ['do', 'last_word', 'answer'] as const

/** Groups a checksum by eight characters, so that a reader finds the place again. */
const grouped = (sha256: string): string => sha256.replace(/.{8}(?=.)/g, '$& ')

/** Returns the letter itself: heading, addressee, what it rests on and what it asks. */
export function opening(letter: LetterPaper, w: LetterWords): ReactElement {
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
