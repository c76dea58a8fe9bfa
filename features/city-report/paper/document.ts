import { Document, Page, StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { GREY, nfc, say, section, styles } from '#components/paper/parts.ts'
import { renderTagged } from '#components/paper/tagged.ts'
import { withExactShares } from '../rules.ts'
import { agencies, promises, recommendations, unpublishedNames } from './agencies.ts'
import { comments, data, exclusions, fields, kiosks, suggestions, trend } from './annexes.ts'
import { changesAndPromises, firstPage } from './first-page.ts'
import { front, headline, method } from './front.ts'
import { questions, summary, trialQuestions } from './questions.ts'
import {
  type FrozenReport,
  numeralOf,
  type SectionName,
  sectionsOf,
  type Words,
  wordsOf,
} from './sections.ts'

const own = StyleSheet.create({
  sign: { flexDirection: 'row', justifyContent: 'space-around', marginTop: 30 },
  signer: { alignItems: 'center', paddingBottom: 64 },
  // Positioned from the top: with an inherited line height the renderer loses a page number that is positioned from the
  // bottom.
  foot: { position: 'absolute', top: 802, fontSize: 7.5, color: GREY },
  left: { left: 62 },
  right: { left: 462, width: 85, textAlign: 'right' },
})

/** The height in points of a block at the beginning of a section that must stay on one page. */
const AHEAD: Readonly<Record<string, number>> = { questions: 190, trial: 210, trend: 330, data: 230 }

/** Renders the report to the People's Committee as PDF, on A4 in black ink. The same frozen data gives the same bytes. */
export const reportPdf = async (frozen: FrozenReport): Promise<Buffer> => renderTagged(reportDocument(frozen))

export function reportDocument(frozen: FrozenReport) {
  const { sha256, madeAt, locale } = frozen
  const report = withExactShares(frozen.report)
  const w = wordsOf(locale)
  const parts: Record<SectionName, ReactElement> = {
    method: method(report, w),
    headline: h(
      View,
      {},
      headline(report, w),
      ...(report.front === undefined ? [] : changesAndPromises(report, report.front, w)),
    ),
    agencies: agencies(report, w),
    questions: questions(report, w),
    trend: trend(report, w),
    kiosks: kiosks(report, w),
    comments: comments(report, w),
    promises: promises(report, w),
    suggestions: suggestions(report, w),
    exclusions: exclusions(report, w),
    trial: trialQuestions(report, w),
    recommendations: recommendations(report, w),
    data: data(report, sha256, w, signatures(w)),
  }
  const names = unpublishedNames(report, w)
  return h(
    Document,
    {
      title: nfc(`${w.t('subtitle')}, ${w.period(report)}`),
      language: locale,
      author: 'An Tâm',
      subject: `SHA-256 ${sha256}`,
      // The last day of the data, not the moment of drawing, so that a file drawn again is the same.
      creationDate: madeAt,
      modificationDate: madeAt,
    },
    h(
      Page,
      { size: 'A4', style: styles.page },
      ...foot(frozen, w),
      front(frozen, w),
      ...(report.front === undefined
        ? section(w.t('section.summary'), summary(report, w))
        : [firstPage(report, report.front, w)]),
      ...sectionsOf(report).flatMap((key) =>
        section(`${numeralOf(report, key)}. ${w.t(`section.${key}`)}`, parts[key], AHEAD[key]),
      ),
      ...(names === null ? [] : section(w.t('section.unpublished'), names)),
      // After the signatures, since only programs need it. Left out where the data file contains it.
      ...(report.glossary === undefined ? section(w.t('section.fields'), fields(w)) : []),
    ),
  )
}

const signatures = ({ t }: Words): ReactElement =>
  h(
    View,
    { style: own.sign },
    ...(['maker', 'head'] as const).map((who) =>
      h(
        View,
        { style: own.signer },
        say(t(`sign.${who}`), styles.bold),
        say(t(`sign.${who}Hint`), styles.small),
      ),
    ),
  )

const foot = ({ report, sha256 }: FrozenReport, w: Words): ReactElement[] => [
  h(
    Text,
    { style: [own.foot, own.left], fixed: true },
    nfc(w.t('foot', { period: w.period(report), hash: sha256.slice(0, 16) })),
  ),
  h(Text, {
    style: [own.foot, own.right],
    fixed: true,
    render: ({ pageNumber, totalPages }) =>
      nfc(w.t('page', { page: pageNumber, pages: totalPages ?? pageNumber })),
  }),
]
