import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import type { readLastRun } from './data.ts'
import { NOT_HELD } from './rules.ts'

/** Shows the result of the last comparison of the data with the log; the lines are those that the command prints. */
export async function LastRun({ run }: { readonly run: Awaited<ReturnType<typeof readLastRun>> }) {
  if (run === null) return null
  const t = await getTranslations('audit.data')
  const bad = run.faults > 0
  return (
    <section className="stack" data-audit-data={run.faults}>
      <h2>{t('title')}</h2>
      <p>
        {t('last')} <Time at={run.endedAt} form="moment" />.{' '}
        {bad ? null : t(run.whole ? 'good_whole' : 'good_since')}
      </p>
      {bad ? (
        <Notice tone="bad" title={t('bad', { count: run.faults })}>
          <p>{t('then')}</p>
          <Lines lines={run.lines} />
          {run.faults > run.lines.length ? (
            <p>{t('more', { count: run.faults - run.lines.length })}</p>
          ) : null}
        </Notice>
      ) : null}
      <Details summary={t('what')}>
        <Lines lines={run.held.map(({ name, count }) => `${count} ${name}`)} />
        {run.notes.length > 0 ? <Lines lines={run.notes} /> : null}
        <p>{t('not_held')}</p>
        <ul>
          {(Object.keys(NOT_HELD) as (keyof typeof NOT_HELD)[]).map((name) => (
            <li key={name}>{t(`without.${name}`)}</li>
          ))}
        </ul>
      </Details>
    </section>
  )
}

const Lines = ({ lines }: { readonly lines: readonly string[] }) => (
  <ul className="list-none" lang="en">
    {lines.map((line) => (
      <li key={line}>
        <code className="wrap-anywhere text-sm">{line}</code>
      </li>
    ))}
  </ul>
)
