'use client'
import { useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'
import { FigureList } from '#components/ui/figure-list.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { formatImei } from '#lib/imei/imei.ts'

type Answer = 'reported' | 'invalid' | 'not_reported'

interface ListResultProps {
  readonly words: Readonly<
    Record<
      | 'title'
      | Answer
      | 'duplicates'
      | 'table'
      | 'line'
      | 'imei'
      | 'answer'
      | 'note'
      | 'download'
      | 'print'
      | 'another',
      string
    >
  >
  readonly fileForm: string
}

/** Problems first. */
const ANSWERS: readonly Answer[] = ['reported', 'invalid', 'not_reported']
const TONES: Readonly<Record<Answer, Tone>> = { reported: 'bad', invalid: 'wait', not_reported: 'plain' }

/** Renders the results of a list above its form, and takes the focus when they appear. */
export function ListResult({ words, fileForm }: ListResultProps) {
  const { result, rows = [] } = useContext(FormContext)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (result !== undefined) box.current?.focus()
  }, [result])
  if (result === undefined) return null
  const lines = rows as readonly Readonly<Record<'written' | 'imei' | 'result' | 'again' | 'note', string>>[]
  const again = lines.filter((line) => line.again !== '').length
  return (
    <section className="stack" aria-labelledby="list-result" tabIndex={-1} ref={box}>
      <h2 id="list-result">{words.title}</h2>
      <p className="text-soft">{result.at}</p>
      <FigureList
        items={[
          ...ANSWERS.map((key) => {
            const value = lines.filter((line) => line.result === key).length
            return {
              key,
              value,
              label: words[key],
              ...(key === 'reported' && value > 0 && { tone: 'bad' as const }),
            }
          }),
          ...(again > 0 ? [{ key: 'again', value: again, label: words.duplicates }] : []),
        ]}
      />
      <p className="print-hidden text-soft">{result.remaining}</p>
      <div className="actions print-hidden">
        <input type="hidden" name="answers" value={result.sealed} form={fileForm} />
        <button type="submit" className="button" data-look="quiet" form={fileForm}>
          {words.download}
        </button>
        <PrintButton>{words.print}</PrintButton>
        <a href="#imeis">{words.another}</a>
      </div>
      <Table
        caption={words.table}
        columns={[
          { head: words.line, cell: (_, at) => <span className="num">{at + 1}</span> },
          {
            head: words.imei,
            cell: (line) => (
              <span className="num font-tabular break-all">
                {line.imei === '' ? line.written : formatImei(line.imei)}
              </span>
            ),
          },
          {
            head: words.answer,
            cell: (line) => (
              <Tag tone={TONES[line.result as Answer]} {...(line.result === 'invalid' && { icon: 'edit' })}>
                {words[line.result as Answer]}
              </Tag>
            ),
          },
          { head: words.note, cell: (line) => line.note || null },
        ]}
        rows={lines}
        keyOf={(_, at) => String(at)}
        marks={(line) => ({
          'data-imei-result': line.result,
          ...(line.imei !== '' && { 'data-imei': line.imei }),
        })}
      />
    </section>
  )
}
