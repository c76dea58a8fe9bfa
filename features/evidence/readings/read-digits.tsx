import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import { type ComparedImei, compareImeis } from './comparison-rules.ts'
import { ReadingNote } from './reading-note.tsx'
import type { ComparedReading, ReadImei } from './rules.ts'

/**
 * Renders the numbers read in one file beside the claim, digit by digit, each with a button that shows its place in the picture.
 */
export async function ReadDigits({
  reading,
  claimed,
}: {
  readonly reading: ComparedReading | undefined
  readonly claimed: readonly { readonly imei: string; readonly key14: string }[]
}) {
  if (reading === undefined || reading.found.length === 0) return <ReadingNote reading={reading} />
  const t = await getTranslations('evidence')
  const rows = compareImeis(claimed, reading.found)
  return (
    <div data-reading={reading.says}>
      <table className="match">
        <caption className="sr-only">{t('viewer.read')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{t('viewer.number')}</span>
            </th>
            <th scope="col">{t('viewer.claimed')}</th>
            <th scope="col">{t('viewer.read')}</th>
            <th scope="col">
              <span className="sr-only">{t('viewer.compared')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.claimed} ${row.read?.imei}`} data-compared={comparedAs(row)}>
              <th scope="row">
                {row.slot === null ? t('viewer.frameFound') : t('viewer.frame', { slot: row.slot })}
              </th>
              <td>
                {row.claimed === null ? (
                  <span className="text-soft">{t('viewer.noClaim')}</span>
                ) : (
                  <Digits number={row.claimed} differing={row.differing} />
                )}
              </td>
              <td>
                {row.read === null ? null : (
                  <>
                    <Digits number={row.read.imei} differing={row.differing} />
                    <Where
                      read={row.read}
                      pages={reading.pages ?? 1}
                      frame={reading.found.indexOf(row.read)}
                    />
                  </>
                )}
              </td>
              <td>
                <Verdict row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const comparedAs = ({ claimed, read, differing }: ComparedImei) =>
  claimed === null ? 'unclaimed' : read === null ? 'unseen' : differing.length === 0 ? 'same' : 'differs'

function Digits({ number, differing }: { readonly number: string; readonly differing: readonly number[] }) {
  const groups = [0, 2, 8, 14].map((from, at, starts) => ({
    from,
    digits: [...number.slice(from, starts[at + 1])],
  }))
  return (
    <span className="num" data-value={number}>
      {groups.map(({ from, digits }) => (
        <span key={from} className="digits">
          {digits.map((digit, at) =>
            differing.includes(from + at) ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the place of a digit is what it is
              <mark key={at}>{digit}</mark>
            ) : (
              digit
            ),
          )}
        </span>
      ))}
    </span>
  )
}

async function Where({
  read,
  pages,
  frame,
}: {
  readonly read: ReadImei
  readonly pages: number
  readonly frame: number
}) {
  const t = await getTranslations('evidence')
  return (
    <span className="match-where">
      <span className="match-method">
        {t(`reading.${read.method}`)}
        {pages > 1 ? `, ${t('reading.page', { page: read.page })}` : null}
      </span>
      {read.box === null ? null : (
        <button type="button" className="match-goto needs-script" data-frame={frame}>
          {t('viewer.goto')}
          <span className="sr-only">: {read.imei}</span>
        </button>
      )}
    </span>
  )
}

async function Verdict({ row }: { readonly row: ComparedImei }) {
  const t = await getTranslations('evidence.viewer')
  const { differing } = row
  switch (comparedAs(row)) {
    case 'same':
      return <Tag tone="ok">{t('same')}</Tag>
    case 'differs':
      return (
        <>
          <Tag tone="bad">{t('digits', { count: differing.length })}</Tag>
          <span className="sr-only">
            {t('differingPlaces', { places: differing.map((at) => at + 1).join(', ') })}
          </span>
        </>
      )
    case 'unseen':
      return <Tag tone="plain">{t('unseen')}</Tag>
    case 'unclaimed':
      return <Tag tone="wait">{t('unclaimed')}</Tag>
  }
}
