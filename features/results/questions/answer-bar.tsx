import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { byFigures, mayChooseMany, type Question } from '#features/questionnaires/questions/rules.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { people, percent } from '../rules.ts'
import type { Tally } from '../tally-rules.ts'
import { type AnswerPart, type AnswerSteps, answerSteps } from './rules.ts'

/** Renders the hatching of the two worst answers, once per page, for grey, print and dark mode. */
export function AnswerPatterns() {
  return (
    <svg className="absolute size-0" aria-hidden="true">
      <pattern id="worse" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path className="answer-hatch" data-step="2" d="M0 0v7" />
      </pattern>
      <pattern
        id="worst"
        width="4.5"
        height="4.5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <path className="answer-hatch" data-step="1" d="M0 0v4.5" />
      </pattern>
    </svg>
  )
}

const HATCHES: Partial<Record<number, string>> = { 2: 'url(#worse)', 1: 'url(#worst)' }

const width = (share: number): string => `${Math.round(share * 1000) / 10}%`

/** Returns a part's shade: its step's, or one of two in turns where no answer is better than another. */
const shadeOf = ({ step }: AnswerPart, at: number): string => String(step ?? (at % 2 === 0 ? 4 : 3))

function Part({ part, at }: { readonly part: AnswerPart; readonly at: number }) {
  const hatch = part.step === null ? undefined : HATCHES[part.step]
  const box = { x: width(part.from), width: width(part.share), height: 30 }
  return (
    <>
      <rect {...box} className="answer-part" data-step={shadeOf(part, at)} />
      {hatch === undefined ? null : <rect {...box} fill={hatch} />}
    </>
  )
}

/** Marks the point of the bar between good and not good answers, and its interval, in per cent of the bar's width. */
function Whisker({ low, high }: { readonly low: number; readonly high: number }) {
  return (
    <g className="answer-whisker">
      <line x1={width(low)} x2={width(low)} y1="34" y2="42" />
      <line x1={width(high)} x2={width(high)} y1="34" y2="42" />
      <line x1={width(low)} x2={width(high)} y1="38" y2="38" />
    </g>
  )
}

interface AnswerBarProps {
  readonly question: Question
  readonly tally: Tally | null
  readonly version: number
  /** Every version whose answers are added up, where the page states it. */
  readonly versions?: readonly number[]
}

export async function AnswerBar({ question, tally, version, versions }: AnswerBarProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const words = question[locale]
  const steps = tally && byFigures(question.kind, { options: () => answerSteps(question, tally) })
  const many = mayChooseMany(question.kind)
  const name = (code: string) => question.options.find((one) => one.code === code)?.[locale] ?? code
  const params = { version: String(version), question: question.key }
  return (
    <li className="answers">
      <div className="space-y-1">
        <h3>
          <Link
            className="text-ink no-underline hover:text-teal hover:underline"
            href={{ pathname: '/results/questions/[version]/[question]', params }}
          >
            {words}
          </Link>
        </h3>
        {tally === null || steps === null ? (
          <p className="text-sm text-soft">{t('questionFew')}</p>
        ) : (
          <>
            <Good steps={steps} respondents={tally.respondents} />
            {steps.aside.map(({ code, count }) => (
              <p key={code} className="text-xs text-soft">
                {t('bars.aside', { count, answer: name(code) })}
              </p>
            ))}
            {question.shownIf === undefined ? null : (
              <p className="text-xs text-soft">{t('bars.dependent')}</p>
            )}
            {versions === undefined ? null : (
              <p className="text-xs text-soft">{t('versions.added', { versions: versions.join(', ') })}</p>
            )}
          </>
        )}
      </div>
      {steps === null || steps.parts.length === 0 ? null : (
        <>
          {many ? null : (
            <svg className="answer-bar" role="img" aria-label={t('bars.drawing', { question: words })}>
              {steps.parts.map((part, at) => (
                <Part key={part.code} part={part} at={at} />
              ))}
              {steps.parts
                .map((part, at) => ({ part, at }))
                .filter(({ part }) => part.share >= 0.12)
                .map(({ part, at }) => (
                  <text
                    key={part.code}
                    x={width(part.from + part.share / 2)}
                    y="20.5"
                    className="answer-number"
                    data-step={shadeOf(part, at)}
                  >
                    {percent(locale, part.share)}
                  </text>
                ))}
              {steps.good === null ? null : <Whisker {...steps.good} />}
            </svg>
          )}
          <ul className="answer-keys">
            {steps.parts.map((part, at) => (
              <li
                key={part.code}
                data-option={part.code}
                data-count={part.count}
                data-low={toTenThousandths(part.low)}
                data-high={toTenThousandths(part.high)}
              >
                {many ? null : (
                  <svg viewBox="0 0 30 30" aria-hidden="true">
                    <rect
                      width="30"
                      height="30"
                      rx="6"
                      className="answer-part"
                      data-step={shadeOf(part, at)}
                    />
                    {part.step !== null && part.step < 3 ? (
                      <rect width="30" height="30" rx="6" fill={HATCHES[part.step]} />
                    ) : null}
                  </svg>
                )}
                <span>{name(part.code)}</span>
                <b>{percent(locale, part.share)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  )
}

/** Renders the share of good answers with its interval, or the number of answers where none is better than another. */
async function Good({ steps, respondents }: { readonly steps: AnswerSteps; readonly respondents: number }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  if (steps.good === null)
    return <p className="text-sm text-soft">{t('questionBase', { count: respondents })}</p>
  const { words, share, low, high } = steps.good
  const bounds = { low: Math.round(low * 100), high: percent(locale, high) }
  return (
    <p className="text-sm text-soft">
      <b className="num text-lg text-ink">{percent(locale, share)}</b> {t(`bars.good.${words}`)}{' '}
      <span className="num">{t('bars.between', bounds)}</span>
      <span className="sr-only">. {t('questionBase', { count: people(locale, respondents) })}</span>
    </p>
  )
}
